/** Small documents for tests, and where a word of them stands. */

import { type LoadedDocument, parseDocuments } from "../../../src/blueprint/load.ts";
import { ProblemList } from "../../../src/blueprint/problem-list.ts";
import type { ResolveRequest } from "../../../src/blueprint/resolve-request.ts";
import { decodeSource, SourceText } from "../../../src/blueprint/source-text.ts";
import { type Validation, validateDocuments } from "../../../src/blueprint/validate.ts";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import type { Position, Problem } from "../../../src/errors.ts";
import { catalog } from "../../../stacks/catalog.ts";

export interface Parts {
  readonly metadata?: string;
  readonly parameters?: string;
  readonly sites?: string;
  readonly components?: string;
  readonly recovery?: string;
}

/** A blueprint from lines; each part is what stands below its key. */
export function blueprint(parts: Parts = {}): string {
  const section = (key: string, body: string | undefined) =>
    body === undefined ? [] : [`${key}:`, ...body.split("\n").map((line) => `  ${line}`)];
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    `metadata: ${parts.metadata ?? "{ name: sample, version: 1.0.0 }"}`,
    ...section("parameters", parts.parameters),
    ...section(
      "sites",
      parts.sites ?? "virginia: { cloud: aws, region: us-east-1, role: primary, runner: inside }",
    ),
    ...section("components", parts.components ?? "vpc: { type: vpc }"),
    ...section("recovery", parts.recovery),
    "",
  ].join("\n");
}

export function environment(
  parts: { readonly head?: string; readonly tags?: string; readonly parameters?: string } = {},
): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Environment",
    parts.head ?? "metadata: { name: shop }\nblueprint: sample@^1\nclass: dev",
    `tags: ${parts.tags ?? "{ Owner: team-a, CostCenter: CC-1, Project: shop, DataClass: internal }"}`,
    ...(parts.parameters === undefined ? [] : [`parameters: ${parts.parameters}`]),
    "",
  ].join("\n");
}

export const twoSites =
  "virginia: { cloud: aws, region: us-east-1, role: primary }\nohio: { cloud: aws, region: us-east-2, role: standby }";

/** Documents of one text, with all that is wrong with them. */
export function validate(...texts: readonly string[]): Validation {
  return validateText("sample.yaml", texts.join("---\n"));
}

export function validateText(file: string, text: string, types: Catalog = catalog): Validation {
  const problems = new ProblemList();
  const documents = parseDocuments(new SourceText(file, text), problems);
  return validateDocuments({ documents, catalog: types, problems });
}

export function validateBytes(bytes: Uint8Array): readonly Problem[] {
  const read = decodeSource(bytes, "sample.yaml");
  return read.ok ? validateText("sample.yaml", read.source.text).problems : [read.problem];
}

/** Sound documents of a text. */
export function load(...texts: readonly string[]): readonly LoadedDocument[] {
  const problems = new ProblemList();
  const documents = parseDocuments(new SourceText("sample.yaml", texts.join("---\n")), problems);
  problems.assertNone("the test's document");
  return documents;
}

export function requestFor(blueprintText: string, environmentText: string = environment()): ResolveRequest {
  const documents = load(blueprintText, environmentText);
  const found = documents.find((each) => each.kind === "Blueprint");
  const wanted = documents.find((each) => each.kind === "Environment");
  if (found === undefined || wanted === undefined)
    throw new Error("a blueprint and an environment are needed");
  return { blueprint: found, environment: wanted, catalog, addressPools: [], takenBlocks: [] };
}

/** Line and column of the nth occurrence (from 0) of a word. */
export function placeOf(text: string, word: string, occurrence = 0): Position {
  let at = -1;
  for (let count = 0; count <= occurrence; count++) {
    at = text.indexOf(word, at + 1);
    if (at === -1) throw new Error(`"${word}" does not stand in the text`);
  }
  const before = text.slice(0, at).split("\n");
  return { file: "sample.yaml", line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The only problem, or a failure that shows all of them. */
export function only(problems: readonly Problem[]): Problem {
  const [first, ...others] = problems;
  if (first === undefined || others.length > 0) throw new Error(JSON.stringify(problems, undefined, 1));
  return first;
}
