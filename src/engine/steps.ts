/** One step of the engine as a step of a plan, with what changes and what forces a replacement. Pure. */
import type { PropertyChange, Step, StepAction } from "../model/plan.ts";
import { toProperties } from "../model/wire-properties.ts";
import type { Properties, Value } from "../values/value.ts";
import type { StepMetadata } from "./event-schema.ts";
import { valueAt } from "./property-path.ts";

export function toStep(metadata: StepMetadata, action: StepAction): Step {
  return Object.freeze({
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    action,
    changes: toChanges(metadata, action),
    replacementUnknown: false,
  });
}

/** The last part of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function toChanges(metadata: StepMetadata, action: StepAction): PropertyChange[] {
  const before = toProperties(metadata.old?.inputs ?? {});
  const after = toProperties(metadata.new?.inputs ?? {});
  switch (action) {
    case "create":
    case "import":
      return Object.entries(after).map(([path, value]) => ({
        path,
        kind: "add",
        replaces: false,
        after: value,
      }));
    case "update":
    case "replace":
      return metadata.detailedDiff === undefined || metadata.detailedDiff === null
        ? fromKeys(metadata, before, after)
        : fromDetails(metadata, before, after);
    default:
      return [];
  }
}

function fromDetails(metadata: StepMetadata, before: Properties, after: Properties): PropertyChange[] {
  const outputsBefore = toProperties(metadata.old?.outputs ?? {});
  return Object.entries(metadata.detailedDiff ?? {})
    .map(([path, { diffKind, inputDiff }]): PropertyChange => {
      const [kind = "update", replaces] = diffKind.split("-");
      // A difference against what the cloud holds, not against what was asked for, is only seen in the outputs.
      const old = (inputDiff ? undefined : valueAt(outputsBefore, path)) ?? valueAt(before, path);
      return change(path, kind as PropertyChange["kind"], replaces === "replace", old, valueAt(after, path));
    })
    .sort(byPath);
}

// A provider without details names only top-level properties.
function fromKeys(metadata: StepMetadata, before: Properties, after: Properties): PropertyChange[] {
  const forcing = new Set(metadata.keys ?? []);
  return [...new Set([...(metadata.diffs ?? []), ...forcing])]
    .map((path) => {
      const old = before[path];
      const next = after[path];
      const kind = old === undefined ? "add" : next === undefined ? "delete" : "update";
      return change(path, kind, forcing.has(path), old, next);
    })
    .sort(byPath);
}

function change(
  path: string,
  kind: PropertyChange["kind"],
  replaces: boolean,
  before: Value | undefined,
  after: Value | undefined,
): PropertyChange {
  return {
    path,
    kind,
    replaces,
    ...(before === undefined || kind === "add" ? {} : { before }),
    ...(after === undefined || kind === "delete" ? {} : { after }),
  };
}

function byPath(a: PropertyChange, b: PropertyChange): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
