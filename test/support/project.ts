/** A project in a temporary folder, with its own ledger, state and simulated clouds, for tests through the real engine. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TerraneEvent } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { ApplyOptions } from "../../src/platform/api.ts";
import type { PlatformContext } from "../../src/platform/context.ts";

export interface TestProject extends ProjectFiles, AsyncDisposable {
  readonly dir: string;
  readonly context: PlatformContext;
}

/** Files of a project, by their paths below it. */
export interface ProjectFiles {
  write(file: string, text: string): Promise<void>;
  writeAll(files: Readonly<Record<string, string>>): Promise<void>;
}

export function writersIn(dir: string): ProjectFiles {
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  };
  return {
    write,
    writeAll: async (files) => {
      for (const [file, text] of Object.entries(files)) await write(file, text);
    },
  };
}

/** `files`: path below the project → text. A `terrane.yaml` is added when there is none. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const dir = await mkdtemp(join(tmpdir(), "terrane-project-"));
  const { write, writeAll } = writersIn(dir);
  const project = "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\n";
  await writeAll({ "terrane.yaml": project, ...files });
  return {
    dir,
    context: {
      dir,
      home: process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane"),
      environment: Object.fromEntries(
        ["PATH", "HOME", "NODE_COMPILE_CACHE"].map((name) => [name, process.env[name]]),
      ),
      // Fixed: version tables age, and a verdict must not change with the day the tests run.
      now: () => new Date("2026-11-21T12:00:00Z"),
    },
    write,
    writeAll,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** A network in one site: the smallest blueprint, called `platform`, that makes something in a cloud. */
export const networkBlueprint = [
  "apiVersion: terrane.dev/v1",
  "kind: Blueprint",
  'metadata: { name: platform, version: "1.0.0" }',
  "sites: { virginia: { cloud: aws, region: us-east-1 } }",
  "components: { vpc: { type: vpc, zones: 2 } }",
  "",
].join("\n");

/** An Environment document of class dev with all tags; `lines` are added to it. */
export function environmentText(
  name: string,
  blueprint: string,
  lines: readonly string[] = [],
  environmentClass = "dev",
): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Environment",
    `metadata: { name: ${name} }`,
    `blueprint: ${blueprint}@^1`,
    `class: ${environmentClass}`,
    "tags: { Owner: team-test, CostCenter: CC-1, Project: test, DataClass: internal }",
    ...lines,
    "",
  ].join("\n");
}

/** Options that say yes, and remember what happened. */
export function applying(
  overrides: Partial<ApplyOptions> = {},
): ApplyOptions & { readonly events: TerraneEvent["type"][]; readonly plans: Plan[] } {
  const events: TerraneEvent["type"][] = [];
  const plans: Plan[] = [];
  return {
    events,
    plans,
    emit: (event) => events.push(event.type),
    signal: new AbortController().signal,
    startedBy: "test",
    confirm: async (plan, dataLoss) => {
      plans.push(plan);
      return dataLoss.length === 0 ? true : dataLoss;
    },
    ...overrides,
  };
}
