/**
 * What an implementation of a component is given and must give back. Every implementation is a function from a
 * {@link BuildContext} to outputs; the framework in `program.ts` makes the component resource around it.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ComponentContract } from "../src/catalog/component.ts";
import type { ReferenceOutputs } from "../src/catalog/reference.ts";
import type { SiteSpec, StackSpec } from "../src/model/spec.ts";
import type { NameRules } from "../src/values/names.ts";

/** The outputs of a component as a program sees them. */
export type Outputs<O> = { readonly [K in keyof O]: pulumi.Output<O[K]> };

/** A referred component: its name and site beside its outputs. */
export interface Referred<O> {
  /** The name it was born with, as {@link BuildContext.name}. */
  readonly component: string;
  readonly site: SiteSpec;
  readonly outputs: Outputs<O>;
}

/** What stands behind each reference field: one component, perhaps one, or a list. */
export type ReferredBy<Shape> = {
  readonly [K in keyof ReferenceOutputs<Shape>]: ReferenceOutputs<Shape>[K] extends {
    outputs: infer O;
    shape: infer S;
  }
    ? S extends "one"
      ? Referred<O>
      : S extends "maybe"
        ? Referred<O> | undefined
        : readonly Referred<O>[]
    : never;
};

/** What an implementation is given to build one component with. */
export interface BuildContext<F extends z.ZodObject> {
  /**
   * The name the component was born with; the name of every child starts with it. A rename in the blueprint does not
   * change it, so what is named or described by it is neither replaced nor touched.
   */
  readonly name: string;
  /**
   * All fields with their defaults; reference fields hold the addresses they lead to. A secret field holds a secret
   * output: pass it on as an input, never into text.
   */
  readonly fields: z.output<F>;
  readonly references: ReferredBy<F["shape"]>;
  readonly environment: StackSpec["environment"];
  readonly site: SiteSpec;
  /** Parent (the component) for every child. Providers are inherited from it. */
  readonly child: { readonly parent: pulumi.Resource };
  /** `<environment>-<component>[-suffix]-<hash of incarnation and site>` within the rules of what it names. */
  physicalName(suffix: string, rules: NameRules): string;
}

type BuiltValue<T> = pulumi.Input<T> | (T extends (infer Element)[] ? pulumi.Input<Element>[] : never);

/** What an implementation gives back: every output of its contract. */
type Built<O extends z.ZodObject> = { readonly [K in keyof z.infer<O>]: BuiltValue<z.infer<O>[K]> };

/** Builds one component in Pulumi code and gives back every output of its contract. */
export type Implementation<F extends z.ZodObject, O extends z.ZodObject> = (
  context: BuildContext<F>,
) => Built<O>;

/** Ties an implementation to its contract's types. */
export function implement<F extends z.ZodObject, O extends z.ZodObject>(
  _contract: ComponentContract<F, O>,
  build: Implementation<F, O>,
): Implementation<F, O> {
  return build;
}
