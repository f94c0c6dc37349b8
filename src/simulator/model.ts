/**
 * The words in which a cloud's resource types are described: defaults, computed outputs, immutable inputs, references,
 * rules, quotas, times. A model is pure: it sees a call and a view of the cloud and answers values or a refusal. It
 * knows neither storage nor Pulumi's protocol.
 */
import type { Properties, Value } from "../values/value.ts";

/** Where an object lives. Global services have the region `global`; Kubernetes has the server's URL as account. */
export interface Place {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
}

/** A cloud's own words for why it will not do something. */
export interface Refusal {
  /** The cloud's error code: `InvalidVpcID.NotFound`, `notFound`. */
  readonly code: string;
  readonly message: string;
}

export interface StoredObject extends Place {
  readonly key: number;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** As what it was made, whatever it is called since. */
  readonly urn: string;
  /** How many were made under that URN before. */
  readonly life: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a model may see of the clouds, at one moment. */
export interface CloudView {
  /** An object of one of the types by id, name, ARN or any other alias. */
  find(types: string | readonly string[], value: string, place: Place): StoredObject | undefined;
  /** All objects of a type in a place, oldest first. */
  list(type: string, place: Place): readonly StoredObject[];
  /** Objects that refer to this one, oldest first. */
  referrers(target: StoredObject, type?: string): readonly StoredObject[];
}

/** What a create or update is about. */
export interface Subject {
  readonly type: string;
  readonly urn: string;
  /** Pulumi's name of the resource: the last part of its URN. */
  readonly resourceName: string;
  readonly place: Place;
  readonly inputs: Properties;
  /** Id of the object; for a create, the one it is about to get. */
  readonly id: string;
  /** ISO 8601, when the object was made. */
  readonly createdAt: string;
  /** The object as it is, for an update. */
  readonly old?: StoredObject;
  /** Text that repeats for the same object and use: lowercase letters and digits of the alphabet, default hex. */
  draw(use: string, length: number, alphabet?: string): string;
}

/** What becomes of an object when the one it refers to is deleted. */
export type OnDelete = "block" | "cascade" | "ignore";

export interface ReferenceRule {
  /** Path of the input that holds the reference; `*` stands for every item of a list. */
  readonly input: string;
  /** Types it may lead to. */
  readonly to: string | readonly string[];
  /** What the cloud says when it leads nowhere; absent: it may lead outside of what is simulated. */
  readonly missing?: (value: string, subject: Subject) => Refusal;
  /** Default `block`: the target cannot be deleted while this object stands. */
  readonly onDelete?: OnDelete;
  /** References that no input holds: derives them from the call instead of reading `input`. */
  readonly values?: (subject: Subject, view: CloudView) => readonly string[];
  readonly source: string;
}

export interface Immutable {
  /** Path of the input; `*` stands for every item of a list. A change of anything below it replaces. */
  readonly input: string;
  readonly source: string;
  /** Whether this change, from one value to the other, replaces. Default: every change does. */
  readonly when?: (before: Value | undefined, after: Value | undefined) => boolean;
  /** Name of a setting of the provider under which it changes in place. */
  readonly unless?: string;
}

/** A name that no two objects of the type may share. */
export interface Unique {
  /** Undefined: nothing to compare. */
  readonly key: (subject: Subject) => string | undefined;
  readonly refusal: (subject: Subject) => Refusal;
  readonly source: string;
}

export interface Rule {
  /** When it is asked. Default: create and update. */
  readonly on?: readonly ("create" | "update")[];
  readonly check: (subject: Subject, view: CloudView) => Refusal | undefined;
  readonly source: string;
}

export interface DeleteRule {
  readonly check: (object: StoredObject, view: CloudView) => Refusal | undefined;
  readonly source: string;
}

export interface Quota {
  readonly limit: number;
  /** Input that refers to what the objects are counted for, such as a subnet's network; the region when absent. */
  readonly per?: string;
  readonly refusal: (limit: number) => Refusal;
  readonly source: string;
}

/** Name that the provider makes up where the program gives none: `<resource name>-<7 hex digits>`. */
export interface AutoName {
  readonly input: string;
  readonly maxLength: number;
  /** Stands in front of every name that is made up. */
  readonly prefix?: string;
}

/** An object that comes with another: a VPC's default security group, a cluster's security group. */
export interface Side {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Typical provisioning times, virtual seconds. */
export interface Seconds {
  readonly create: number;
  readonly update?: number;
  readonly delete?: number;
}

/** Something wrong with the inputs that the provider sees without asking the cloud. */
export interface InputFailure {
  readonly input: string;
  readonly reason: string;
}

export interface ModelDefinition {
  /** Pulumi type token. */
  readonly type: string;
  /** Service as its API names it: `EC2`, `compute`. */
  readonly service: string;
  /** Names of the API's calls; defaults are `Create`, `Modify` and `Delete` with the type's name. */
  readonly calls?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  /** The cloud's documentation that the model as a whole was written from. */
  readonly source: string;
  /** True where the cloud keeps it per account and not per region. */
  readonly global?: boolean;
  /** True where deleting or replacing it loses data that nobody can make again. */
  readonly stateful?: boolean;
  readonly autoName?: AutoName;
  readonly id: (subject: Omit<Subject, "id">, view: CloudView) => string;
  /** Name that people know it by; default the `name` input, else the id. */
  readonly displayName?: (subject: Subject) => string;
  /** Values that the cloud fills in where the program gives none; known before anything is made. */
  readonly defaults?: (inputs: Properties, place: Place) => Properties;
  /** Values that only the cloud can give. Overlay the inputs. */
  readonly outputs?: (subject: Subject, view: CloudView) => Properties;
  /** Paths inside inputs that the cloud fills in: unknown before the object exists. */
  readonly computedInside?: readonly string[];
  /** Outputs that an update may change, whatever it is about: unknown until it is made. */
  readonly renewed?: readonly string[];
  /** Other texts by which references may name it. Id, `arn`, `name` and `selfLink` always count. */
  readonly aliases?: (outputs: Properties) => readonly string[];
  readonly immutable?: readonly Immutable[];
  /** List inputs whose order means nothing. */
  readonly unordered?: readonly string[];
  readonly references?: readonly ReferenceRule[];
  readonly unique?: readonly Unique[];
  readonly checkInputs?: (inputs: Properties) => readonly InputFailure[];
  readonly rules?: readonly Rule[];
  readonly quota?: Quota;
  /** What the cloud says when it cannot be deleted because of `blockers`. */
  readonly inUse?: (object: StoredObject, blockers: readonly StoredObject[]) => Refusal;
  readonly deleteRules?: readonly DeleteRule[];
  readonly sides?: (subject: Subject, outputs: Properties) => readonly Side[];
  /** The server URL of the Kubernetes API it offers, so that objects can live in it. */
  readonly serves?: (outputs: Properties) => string | undefined;
  readonly seconds: Seconds;
}

export interface Model extends ModelDefinition {
  /** False for the generic model: nobody knows what a change replaces. */
  readonly modelled: boolean;
}

export function defineModel(definition: ModelDefinition): Model {
  return Object.freeze({ ...definition, modelled: true });
}

/** The last part of a type token: `Vpc`. */
export function typeName(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** The text at a key, if it is a non-empty text. */
export function textAt(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The list at a key; an empty one where there is none. */
export function listAt(properties: Properties, key: string): readonly Value[] {
  const value = properties[key];
  return Array.isArray(value) ? value : [];
}

/** The mapping at a key; an empty one where there is none. */
export function mapAt(properties: Properties, key: string): Properties {
  return asMap(properties[key]);
}

export function asMap(value: Value | undefined): Properties {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Properties) : {};
}

/** Texts of a list, other items left out. */
export function textsAt(properties: Properties, key: string): readonly string[] {
  return listAt(properties, key).filter((item) => typeof item === "string");
}

/** All values at a path such as `vpcConfig.subnetIds.*`. */
export function valuesAt(value: Value | undefined, path: string): readonly Value[] {
  let parts = splitPaths.get(path);
  if (parts === undefined) {
    parts = path.split(".");
    splitPaths.set(path, parts);
  }
  const found: Value[] = [];
  collect(value, parts, 0, found);
  return found;
}

/** Paths come from models, so there are few. */
const splitPaths = new Map<string, readonly string[]>();

function collect(value: Value | undefined, parts: readonly string[], depth: number, found: Value[]): void {
  if (value === undefined || value === null) return;
  const part = parts[depth];
  if (part === undefined) found.push(value);
  else if (part !== "*") collect(asMap(value)[part], parts, depth + 1, found);
  else if (Array.isArray(value)) for (const each of value) collect(each as Value, parts, depth + 1, found);
}
