/**
 * Makes blueprints/<name>/render.json: what each blueprint comes to in the classes that differ most, so that no
 * refactoring renames or replaces anything unseen. `node tools/render-blueprints.ts` writes, `--check` fails when one
 * is stale. A blueprint that this release cannot build has no render.json.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TerraneError } from "../src/errors.ts";
import type { StackGraph } from "../src/model/spec.ts";
import type { EnvironmentClass } from "../src/model/words.ts";
import { renderSample, resolveSample } from "./sample-environment.ts";

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
  const file = `blueprints/${blueprint}/blueprint.yaml`;
  return resolveSample(readFileSync(join(root, file), "utf8"), file, environmentClass);
}

/**
 * The text of a blueprint's render.json.
 * @throws TerraneError `not-in-this-release` for one that cannot be built yet
 */
export async function renderBlueprint(blueprint: string): Promise<string> {
  const environments: Record<string, unknown> = {};
  for (const environmentClass of classes) {
    const stacks = await renderSample(sampleGraph(blueprint, environmentClass));
    environments[environmentClass] = stacks.map(({ name, resources }) => ({ name, resources }));
  }
  const generated = `by \`${command}\`: do not edit`;
  return `${JSON.stringify({ generated, environments }, undefined, 2)}\n`;
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
