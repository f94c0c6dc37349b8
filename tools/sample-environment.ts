/** A blueprint as an environment of a class would use it, with sample values for what it asks for. Generators use it. */
import { makeStackGraph } from "../src/blueprint/graph.ts";
import { type Loaded, parseDocuments } from "../src/blueprint/load.ts";
import { ProblemList } from "../src/blueprint/problem-list.ts";
import { resolveEnvironment } from "../src/blueprint/resolve.ts";
import { decodeSource } from "../src/blueprint/source-text.ts";
import type { DocumentKind, Parameter } from "../src/model/documents.ts";
import type { StackGraph } from "../src/model/spec.ts";
import { apiVersion, type EnvironmentClass } from "../src/model/words.ts";
import { type RenderedStack, renderEnvironment } from "../src/render/render.ts";
import { openMemoryClouds } from "../src/simulator/clouds.ts";
import { makeMocks } from "../src/simulator/mocks.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";

/**
 * The stack graph of environment `example-<class>`.
 * @param text the blueprint's document
 * @throws TerraneError `document-invalid`
 */
export function resolveSample(text: string, file: string, environmentClass: EnvironmentClass): StackGraph {
  const problems = new ProblemList();
  const blueprint = parse(text, file, "Blueprint", problems);
  const { metadata, parameters } = blueprint.document;
  const environment = {
    apiVersion,
    kind: "Environment",
    metadata: { name: `example-${environmentClass}` },
    blueprint: `${metadata.name}@^${metadata.version}`,
    class: environmentClass,
    tags: { Owner: "team-platform", CostCenter: "CC-1000", Project: "example", DataClass: "internal" },
    parameters: Object.fromEntries(
      Object.entries(parameters)
        .filter(([, { default: given }]) => given === undefined)
        .map(([name, parameter]) => [name, sampleOf(name, parameter)]),
    ),
  };
  const spec = resolveEnvironment({
    blueprint,
    environment: parse(JSON.stringify(environment), "sample environment", "Environment", problems),
    catalog,
    addressPools: [],
    takenBlocks: [],
  });
  problems.assertNone(`blueprint "${metadata.name}"`);
  return makeStackGraph(spec);
}

/** @throws TerraneError `not-in-this-release` for a component that cannot be built yet */
export async function renderSample(graph: StackGraph): Promise<readonly RenderedStack[]> {
  await using clouds = await openMemoryClouds();
  return await renderEnvironment(graph, {
    mocks: (stack) => makeMocks(clouds, { stack }),
    makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
  });
}

function parse<K extends DocumentKind>(
  text: string,
  file: string,
  kind: K,
  problems: ProblemList,
): Loaded<K> {
  const read = decodeSource(Buffer.from(text), file);
  if (!read.ok) throw new Error(read.problem.message);
  const found = parseDocuments(read.source, problems).find((document) => document.kind === kind);
  problems.assertNone(file);
  if (found === undefined) throw new Error(`there is no ${kind} in ${file}`);
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
