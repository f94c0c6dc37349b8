/**
 * One call to a simulated cloud, from start to effect: finds the model, asks its rules in the cloud's order, and writes
 * the outcome. Runs inside one transaction; knows neither Pulumi's protocol nor how the database is opened.
 */
import { type Properties, unknown, type Value } from "../values/value.ts";
import { drawText } from "./draw.ts";
import {
  assertHost,
  type CallContext,
  deleteRefusal,
  firstRefusal,
  resolveReferences,
  uniqueAlias,
} from "./judge.ts";
import {
  type Model,
  type Place,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
  typeName,
} from "./model.ts";
import { modelOf, placeOf } from "./models.ts";
import { toCloudError } from "./refusal.ts";
import { endpointType, type NewObject, type Reference, type Store } from "./store.ts";

export interface ResourceCall {
  readonly urn: string;
  readonly type: string;
  /** Where the provider works; the object itself may live elsewhere, see {@link placeOf}. */
  readonly place: Place;
  readonly inputs: Properties;
  /** Turns what is about to be stored into what may be stored: digests in place of secrets. */
  readonly seal: (value: Properties) => Properties;
}

export interface CallResult {
  readonly id: string;
  readonly outputs: Properties;
  /** How long it would take at the real cloud, virtual seconds. */
  readonly seconds: number;
}

export function createObject(call: ResourceCall, context: CallContext): CallResult {
  const { store } = context;
  const model = modelOf(call.type);
  const place = placeOf(model, call.place, call.inputs);
  const subject = newSubject(call, model, place, store, context.now);
  const refuse = (refusal: Refusal) => toCloudError(refusal, { verb: "create", model, place, urn: call.urn });
  assertHost(model, place, context, refuse);
  const refusal = firstRefusal(model, subject, context);
  if (refusal !== undefined) throw refuse(refusal);
  const references = resolveReferences(model, subject, context);
  const outputs = makeOutputs(model, subject, store);
  const taken = store.byId(place, call.type, subject.id);
  if (taken !== undefined) {
    if (!context.lenient) throw refuse(alreadyThere(model, subject));
    forget(taken, context);
  }
  const object: NewObject = {
    place,
    type: call.type,
    id: subject.id,
    name: displayName(model, subject),
    urn: call.urn,
    life: store.incarnation(place, call.urn),
    createdAt: context.now,
    inputs: call.seal(call.inputs),
    outputs: call.seal(outputs),
  };
  const key = store.insert(object, aliasesOf(model, subject, outputs), references);
  store.countIncarnation(place, call.urn);
  for (const side of model.sides?.(subject, outputs) ?? []) {
    store.insertSide(side, object, key, sideAliases(side.outputs, side.id, side.name));
  }
  const served = model.serves?.(outputs);
  if (served !== undefined) store.addEverywhere(key, endpointType, served);
  const seconds = model.seconds.create;
  passTime(context, key, references, seconds);
  return { id: subject.id, outputs, seconds };
}

export function updateObject(call: ResourceCall & { readonly id: string }, context: CallContext): CallResult {
  const { store } = context;
  const model = modelOf(call.type);
  const place = placeOf(model, call.place, call.inputs);
  const refuse = (refusal: Refusal) => toCloudError(refusal, { verb: "update", model, place, urn: call.urn });
  const old = store.byId(place, call.type, call.id);
  if (old === undefined) throw refuse(gone(model, call.id));
  assertHost(model, place, context, refuse);
  const subject = newSubject(call, model, place, store, old.createdAt, old);
  const refusal = firstRefusal(model, subject, context);
  if (refusal !== undefined) throw refuse(refusal);
  const references = resolveReferences(model, subject, context);
  const outputs = makeOutputs(model, subject, store);
  const change = {
    name: displayName(model, subject),
    inputs: call.seal(call.inputs),
    outputs: call.seal(outputs),
  };
  store.change(old, change, { aliases: aliasesOf(model, subject, outputs), references });
  const seconds = model.seconds.update ?? 1;
  passTime(context, old.key, references, seconds);
  return { id: old.id, outputs, seconds };
}

/** The object as it is; undefined when it is gone. */
export function readObject(
  call: Pick<ResourceCall, "urn" | "type" | "place" | "inputs"> & { readonly id: string },
  context: CallContext,
): StoredObject | undefined {
  const model = modelOf(call.type);
  const place = placeOf(model, call.place, call.inputs);
  assertHost(model, place, context, (refusal) =>
    toCloudError(refusal, { verb: "read", model, place, urn: call.urn }),
  );
  return context.store.byId(place, call.type, call.id) ?? context.store.findAlias(call.type, call.id, place);
}

/** Deleting what is not there is done already. */
export function deleteObject(
  call: {
    readonly urn: string;
    readonly type: string;
    readonly place: Place;
    readonly id: string;
    readonly state: Properties;
  },
  context: CallContext,
): { readonly seconds: number } {
  const model = modelOf(call.type);
  const place = placeOf(model, call.place, call.state);
  const refuse = (refusal: Refusal) => toCloudError(refusal, { verb: "delete", model, place, urn: call.urn });
  assertHost(model, place, context, refuse);
  const object = context.store.byId(place, call.type, call.id);
  if (object === undefined) return { seconds: 0 };
  const refusal = deleteRefusal(object, context.store);
  if (refusal !== undefined) throw refuse(refusal);
  const seconds = model.seconds.delete ?? 1;
  removeObject(object, seconds, context);
  return { seconds };
}

