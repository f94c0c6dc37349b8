/** What a change of inputs means for an object that exists: which properties change, and which of them replace it. */
import { isUnknown, type Properties, type Value } from "../../values/value.ts";
import type { Immutable, Model, Subject } from "../model.ts";
import { isAutoNamed } from "./check.ts";

export interface Difference {
  /** Pulumi's property path: `tags.Owner`, `ingress[0].cidrBlocks`, `tags["a:b"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface Differences {
  readonly all: readonly Difference[];
  readonly replaces: boolean;
  /** The new object would meet the old one's name, so the old one has to go first. */
  readonly deleteBeforeReplace: boolean;
}

type Steps = readonly (string | number)[];

interface Change {
  readonly steps: Steps;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export function diffInputs(
  model: Model,
  before: Properties,
  after: Properties,
  about: Pick<Subject, "urn" | "resourceName" | "place">,
  settings: Properties = {},
): Differences {
  // Settings that are not texts arrive as JSON.
  const isOn = (setting: string | undefined) => setting !== undefined && String(settings[setting]) === "true";
  const immutable = (model.immutable ?? []).filter((rule) => !isOn(rule.unless));
  const changes: Change[] = [];
  compare(before, after, [], model.unordered ?? [], changes);
  const all = changes.map((change) => ({
    path: formatPath(change.steps),
    kind:
      change.before === undefined
        ? ("add" as const)
        : change.after === undefined
          ? ("delete" as const)
          : ("update" as const),
    replaces: immutable.some((rule) => replaces(rule, change, before, after)),
  }));
  const replaced = all.some((each) => each.replaces);
  return { all, replaces: replaced, deleteBeforeReplace: replaced && namesMeet(model, before, after, about) };
}

function compare(
  before: Value | undefined,
  after: Value | undefined,
  steps: Steps,
  unordered: readonly string[],
  changes: Change[],
): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const opaque = before === undefined || after === undefined || isUnknown(before) || isUnknown(after);
  if (!opaque && Array.isArray(before) && Array.isArray(after)) {
    if (unordered.includes(steps.join("."))) {
      if (sameMembers(before, after)) return;
    } else {
      const length = Math.max(before.length, after.length);
      for (let index = 0; index < length; index += 1) {
        compare(before[index], after[index], [...steps, index], unordered, changes);
      }
      return;
    }
  } else if (!opaque && isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], [...steps, key], unordered, changes);
    }
    return;
  }
  changes.push({ steps, before, after });
}

function isMap(value: Value): value is Properties {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function sameMembers(before: readonly Value[], after: readonly Value[]): boolean {
  const sort = (values: readonly Value[]) =>
    JSON.stringify(values.map((value) => JSON.stringify(value)).sort());
  return before.length === after.length && sort(before) === sort(after);
}

function replaces(rule: Immutable, change: Change, before: Properties, after: Properties): boolean {
  const wanted = rule.input.split(".");
  const meets = change.steps.every(
    (step, index) => wanted[index] === undefined || fitsStep(step, wanted[index]),
  );
  if (!meets) return false;
  if (change.steps.length < wanted.length) {
    // Something around the immutable value changed as a whole: it counts if that value is among what changed.
    const rest = wanted.slice(change.steps.length);
    return holds(change.before, rest) || holds(change.after, rest) || isUnknown(change.after);
  }
  if (rule.when === undefined) return true;
  const [top = ""] = wanted;
  // Something unknown further inside leaves to the rule what it looks at.
  if (wanted.length === 1 && !isUnknown(after[top])) return rule.when(before[top], after[top]);
  return isUnknown(change.after) || rule.when(change.before, change.after);
}

function fitsStep(step: string | number, wanted: string): boolean {
  return wanted === "*" || String(step) === wanted;
}

function holds(value: Value | undefined, [part, ...rest]: readonly string[]): boolean {
  if (part === undefined) return value !== undefined;
  if (value === undefined || value === null || typeof value !== "object") return false;
  if (part === "*") return Object.values(value).some((each) => holds(each as Value, rest));
  return holds((value as Properties)[part], rest);
}

/** Two objects cannot have one name at once, unless the provider makes a fresh one up. */
function namesMeet(
  model: Model,
  before: Properties,
  after: Properties,
  about: Pick<Subject, "urn" | "resourceName" | "place">,
): boolean {
  if (model.autoName !== undefined && isAutoNamed(model.autoName, after, about.resourceName)) return false;
  const keyed = (inputs: Properties): Subject => ({
    ...about,
    type: model.type,
    inputs,
    id: "",
    createdAt: "",
    draw: () => "",
  });
  return (model.unique ?? []).some((unique) => {
    const old = unique.key(keyed(before));
    return old !== undefined && old === unique.key(keyed(after));
  });
}

function formatPath(steps: Steps): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === "number") return `${path}[${step}]`;
    if (/^[\w-]+$/.test(step)) return path === "" ? step : `${path}.${step}`;
    return `${path}["${step.replaceAll('"', '\\"')}"]`;
  }, "");
}
