/**
 * What a cloud says before it does anything: names, limits, references, rules, in the order in which clouds ask. Reads
 * the store and writes nothing.
 */
import {
  type Model,
  type Place,
  type ReferenceRule,
  type Refusal,
  type StoredObject,
  type Subject,
  typeName,
  valuesAt,
} from "./model.ts";
import { modelOf } from "./models.ts";
import { endpointType, everywhere, type Reference, type Store } from "./store.ts";

export interface CallContext {
  readonly store: Store;
  /** ISO 8601. */
  readonly now: string;
  /** Limits other than the models' own, by type; Infinity lifts one. */
  readonly quotas: Readonly<Record<string, number>>;
  /** What the virtual clock counts together; undefined: no clock runs. */
  readonly operation: string | undefined;
  /**
   * True for a single program out of its world, as in a render or a unit test of one component: references may lead
   * nowhere, names may be taken, quotas do not count, and no rule of the cloud is asked.
   */
  readonly lenient: boolean;
}

/** Objects of Kubernetes need the API server that they live behind. */
export function assertHost(
  model: Model,
  place: Place,
  context: CallContext,
  refuse: (refusal: Refusal) => Error,
): void {
  if (place.cloud !== "kubernetes" || context.lenient) return;
  if (context.store.findAlias(endpointType, place.account, everywhere) !== undefined) return;
  const host = place.account.replace(/^https?:\/\//, "");
  throw refuse({
    code: "Unreachable",
    message: `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "${place.account}/openapi/v2?timeout=32s": dial tcp ${host}: connect: connection refused (${typeName(model.type)})`,
  });
}

/** Asks in the order in which clouds do: the inputs, names, limits, then the world around. */
export function firstRefusal(model: Model, subject: Subject, context: CallContext): Refusal | undefined {
  const verb = subject.old === undefined ? "create" : "update";
  if (!context.lenient && verb === "create") {
    for (const unique of model.unique ?? []) {
      const value = unique.key(subject);
      if (value === undefined) continue;
      const other = context.store.findAlias(model.type, uniqueAlias(value), subject.place);
      if (other !== undefined) return unique.refusal(subject);
    }
    const exceeded = quotaRefusal(model, subject, context);
    if (exceeded !== undefined) return exceeded;
  }
  // In a single program out of its world the rules have nothing to look at.
  if (context.lenient) return undefined;
  for (const reference of model.references ?? []) {
    const { missing } = reference;
    if (missing === undefined) continue;
    for (const value of referenceValues(reference.input, reference.values, subject, context)) {
      if (isElsewhere(value, subject.place)) continue;
      if (context.store.find(reference.to, value, subject.place) === undefined)
        return missing(value, subject);
    }
  }
  for (const rule of model.rules ?? []) {
    if (rule.on !== undefined && !rule.on.includes(verb)) continue;
    const refusal = rule.check(subject, context.store);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function quotaRefusal(model: Model, subject: Subject, context: CallContext): Refusal | undefined {
  const { quota } = model;
  if (quota === undefined) return undefined;
  const limit = context.quotas[model.type] ?? quota.limit;
  const { per } = quota;
  if (per === undefined)
    return context.store.count(model.type, subject.place) >= limit ? quota.refusal(limit) : undefined;
  const references = (model.references ?? []).filter((each) => each.input === per);
  const full = targetsOf(references, subject, context).some(
    ({ target, input }) => context.store.countReferrers(model.type, target, input) >= limit,
  );
  return full ? quota.refusal(limit) : undefined;
}

/** What the object refers to, as far as it is there. */
export function resolveReferences(
  model: Model,
  subject: Subject,
  context: CallContext,
): readonly Reference[] {
  return targetsOf(model.references ?? [], subject, context);
}

function targetsOf(
  references: readonly ReferenceRule[],
  subject: Subject,
  context: CallContext,
): readonly Reference[] {
  return references.flatMap((reference) =>
    referenceValues(reference.input, reference.values, subject, context).flatMap(
      (value): readonly Reference[] => {
        const target = context.store.find(reference.to, value, subject.place);
        if (target === undefined) return [];
        return [{ target: target.key, input: reference.input, onDelete: reference.onDelete ?? "block" }];
      },
    ),
  );
}

function referenceValues(
  input: string,
  derive: ((subject: Subject, view: Store) => readonly string[]) | undefined,
  subject: Subject,
  context: CallContext,
): readonly string[] {
  if (derive !== undefined) return derive(subject, context.store);
  return valuesAt(subject.inputs, input).filter(
    (value) => typeof value === "string" && value !== "",
  ) as string[];
}

/** Another account's objects cannot be seen from here. */
function isElsewhere(value: string, place: Place): boolean {
  if (!value.startsWith("arn:")) return false;
  const account = value.split(":")[4] ?? "";
  return account !== "" && account !== place.account;
}

/** Why the cloud would not delete the object now. */
export function deleteRefusal(object: StoredObject, store: Store): Refusal | undefined {
  const model = modelOf(object.type);
  for (const rule of model.deleteRules ?? []) {
    const refusal = rule.check(object, store);
    if (refusal !== undefined) return refusal;
  }
  const owned = store.owned(object.key);
  const gone = new Set([object.key, ...owned.map((each) => each.key)]);
  const blockers = [object, ...owned]
    .flatMap((each) => store.sources(each.key, "block"))
    .filter((blocker) => !gone.has(blocker.key));
  if (blockers.length === 0) return undefined;
  if (model.inUse !== undefined) return model.inUse(object, blockers);
  const names = blockers.map((blocker) => blocker.id).join(", ");
  return {
    code: "DependencyViolation",
    message: `${object.id} has dependencies and cannot be deleted: ${names}`,
  };
}

/** Alias under which a name that may not be shared is found. */
export function uniqueAlias(value: string): string {
  return `unique:${value}`;
}
