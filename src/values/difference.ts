/**
 * What differs between two values, as a person would tell it: by key, by element of a list wherever it stands, and
 * inside of JSON texts. Knows nothing of properties or resources.
 */
import { diffArrays } from "diff";
import { isSecret, isUnknown, type Properties, secret, type Value } from "./value.ts";

export interface Difference {
  /** From the value down: `Statement[Sid=Read].Action`, `[2]`; empty where the value itself differs. */
  readonly path: string;
  /** `reorder`: the same elements in another order. */
  readonly kind: "add" | "delete" | "update" | "reorder";
  readonly before?: Value;
  readonly after?: Value;
}

/** Keys that tell elements of a list apart in the clouds' own documents, the most telling first. */
const identities = ["Sid", "sid", "name", "Name", "key", "Key", "id", "Id", "type"] as const;

/** More edits than this in one list are told as all gone and all new. */
const mostEdits = 500;

/** Empty where nothing differs but how a JSON text is written. */
export function differences(before: Value, after: Value): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, "", found);
  return found;
}

/** What a text that is a JSON list or mapping says; undefined for every other value. */
export function readJson(value: Value | undefined): Value | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

export function sameValue(before: Value | undefined, after: Value | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonical(before) === canonical(after);
}

/** Both values with everything hidden that is secret in either: a value that was secret is not told by becoming open. */
export function hideTogether<T extends Value | undefined>(one: T, other: T): readonly [T, T] {
  return [hideBeside(one, other), hideBeside(other, one)];
}

function hideBeside<T extends Value | undefined>(value: T, beside: Value | undefined): T {
  if (value === undefined || isSecret(value)) return value;
  if (beside !== undefined && isSecret(beside)) return secret as unknown as T;
  if (isList(value) && isList(beside)) {
    // Which element became which is not known: one secret among them hides them all.
    const hidden = [...value, ...beside].some(isSecret);
    return value.map((each, index) => (hidden ? secret : hideBeside(each, beside[index]))) as unknown as T;
  }
  if (!isMap(value) || !isMap(beside)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, hideBeside(each, beside[key])] as const);
  return Object.fromEntries(entries) as unknown as T;
}

function compare(before: Value, after: Value, path: string, found: Difference[]): void {
  if (sameValue(before, after)) return;
  if (isList(before) && isList(after)) return compareLists(before, after, path, found);
  if (isMap(before) && isMap(after)) return compareMaps(before, after, path, found);
  const [old, next] = [readJson(before), readJson(after)];
  if (old !== undefined && next !== undefined) return compare(old, next, path, found);
  found.push({ path, kind: "update", before, after });
}

function compareMaps(before: Properties, after: Properties, path: string, found: Difference[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key];
    const next = after[key];
    const at = join(path, key);
    if (old === undefined && next !== undefined) found.push({ path: at, kind: "add", after: next });
    else if (old !== undefined && next === undefined) found.push({ path: at, kind: "delete", before: old });
    else if (old !== undefined && next !== undefined) compare(old, next, at, found);
  }
}

interface Element {
  readonly value: Value;
  readonly index: number;
}

function compareLists(
  before: readonly Value[],
  after: readonly Value[],
  path: string,
  found: Difference[],
): void {
  const { gone, come } = unmatched(before, after);
  if (gone.length === come.length && sameMembers(gone, come)) {
    found.push({ path, kind: "reorder", before, after });
    return;
  }
  for (const old of gone) {
    const match = counterpart(old, gone, come);
    if (match === undefined) {
      found.push({ path: `${path}[${old.index}]`, kind: "delete", before: old.value });
      continue;
    }
    come.splice(come.indexOf(match.element), 1);
    compare(old.value, match.element.value, `${path}[${match.label}]`, found);
  }
  for (const { value, index } of come) found.push({ path: `${path}[${index}]`, kind: "add", after: value });
}

/** What is in one list only, by the longest common run of elements. */
function unmatched(
  before: readonly Value[],
  after: readonly Value[],
): { readonly gone: readonly Element[]; readonly come: Element[] } {
  const runs = diffArrays(before.map(canonical), after.map(canonical), { maxEditLength: mostEdits });
  const all = (values: readonly Value[]) => values.map((value, index) => ({ value, index }));
  if (runs === undefined) return { gone: all(before), come: all(after) };
  const gone: Element[] = [];
  const come: Element[] = [];
  let old = 0;
  let next = 0;
  for (const run of runs) {
    const length = run.value.length;
    if (run.removed) gone.push(...all(before).slice(old, old + length));
    if (run.added) come.push(...all(after).slice(next, next + length));
    if (!run.added) old += length;
    if (!run.removed) next += length;
  }
  return { gone, come };
}

function sameMembers(gone: readonly Element[], come: readonly Element[]): boolean {
  const sorted = (elements: readonly Element[]) => elements.map(({ value }) => canonical(value)).sort();
  return sorted(gone).join("\n") === sorted(come).join("\n");
}

/** What an element has become: the one of the same identity, or the only mapping that is left on either side. */
function counterpart(
  old: Element,
  gone: readonly Element[],
  come: readonly Element[],
): { readonly element: Element; readonly label: string } | undefined {
  if (!isMap(old.value)) return undefined;
  for (const key of identities) {
    const own = old.value[key];
    if (typeof own !== "string") continue;
    const bearers = (elements: readonly Element[]) =>
      elements.filter(({ value }) => isMap(value) && value[key] === own);
    const [element, ...others] = bearers(come);
    if (element === undefined) break;
    if (others.length === 0 && bearers(gone).length === 1) return { element, label: `${key}=${own}` };
  }
  const [element] = come;
  if (gone.length !== 1 || come.length !== 1 || element === undefined) return undefined;
  return isMap(element.value) ? { element, label: String(element.index) } : undefined;
}

function join(path: string, key: string): string {
  if (!/^[^.[\]"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

// A marker has keys of its own, but it is one value.
function isMap(value: Value | undefined): value is Properties {
  return (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    !isUnknown(value as Value) &&
    !isSecret(value as Value)
  );
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function canonical(value: Value): string {
  return JSON.stringify(value, (_key, each: Value) => {
    if (each === null || typeof each !== "object" || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
