/**
 * What a shell may offer in place of a half-typed word. Answers while a key is pressed: it reads file names, the first
 * bytes of documents and a few rows, loads no schema, no catalog and no engine, and knows no error.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SkimmedProject, skimProject } from "../blueprint/skim.ts";
import { errorTable } from "../errors.ts";
import {
  appliedComponents,
  appliedStacks,
  type Named,
  pastEnvironments,
  recentOperations,
  recordedEnvironments,
  recordedOutputNames,
} from "../ledger/names.ts";

/** What a word on the command line can name. */
export const completionKinds = [
  "environment",
  "past-environment",
  "component",
  "stack",
  "operation",
  "output",
  "graph",
  "blueprint",
  "topic",
  "detail",
] as const;
export type CompletionKind = (typeof completionKinds)[number];

export interface CompletionRequest {
  readonly kind: CompletionKind;
  /** Where the user stands. Absolute. */
  readonly dir: string;
  /** Positional words of the command before the one that is typed: the environment comes first. */
  readonly before: readonly string[];
}

/** Only words that no shell reads as anything else. */
const harmless = /^[A-Za-z0-9][\w.@:-]*$/;
const stacks = fileURLToPath(new URL("../../stacks/", import.meta.url));
const shippedBlueprints = fileURLToPath(new URL("../../blueprints/", import.meta.url));

/** In the order in which they are best offered; each once. */
export async function complete(request: CompletionRequest): Promise<readonly Named[]> {
  const found = await find(request).catch(() => []);
  const byName = new Map(found.filter((each) => harmless.test(each.name)).map((each) => [each.name, each]));
  return [...byName.values()];
}

async function find({ kind, dir, before }: CompletionRequest): Promise<readonly Named[]> {
  const project = skimProject(dir);
  const ledger = project?.ledger ?? "";
  const [first] = before;
  switch (kind) {
    case "environment":
      return await environments(project);
    case "past-environment":
      return [...(await pastEnvironments(ledger)), ...(await environments(project))];
    case "component":
      return await appliedComponents(ledger, first);
    case "stack":
      return await appliedStacks(ledger, first);
    case "operation":
      return await recentOperations(ledger, first);
    case "output":
      return await recordedOutputNames(ledger, first);
    case "graph":
      return [...(await environments(project)), ...documents(project, "Blueprint")];
    case "blueprint":
      return foldersOf(shippedBlueprints).map((name) => ({ name, about: "shipped" }));
    case "topic":
      return [...documentKinds, ...componentTypes(), errorTopic, ...(await environments(project))];
    case "detail":
      return first === errorTopic.name ? errorCodes() : await appliedComponents(ledger, first);
  }
}

const errorTopic: Named = { name: "error", about: "an error code" };
const documentKinds: readonly Named[] = ["Blueprint", "Environment", "AddressPool", "Project"].map(
  (name) => ({
    name,
    about: "document",
  }),
);

/** What stands in a document, and what is on record although its document is gone; the record knows more. */
async function environments(project: SkimmedProject | undefined): Promise<readonly Named[]> {
  if (project === undefined) return [];
  const all = [...documents(project, "Environment"), ...(await recordedEnvironments(project.ledger ?? ""))];
  return all.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

function documents(project: SkimmedProject | undefined, kind: string): readonly Named[] {
  return (project?.documents ?? [])
    .filter((each) => each.kind === kind)
    .map((each) => ({ name: each.name, about: each.class ?? kind.toLowerCase() }));
}

/** A component type is a folder with a contract: the catalog itself would load every schema. */
function componentTypes(): readonly Named[] {
  return foldersOf(stacks).flatMap((domain) =>
    foldersOf(join(stacks, domain))
      .filter((name) => readdirSync(join(stacks, domain, name)).some((file) => file.startsWith("contract.")))
      .map((name) => ({ name, about: `component, ${domain}` })),
  );
}

function errorCodes(): readonly Named[] {
  return Object.entries(errorTable).map(([name, { meaning }]) => ({ name, about: meaning }));
}

function foldersOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
