/** The plain Pulumi CLI against the states of a project, for tests. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../src/engine/find.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { type ServedState, serveState } from "../../src/platform/serve-state.ts";
import { testHome } from "./engine.ts";
import { stateOf } from "./stack-world.ts";

export interface PlainResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlainPulumi extends AsyncDisposable {
  readonly served: ServedState;
  /** Folder with a Pulumi.yaml of project `terrane`, where commands run. */
  readonly folder: string;
  /** Runs a command to its end, whatever that is. */
  run(...args: readonly string[]): Promise<PlainResult>;
  /** What it prints. @throws Error where it fails */
  pulumi(...args: readonly string[]): Promise<string>;
}

/** The state of a stack of terrane's project as `stack export` has it: a root, a provider, and things that depend on the one before. */
export function toyState(name: string, ...things: readonly string[]) {
  const { deployment } = stateOf(name, 0);
  const urn = (type: string, each: string) => `urn:pulumi:${name}::terrane::${type}::${each}`;
  const provider = urn("pulumi:providers:toy", "default");
  return {
    version: 3,
    deployment: {
      ...deployment,
      resources: [
        ...(deployment.resources ?? []),
        { urn: provider, custom: true, id: "p1", type: "pulumi:providers:toy" },
        ...things.map((thing, index) => ({
          ...{ urn: urn("toy:index:Thing", thing), custom: true, id: thing, type: "toy:index:Thing" },
          parent: urn("pulumi:pulumi:Stack", `terrane-${name}`),
          ...{ inputs: { name: thing, text: "x" }, outputs: { name: thing, text: "x" } },
          provider: `${provider}::p1`,
          ...(index === 0 ? {} : { dependencies: [urn("toy:index:Thing", things[index - 1] ?? "")] }),
        })),
      ],
    },
  };
}

export async function servePlainPulumi(
  context: PlatformContext,
  environment: Readonly<Record<string, string>> = {},
): Promise<PlainPulumi> {
  const engine = await findEngine({ home: testHome, path: process.env["PATH"] });
  const served = await serveState(context, { startedBy: "test" });
  const folder = await mkdtemp(join(tmpdir(), "terrane-plain-"));
  await mkdir(join(folder, "home"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: terrane\nruntime: nodejs\n");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: served.url,
    PULUMI_ACCESS_TOKEN: served.token.reveal(),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...environment,
  };
  const run = (...args: readonly string[]) =>
    new Promise<PlainResult>((resolve) => {
      const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
      const all = [...args, "--non-interactive", "--color", "never"];
      const child = execFile(engine.command, all, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
      // Who asks is answered by nobody.
      child.stdin?.end();
    });
  return {
    served,
    folder,
    run,
    pulumi: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
