/**
 * The properties that a step changes, out of the engine's own difference: lists as a whole with the elements that came
 * and went, JSON texts by what they say, what is secret on either side hidden on both. Pure.
 */
import type { PropertyChange, StepAction } from "../model/plan.ts";
import { toProperties } from "../model/wire-properties.ts";
import { type Difference, differences, hideTogether, readJson, sameValue } from "../values/difference.ts";
import type { Properties, Value } from "../values/value.ts";
import type { StepMetadata } from "./event-schema.ts";
import { listAbove, parsePath, valueAt } from "./property-path.ts";

export interface StepChanges {
  readonly changes: PropertyChange[];
  /** Top-level inputs that stay as they are; only for steps that change others. */
  readonly unchanged?: Properties;
}

export function toChanges(metadata: StepMetadata, action: StepAction): StepChanges {
  const before = toProperties(metadata.old?.inputs ?? {});
  const after = toProperties(metadata.new?.inputs ?? {});
  switch (action) {
    case "create":
    case "import":
      return {
        changes: Object.entries(after).map(([path, value]) => ({
          path,
          kind: "add",
          replaces: false,
          after: value,
        })),
      };
    case "update":
    case "replace": {
      const changes = toSides(metadata, before, after)
        .map((sides) => toChange(sides, defaultsOf(metadata)))
        .sort(byPath);
      return { changes, unchanged: unchangedOf(before, after, changes) };
    }
    default:
      return { changes: [] };
  }
}

/**
 * What the cloud has and the state had otherwise, by top-level property: what was asked for once, where that has changed,
 * and else what the cloud says.
 */
export function toFoundChanges(metadata: StepMetadata): PropertyChange[] {
  const inputs = changedSides(metadata.old?.inputs ?? {}, metadata.new?.inputs ?? {});
  const sides =
    inputs.length > 0 ? inputs : changedSides(metadata.old?.outputs ?? {}, metadata.new?.outputs ?? {});
  return sides.map((each) => toChange(each, new Set())).sort(byPath);
}

function changedSides(
  old: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): readonly Sides[] {
  const [before, after] = [toProperties(old), toProperties(next)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => path !== "__defaults" && !sameValue(before[path], after[path]))
    .map((path) => ({ path, replaces: false, before: before[path], after: after[path] }));
}

/** One property before and after. */
interface Sides {
  readonly path: string;
  readonly replaces: boolean;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  /** What the engine says of it, where it goes beyond what the two sides tell. */
  readonly kind?: string;
}

function toSides(metadata: StepMetadata, before: Properties, after: Properties): readonly Sides[] {
  if (metadata.detailedDiff === undefined || metadata.detailedDiff === null) {
    // A provider without details names only top-level properties.
    const forcing = new Set(metadata.keys ?? []);
    return [...new Set([...(metadata.diffs ?? []), ...forcing])].map((path) => ({
      path,
      replaces: forcing.has(path),
      before: before[path],
      after: after[path],
    }));
  }
  const outputsBefore = toProperties(metadata.old?.outputs ?? {});
  const byRoot = new Map<string, Sides>();
  for (const [path, { diffKind, inputDiff }] of Object.entries(metadata.detailedDiff)) {
    const [kind = "update", replaces] = diffKind.split("-");
    const root = listAbove(path) ?? path;
    // A difference against what the cloud holds, not against what was asked for, is only seen in the outputs.
    const old = (inputDiff ? undefined : valueAt(outputsBefore, root)) ?? valueAt(before, root);
    const other = byRoot.get(root);
    byRoot.set(root, {
      path: root,
      replaces: replaces === "replace" || other?.replaces === true,
      before: valueAt(before, root) === undefined ? old : hideTogether(old, valueAt(before, root))[0],
      after: valueAt(after, root),
      ...(root === path ? { kind } : {}),
    });
  }
  return [...byRoot.values()];
}

function toChange(sides: Sides, defaults: ReadonlySet<string>): PropertyChange {
  const { path, replaces } = sides;
  const kind = kindOf(sides);
  const [before, after] = hideTogether(sides.before, sides.after);
  const isJson = readJson(before) !== undefined && readJson(after) !== undefined;
  const composite = isJson || (isComposite(before) && isComposite(after));
  const parts = kind === "update" && composite ? differences(before ?? null, after ?? null) : undefined;
  return {
    path,
    kind,
    replaces,
    ...(before === undefined || kind === "add" ? {} : { before }),
    ...(after === undefined || kind === "delete" ? {} : { after }),
    ...(parts !== undefined && isJson ? { text: "json" as const } : {}),
    ...(parts !== undefined && tells(parts, isJson) ? { parts: [...parts] } : {}),
    ...(!replaces && defaults.has(parsePath(path)[0] ?? path) ? { byDefault: true } : {}),
  };
}

// Nothing inside differs where both sides are hidden; where one is unknown, all of it does.
function tells(parts: readonly Difference[], isJson: boolean): boolean {
  if (parts.length === 0) return isJson;
  return !parts.some((part) => part.path === "" && part.kind === "update");
}

function kindOf({ kind, before, after }: Sides): PropertyChange["kind"] {
  if (kind === "add" || kind === "delete" || kind === "update") return kind;
  return before === undefined ? "add" : after === undefined ? "delete" : "update";
}

function isComposite(value: Value | undefined): boolean {
  return value !== null && typeof value === "object";
}

/** Inputs that the provider filled in by itself, and did so before, or that nobody gave before. */
function defaultsOf(metadata: StepMetadata): ReadonlySet<string> {
  const read = (inputs: Readonly<Record<string, unknown>> | undefined) => {
    const names = inputs?.["__defaults"];
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  };
  const old = new Set(read(metadata.old?.inputs));
  const given = metadata.old?.inputs ?? {};
  return new Set(read(metadata.new?.inputs).filter((name) => old.has(name) || !(name in given)));
}

function unchangedOf(before: Properties, after: Properties, changes: readonly PropertyChange[]): Properties {
  const changed = new Set(changes.map(({ path }) => parsePath(path)[0]));
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => !changed.has(key) && sameValue(before[key], value)),
  );
}

function byPath(a: PropertyChange, b: PropertyChange): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
