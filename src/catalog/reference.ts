/**
 * Reference fields of a contract: they name other components (`vpc`, `orders@iowa`) and carry, in their type, what
 * the referred component hands out. Knows nothing of Pulumi.
 */
import { z } from "zod";

/** What a reference can lead to: a contract, or a capability that several contracts provide. */
export interface ReferenceTarget<O extends z.ZodObject = z.ZodObject> {
  readonly kind: "component" | "capability";
  readonly name: string;
  readonly outputs: O;
}

/** Something several component types can do for others, with the outputs each of them then has. */
export interface Capability<O extends z.ZodObject = z.ZodObject> extends ReferenceTarget<O> {
  readonly kind: "capability";
  readonly summary: string;
}

/** Makes a capability; contracts list it under `provides`, references lead to it. */
export function defineCapability<O extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly outputs: O;
}): Capability<O> {
  return Object.freeze({ kind: "capability", ...definition });
}

/** What is known of a reference field besides that it is text. */
export interface ReferenceInfo {
  /** Undefined: any component will do. */
  readonly target: ReferenceTarget | undefined;
  readonly many: boolean;
  readonly optional: boolean;
}

// Not zod's own registry: its metadata type rewrites schemas inside metadata, without end.
const infos = new WeakMap<object, ReferenceInfo>();
const referenceText = z.string().min(1).max(120);

/** Carries the type of the outputs behind a reference field; never holds a value. */
declare const referencedOutputs: unique symbol;
/** Exported for the emitted types, which name it. */
export interface Refers<O, Shape extends "one" | "maybe" | "many"> {
  readonly [referencedOutputs]?: { readonly outputs: O; readonly shape: Shape };
}

/** A field that names one component. */
export function reference<O extends z.ZodObject>(target: ReferenceTarget<O>) {
  return register(referenceText, { target, many: false, optional: false }) as typeof referenceText &
    Refers<z.infer<O>, "one">;
}

/** A field that may name one component. */
export function optionalReference<O extends z.ZodObject>(target: ReferenceTarget<O>) {
  return register(referenceText.optional(), { target, many: false, optional: true }) as z.ZodOptional<
    typeof referenceText
  > &
    Refers<z.infer<O>, "maybe">;
}

/** A field that names several components; none when left out. */
export function references<O extends z.ZodObject>(target: ReferenceTarget<O>) {
  return register(z.array(referenceText).max(50).default([]), {
    target,
    many: true,
    optional: true,
  }) as z.ZodDefault<z.ZodArray<typeof referenceText>> & Refers<z.infer<O>, "many">;
}

/** A field that names several components of any type. */
export function referencesToAny() {
  return register(z.array(referenceText).max(50).default([]), {
    target: undefined,
    many: true,
    optional: true,
  }) as z.ZodDefault<z.ZodArray<typeof referenceText>> & Refers<Record<string, unknown>, "many">;
}

/** What kind of reference a field is; undefined for a plain field. */
export function referenceInfo(schema: z.core.$ZodType): ReferenceInfo | undefined {
  // `describe` and `meta` answer a clone, which knows what it was cloned from.
  for (let each: z.core.$ZodType | undefined = schema; each !== undefined; each = each._zod.parent) {
    const info = infos.get(each);
    if (info !== undefined) return info;
  }
  return undefined;
}

/** The type or capability that a reference field leads to, in words. */
export function targetName({ target }: ReferenceInfo): string {
  return target?.name ?? "component of any type";
}

/** What may stand in a reference field, in words: `the name of a vpc`. */
export function describeReference(info: ReferenceInfo): string {
  const name = targetName(info);
  if (info.many) return `a list: names of ${name}`;
  return `the name of ${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

// Registered on a clone, since zod shares instances.
function register<S extends z.ZodType>(schema: S, info: ReferenceInfo): S {
  const own = schema.clone() as S;
  infos.set(own, info);
  return own;
}

/** Field names of a contract that are references, with the outputs each leads to. */
export type ReferenceOutputs<Shape> = {
  [K in keyof Shape as Shape[K] extends { readonly [referencedOutputs]?: { readonly outputs: unknown } }
    ? K
    : never]: Shape[K] extends {
    readonly [referencedOutputs]?: { readonly outputs: infer O; readonly shape: infer S };
  }
    ? { readonly outputs: O; readonly shape: S }
    : never;
};