/** Takes the object out of the cloud, with what came with it, what cannot be without it and what lives in it. */
export function removeObject(object: StoredObject, seconds: number, context: CallContext): void {
  const { store, operation } = context;
  if (operation !== undefined) {
    // What this one refers to can go when this one is gone.
    const ends = store.readyAt(operation, [object.key]) + seconds;
    for (const key of [object.key, ...store.targets(object.key)]) store.keepBusy(operation, key, ends);
  }
  forget(object, context);
}

/** The outputs that are known before the object exists: inputs and defaults; the rest is unknown. */
export function plannedOutputs(
  type: string,
  inputs: Properties,
  place: Place,
  outputs: Iterable<string>,
): Properties {
  const model = modelOf(type);
  const planned: Record<string, Value> = { ...model.defaults?.(inputs, place), ...inputs };
  for (const name of outputs) planned[name] ??= unknown;
  for (const path of model.computedInside ?? []) setUnknown(planned, path.split("."));
  return planned;
}

/** Name that the provider makes up for a resource that is about to be made. */
export function autoNameOf(
  call: { readonly urn: string; readonly type: string; readonly place: Place; readonly inputs: Properties },
  store: Store,
): string {
  const model = modelOf(call.type);
  const place = placeOf(model, call.place, call.inputs);
  const seed = [place.account, place.region, call.urn, String(store.incarnation(place, call.urn)), "name"];
  const suffix = `-${drawText(seed, 7)}`;
  const prefix = model.autoName?.prefix ?? "";
  const room = (model.autoName?.maxLength ?? 63) - suffix.length - prefix.length;
  return `${prefix}${resourceName(call.urn).slice(0, room)}${suffix}`;
}

export function resourceName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** An update sees what the create drew: the same texts, the same id, also under another URN. */
function newSubject(
  call: ResourceCall,
  model: Model,
  place: Place,
  store: Store,
  createdAt: string,
  old?: StoredObject,
): Subject {
  const { urn, life } = old ?? { urn: call.urn, life: store.incarnation(place, call.urn) };
  const seed = [place.account, place.region, urn, String(life)];
  const partial = {
    type: call.type,
    urn: call.urn,
    resourceName: resourceName(call.urn),
    place,
    inputs: call.inputs,
    createdAt,
    draw: (use: string, length: number, alphabet?: string) => drawText([...seed, use], length, alphabet),
  };
  return old === undefined ? { ...partial, id: model.id(partial, store) } : { ...partial, id: old.id, old };
}

function makeOutputs(model: Model, subject: Subject, store: Store): Properties {
  return {
    ...model.defaults?.(subject.inputs, subject.place),
    ...subject.inputs,
    ...model.outputs?.(subject, store),
  };
}

function displayName(model: Model, subject: Subject): string {
  return model.displayName?.(subject) ?? textAt(subject.inputs, "name") ?? subject.id;
}

function aliasesOf(model: Model, subject: Subject, outputs: Properties): readonly string[] {
  const own = model.aliases?.(outputs) ?? [];
  const unique = (model.unique ?? []).flatMap((each) => {
    const value = each.key(subject);
    return value === undefined ? [] : [uniqueAlias(value)];
  });
  return [...sideAliases(outputs, subject.id, displayName(model, subject)), ...own, ...unique];
}

function sideAliases(outputs: Properties, id: string, name: string): readonly string[] {
  const known = ["arn", "name", "selfLink"].map((key) => textAt(outputs, key));
  return [...new Set([id, name, ...known.filter((value) => value !== undefined)])];
}

function passTime(
  context: CallContext,
  key: number,
  references: readonly Reference[],
  seconds: number,
): void {
  if (context.operation === undefined) return;
  const waitsFor = [key, ...references.map((reference) => reference.target)];
  const start = context.store.readyAt(context.operation, waitsFor);
  context.store.keepBusy(context.operation, key, start + seconds);
}

function forget(object: StoredObject, context: CallContext): void {
  const { store } = context;
  for (const each of store.sources(object.key, "cascade")) forget(each, context);
  for (const each of store.owned(object.key)) forget(each, context);
  const served = modelOf(object.type).serves?.(object.outputs);
  if (served !== undefined) {
    for (const each of store.search({ cloud: "kubernetes", account: served })) store.remove(each.key);
  }
  store.remove(object.key);
}

function alreadyThere(model: Model, subject: Subject): Refusal {
  return { code: "alreadyExists", message: `${typeName(model.type)} ${subject.id} already exists` };
}

function gone(model: Model, id: string): Refusal {
  return {
    code: `${typeName(model.type)}.NotFound`,
    message: `${typeName(model.type)} ${id} does not exist`,
  };
}

function setUnknown(value: Record<string, Value>, path: readonly string[]): void {
  const [part = "", ...rest] = path;
  if (rest.length === 0) {
    value[part] ??= unknown;
    return;
  }
  const inner = value[part];
  if (inner === null || inner === undefined || typeof inner !== "object" || Array.isArray(inner)) return;
  const copy = { ...(inner as Record<string, Value>) };
  setUnknown(copy, rest);
  value[part] = copy;
}
