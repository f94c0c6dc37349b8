/** P8: how soon the command line answers, as the package that users install and from the sources of a checkout. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BenchRow, figureRow, measure, median, ratioRow } from "./measure.ts";
import type { World } from "./world.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const runs = 15;

export async function benchStartup(world: World): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-startup-"));
  try {
    return await benchCommands(world, await makePackage(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `npm pack` would pack, beside the packages of the checkout. Answers its command. */
async function makePackage(folder: string): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, "tools", "build-package.ts")]);
  for (const part of ["bin", "dist", "package.json"]) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await rm(join(root, "dist"), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "bin", "terrane.js");
}

async function benchCommands(world: World, entry: string): Promise<BenchRow[]> {
  const commands = {
    node: ["-e", "0"],
    help: [entry, "--help"],
    version: [entry, "--version"],
    completion: [entry, "completion", "bash"],
    names: [entry, "__complete", "environment", "--", "terrane", "-C", world.context.dir],
    validate: [entry, "-C", world.context.dir, "validate"],
    sources: [join(root, "bin", "terrane.js"), "-C", world.context.dir, "validate"],
    render: [entry, "-C", world.context.dir, "render", "--json"],
  };
  const costs = new Map(
    Object.keys(commands).map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]),
  );
  // The first round fills node's compile cache and the disk's; it is not counted.
  for (let run = 0; run <= runs; run++) {
    for (const [name, args] of Object.entries(commands)) {
      if (name === "render" && run > 5) continue;
      const { wall, cpu } = await measure(() => runNode(args));
      if (run === 0) continue;
      costs.get(name)?.wall.push(wall);
      costs.get(name)?.cpu.push(cpu);
    }
  }
  const wall = (name: string) => median(costs.get(name)?.wall ?? []);
  return [
    figureRow("P8.node", "node -e 0", wall("node") * 1000, "ms"),
    ratioRow("P8.help", "terrane --help / node -e 0", wall("help") / wall("node"), 1.6),
    ratioRow("P8.version", "terrane --version / node -e 0", wall("version") / wall("node"), 1.6),
    ratioRow("P8.completion", "terrane completion bash / node -e 0", wall("completion") / wall("node"), 1.6),
    figureRow("P8.names", "names of environments, while a key is pressed", wall("names") * 1000, "ms"),
    ratioRow("P8.validate", "terrane validate / node -e 0", wall("validate") / wall("node"), 4),
    figureRow("P8.sources", "the same from sources", wall("sources") / wall("node"), "ratio"),
    {
      ...ratioRow(
        "P8.render",
        "terrane render, one cloud and Kubernetes, cold: CPU",
        median(costs.get("render")?.cpu ?? []),
        1,
      ),
      unit: "s",
    },
  ];
}

async function runNode(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}`);
}
