/**
 * The version of a blueprint that an environment is held to. A lock pins name, version, place and text; newer versions
 * wait until somebody moves it. Pure: locks are read and written elsewhere.
 */
import gt from "semver/functions/gt.js";
import satisfies from "semver/functions/satisfies.js";
import maxSatisfying from "semver/ranges/max-satisfying.js";
import type { Problem } from "../errors.ts";
import type { BlueprintOrigin, Lock } from "../model/lock.ts";
import { apiVersion, type EnvironmentClass } from "../model/words.ts";
import { sha256 } from "../values/digest.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";

type Environment = Loaded<"Environment">;
type Blueprint = Loaded<"Blueprint">;

export interface BlueprintWish {
  readonly name: string;
  /** `*` where the document says none. */
  readonly range: string;
}

/** What `blueprint` of an environment asks for: `name@range`. */
export function blueprintWish(environment: Environment): BlueprintWish {
  const text = environment.document.blueprint;
  const at = text.indexOf("@");
  return at === -1 ? { name: text, range: "*" } : { name: text.slice(0, at), range: text.slice(at + 1) };
}

/**
 * Among these blueprints those that the environment may be made from: the locked one alone, or all where there is no
 * lock. A lock that does not hold is told, and then stands in nobody's way, so that the rest can still be judged.
 */
export function lockedBlueprints(
  environment: Environment,
  lock: Loaded<"Lock"> | undefined,
  blueprints: readonly Blueprint[],
  problems: ProblemList,
): readonly Blueprint[] {
  if (lock === undefined || !lock.isWhole) return blueprints;
  const { blueprint } = lock.document;
  const wish = blueprintWish(environment);
  if (blueprint.name !== wish.name || !satisfies(blueprint.version, wish.range)) {
    const message = `${showText(environment.document.blueprint)} leaves out ${blueprint.name} ${blueprint.version}, to which the environment is locked`;
    return stale(environment, lock, blueprints, problems, message);
  }
  const found = blueprints.find(
    (each) =>
      each.name === blueprint.name &&
      each.document.metadata.version === blueprint.version &&
      isSameSource(each.origin, blueprint.source),
  );
  if (found === undefined) {
    const message = `${blueprint.name} ${blueprint.version}, to which the environment is locked, is not in ${describeOrigin(blueprint.source)}`;
    return stale(environment, lock, blueprints, problems, message);
  }
  if (digestOf(found) !== blueprint.sha256) problems.add(changed(environment, lock, found));
  return [found];
}

function stale(
  environment: Environment,
  lock: Loaded<"Lock">,
  blueprints: readonly Blueprint[],
  problems: ProblemList,
  message: string,
): readonly Blueprint[] {
  const next = `Run: terrane lock ${environment.name}`;
  const related = [{ position: lock.source.positionOf(["blueprint", "version"]), message: "locked here" }];
  problems.add({ ...problemAt(environment.source, ["blueprint"], "lock-stale", message, { next }), related });
  return blueprints;
}

/**
 * A version that is published never changes its text. In a folder of the project it may, for environments that are
 * there to try things; the next `up` then renews the lock.
 */
function changed(environment: Environment, lock: Loaded<"Lock">, blueprint: Blueprint): Problem {
  const { name, version } = lock.document.blueprint;
  const next = `Give the new text a version of its own, or take it as it is: terrane lock ${environment.name} --update`;
  return {
    ...problemAt(
      lock.source,
      ["blueprint", "sha256"],
      "blueprint-changed",
      `the text of ${name} ${version} has changed since ${environment.name} was locked to it`,
      { next },
    ),
    severity: mayChange(blueprint, environment.document.class) ? "warning" : "error",
    related: [
      { position: blueprint.source.positionOf(["metadata", "version"]), message: "the text as it is now" },
    ],
  };
}

/** Whether a blueprint's text may change under its version. */
export function mayChange(blueprint: Blueprint, environmentClass: EnvironmentClass): boolean {
  const isOwn = blueprint.origin === undefined || !("git" in blueprint.origin);
  return isOwn && (environmentClass === "dev" || environmentClass === "sandbox");
}

/** The lock that holds an environment to this blueprint; undefined where one of them stands in no file. */
export function makeLock(environment: Environment, blueprint: Blueprint): Lock | undefined {
  if (blueprint.origin === undefined || environment.origin === undefined) return undefined;
  return {
    apiVersion,
    kind: "Lock",
    metadata: { name: environment.name },
    blueprint: {
      name: blueprint.name,
      range: blueprintWish(environment).range,
      version: blueprint.document.metadata.version,
      source: blueprint.origin,
      sha256: digestOf(blueprint),
    },
  };
}

/** Whether the two hold an environment to the same text; the range that led there may differ. */
export function isSameLock(one: Lock, other: Lock): boolean {
  const [left, right] = [one.blueprint, other.blueprint];
  return (
    left.name === right.name &&
    left.version === right.version &&
    left.sha256 === right.sha256 &&
    isSameSource(left.source, right.source)
  );
}

/** The text of a lock file. Every value is quoted, so that YAML reads none of them as a number. */
export function lockText({ metadata, blueprint }: Lock): string {
  const lines = Object.entries(blueprint.source).map(
    ([key, value]) => `    ${key}: ${JSON.stringify(value)}`,
  );
  return [
    "# Written by terrane: the blueprint that this environment is made from. Keep it in version control;",
    `# \`terrane lock ${metadata.name} --update\` moves it to the highest version within the range.`,
    `apiVersion: ${apiVersion}`,
    "kind: Lock",
    `metadata: { name: ${metadata.name} }`,
    "blueprint:",
    `  name: ${blueprint.name}`,
    `  range: ${JSON.stringify(blueprint.range)}`,
    `  version: ${JSON.stringify(blueprint.version)}`,
    "  source:",
    ...lines,
    `  sha256: ${JSON.stringify(blueprint.sha256)}`,
    "",
  ].join("\n");
}

/** SHA-256 of what a blueprint says in its file, whatever ends its lines, without what stands before and behind it. */
export function digestOf({ source }: Blueprint): string {
  const text = source.text.text.slice(source.root.start, source.root.end);
  return sha256(text.replaceAll("\r\n", "\n").trimEnd());
}

/** The highest version within the range that is above the one chosen. */
export function newerVersion(
  environment: Environment,
  chosen: Blueprint,
  versions: readonly string[],
): string | undefined {
  const { range } = blueprintWish(environment);
  const newer = versions.filter((version) => gt(version, chosen.document.metadata.version));
  return maxSatisfying(newer, range) ?? undefined;
}

export function describeOrigin(origin: BlueprintOrigin): string {
  return "git" in origin ? `${origin.git} (${origin.tag}: ${origin.file})` : origin.file;
}

function isSameSource(one: BlueprintOrigin | undefined, other: BlueprintOrigin): boolean {
  if (one === undefined || one.file !== other.file) return false;
  if ("git" in one !== "git" in other) return false;
  return !("git" in one) || !("git" in other) || (one.git === other.git && one.commit === other.commit);
}
