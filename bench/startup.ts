/** P8: how soon the command line answers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type BenchRow, figureRow, measure, median, ratioRow } from "./measure.ts";
import type { World } from "./world.ts";

const entry = fileURLToPath(new URL("../bin/terrane.js", import.meta.url));
const runs = 15;

export async function benchStartup(world: World): Promise<BenchRow[]> {
  const commands = {
    node: ["-e", "0"],
    help: [entry, "--help"],
    version: [entry, "--version"],
    validate: [entry, "-C", world.context.dir, "validate"],
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
    ratioRow("P8.validate", "terrane validate / node -e 0", wall("validate") / wall("node"), 4),
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
