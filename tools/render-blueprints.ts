/**
 * Makes blueprints/<name>/render.json: what each blueprint comes to in the classes that differ most, so that no
 * refactoring renames or replaces anything unseen. `node tools/render-blueprints.ts` writes, `--check` fails when one
 * is stale. A blueprint that this release cannot build has no render.json.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeStackGraph } from "../src/blueprint/graph.ts";
import { type Loaded, loadFile, parseDocuments } from "../src/blueprint/load.ts";
import { ProblemList } from "../src/blueprint/problem-list.ts";
import { resolveEnvironment } from "../src/blueprint/resolve.ts";
import { decodeSource } from "../src/blueprint/source-text.ts";
import { TerraneError } from "../src/errors.ts";
import type { DocumentKind, Parameter } from "../src/model/documents.ts";
import type { StackGraph } from "../src/model/spec.ts";
import { apiVersion, type EnvironmentClass } from "../src/model/words.ts";
import { renderEnvironment } from "../src/render/render.ts";
import { openMemoryClouds } from "../src/simulator/clouds.ts";
import { makeMocks } from "../src/simulator/mocks.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "blueprints");
const command = "node tools/render-blueprints.ts";

/** The strictest class and the one that developers see first. */
const classes = ["prod", "dev"] as const satisfies readonly EnvironmentClass[];

export const blueprintNames: readonly string[] = readdirSync(folder).sort();

export function renderPath(blueprint: string): string {
  return join(folder, blueprint, "render.json");
}

/** The stack graph of an environment of this blueprint, with sample values for its parameters. */
export function sampleGraph(blueprint: string, environmentClass: EnvironmentClass): StackGraph {
  const problems = new ProblemList();
  const file = join(folder, blueprint, "blueprint.yaml");
  const loaded = pick(
    loadFile(file, `blueprints/${blueprint}/blueprint.yaml`, problems).documents,
    "Blueprint",
  );
  const environment = {
    apiVersion,
    kind: "Environment",
    metadata: { name: `example-${environmentClass}` },
    blueprint: `${blueprint}@^${loaded.document.metadata.version}`,
    class: environmentClass,
    tags: { Owner: "team-platform", CostCenter: "CC-1000", Project: "example", DataClass: "internal" },
    parameters: Object.fromEntries(
      Object.entries(loaded.document.parameters)
        .filter(([, { default: given }]) => given === undefined)
        .map(([name, parameter]) => [name, sampleOf(name, parameter)]),
    ),
  };
  const read = decodeSource(Buffer.from(JSON.stringify(environment)), "sample environment");
  if (!read.ok) throw new Error(read.problem.message);
  const spec = resolveEnvironment({
    blueprint: loaded,
    environment: pick(parseDocuments(read.source, problems), "Environment"),
    catalog,
    addressPools: [],
    takenBlocks: [],
  });
  problems.assertNone(`blueprint "${blueprint}"`);
  return makeStackGraph(spec);
}

/**
 * The text of a blueprint's render.json.
 * @throws TerraneError `not-in-this-release` for one that cannot be built yet
 */
export async function renderBlueprint(blueprint: string): Promise<string> {
  const environments: Record<string, unknown> = {};
  for (const environmentClass of classes) {
    await using clouds = await openMemoryClouds();
    const stacks = await renderEnvironment(sampleGraph(blueprint, environmentClass), {
      mocks: (stack) => makeMocks(clouds, { stack }),
      makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
    });
    environments[environmentClass] = stacks.map(({ name, resources }) => ({ name, resources }));
  }
  const generated = `by \`${command}\`: do not edit`;
  return `${JSON.stringify({ generated, environments }, undefined, 2)}\n`;
}

function pick<K extends DocumentKind>(
  documents: readonly { readonly kind: DocumentKind }[],
  kind: K,
): Loaded<K> {
  const found = documents.find((document) => document.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found as Loaded<K>;
}

function sampleOf(
  name: string,
  parameter: Parameter,
): string | number | boolean | { readonly fromEnv: string } {
  if (parameter.secret) return { fromEnv: name.toUpperCase() };
  if (parameter.enum?.[0] !== undefined) return parameter.enum[0];
  if (parameter.type === "boolean") return false;
  if (parameter.type !== "string") return parameter.minimum ?? 1;
  const formats = {
    uri: `https://git.example.com/${name}`,
    cidr: "10.200.0.0/16",
    hostname: `${name}.example.com`,
    email: `${name}@example.com`,
  };
  return parameter.format === undefined ? name : formats[parameter.format];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  for (const blueprint of blueprintNames) {
    const path = renderPath(blueprint);
    const text = await renderBlueprint(blueprint).catch((error: unknown) => {
      if (error instanceof TerraneError && error.code === "not-in-this-release") return undefined;
      throw error;
    });
    const present = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (text === present)
      console.log(`${blueprint}: ${text === undefined ? "cannot be built yet" : "unchanged"}`);
    else if (values.check || text === undefined) {
      console.error(`${blueprint}: render.json is stale; run \`${command}\``);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      console.log(`${blueprint}: written`);
    }
  }
}

if (import.meta.main) await main();
