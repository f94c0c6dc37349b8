/**
 * A component's contract: its fields, references, defaults by class and role, outputs, and one implementation per
 * platform. Loading a contract loads neither Pulumi nor a cloud's SDK: implementations are imported when a program
 * is built.
 */
import type { z } from "zod";
import { type ErrorCode, TerraneError } from "../errors.ts";
import { componentWords } from "../model/documents.ts";
import { readOnce } from "../model/read-once.ts";
import type { AddressPurpose, Cloud, Domain, EnvironmentClass, Platform, Role } from "../model/words.ts";
import type { Properties } from "../values/value.ts";
import type { ComponentAbout } from "./about.ts";
import {
  type Capability,
  type ReferenceInfo,
  type ReferenceOutputs,
  type ReferenceTarget,
  referenceInfo,
} from "./reference.ts";

/** The cloud cannot do this: validation refuses it and the reference says why. */
export interface Unsupported {
  readonly support: "unsupported";
  readonly why: string;
}

/** A later release does it: documents are valid, `render`, `plan` and `up` refuse. */
export interface Upcoming {
  readonly support: "upcoming";
  readonly why: string;
}

export interface Supported {
  readonly support: "supported";
  /** Imports the module whose `implementation` export builds the component; typed where the programs are built. */
  readonly load: () => Promise<{ readonly implementation: unknown }>;
}

/** What a contract says of one platform. */
export type Support = Supported | Upcoming | Unsupported;

/** The cloud cannot do this; `why` is shown to whoever asks for it. */
export function unsupported(why: string): Unsupported {
  return Object.freeze({ support: "unsupported", why });
}

/** A later release does it; `why` says which. */
export function upcoming(why: string): Upcoming {
  return Object.freeze({ support: "upcoming", why });
}

/** It can be built: `load` imports the implementation when a program needs it. */
export function supported(load: Supported["load"]): Supported {
  return Object.freeze({ support: "supported", load });
}

/** Fields of a component whose defaults are put in, without its references. */
export type Resolved<F extends z.ZodObject> = Omit<z.output<F>, keyof ReferenceOutputs<F["shape"]>>;

type Overrides<F extends z.ZodObject> = { readonly [K in keyof z.input<F>]?: z.input<F>[K] };

/** One field whose value cannot be built in a place, although its schema allows it. */
export interface FieldRefusal {
  /** A field, or by dots what stands inside one: `repositoryCredentials.password`. */
  readonly field: string;
  readonly code: ErrorCode;
  /** Default: error. A warning is told and stops nothing. */
  readonly severity?: "error" | "warning";
  readonly message: string;
  readonly allowed?: string;
  readonly nearest?: string;
  /** What to do instead, one sentence. */
  readonly next?: string;
}

/** Where a component is made and for whom, as far as limits depend on it. */
export interface Place {
  readonly cloud: Cloud;
  readonly region: string;
  /** Whether terrane runs inside the site's network. */
  readonly runner: "inside" | "outside";
  readonly environmentClass: EnvironmentClass;
  /** Longest time until service is back, as a duration; absent where the blueprint says nothing of recovery. */
  readonly rto?: string;
}

/** A component that a reference field leads to, before anything is made. */
export interface ReferredFields {
  /** `component@site` */
  readonly address: string;
  readonly type: string;
  readonly fields: Properties;
}

/** What each reference field leads to, in the order written; a field is absent where that is not known. */
export interface ReferredComponents {
  readonly [field: string]: readonly ReferredFields[];
}

/** A field that holds a range of addresses, and what is cut for it where the user says none. */
export interface AddressBlock {
  readonly field: string;
  /** Length of the prefix that is cut from the pool. */
  readonly prefix: number;
  readonly purpose: AddressPurpose;
}

/** A component type: what `defineComponent` makes of its definition. Frozen. */
export interface ComponentContract<F extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject>
  extends ReferenceTarget<O> {
  readonly kind: "component";
  /** Loads what the reference says of it besides: what it makes, and why. */
  readonly about?: () => Promise<{ readonly about: ComponentAbout }>;
  /** The type as blueprints write it: `postgres`. */
  readonly name: string;
  /** Last part of the type token `terrane:component:<TypeName>`. */
  readonly typeName: string;
  readonly domain: Domain;
  readonly summary: string;
  /** Of the code that builds it, for components of a caller's own: see {@link ComponentDefinition.version}. */
  readonly version?: string;
  readonly fields: F;
  readonly outputs: O;
  /** Capabilities it has for others; its outputs include theirs. */
  readonly provides: readonly Capability[];
  /** Defaults that depend on class or role. What the blueprint says wins. */
  readonly defaults: {
    readonly byClass: { readonly [C in EnvironmentClass]?: Overrides<F> };
    readonly byRole: { readonly [R in Role]?: Overrides<F> };
  };
  /** The fields that hold address blocks, cut from the address pools where the user gives none. */
  readonly addressBlocks: readonly AddressBlock[];
  /** Reference fields that a live component keeps as they are: what they lead to, no cloud lets it leave. */
  readonly lasting: readonly string[];
  /** True where it lives in one named site and holds providers of others. */
  readonly spanning: boolean;
  /**
   * What the place refuses among resolved fields: zones its region lacks, ranges its cloud does not take, what does not
   * fit what it refers to. Reference fields themselves are not among `fields`.
   */
  check?(fields: Resolved<F>, place: Place, referred: ReferredComponents): readonly FieldRefusal[];
  /** What cannot become of a live component: shrunk storage, an older version, a skipped one. */
  checkChange?(before: Resolved<F>, after: Resolved<F>, place: Place): readonly FieldRefusal[];
  readonly implementations: { readonly [P in Platform]: Support };
}

/** What `defineComponent` is given; what is left out has the default of {@link ComponentContract}. */
export interface ComponentDefinition<F extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly domain: Domain;
  readonly summary: string;
  /**
   * Changed whenever what the implementations call in other modules changes. A plan is sealed with it and with the text of
   * the implementing function; the text of what that calls cannot be had. Default: none.
   */
  readonly version?: string;
  readonly about?: () => Promise<{ readonly about: ComponentAbout }>;
  readonly fields: F;
  readonly outputs: O;
  readonly provides?: readonly Capability[];
  readonly defaults?: Partial<ComponentContract<F, O>["defaults"]>;
  /** At most one of purpose `network`. Default: none. */
  readonly addressBlocks?: readonly AddressBlock[];
  /** Reference fields that may be added to a live component, but neither changed nor taken away. Default: none. */
  readonly lasting?: readonly string[];
  readonly spanning?: boolean;
  check?(fields: Resolved<F>, place: Place, referred: ReferredComponents): readonly FieldRefusal[];
  checkChange?(before: Resolved<F>, after: Resolved<F>, place: Place): readonly FieldRefusal[];
  readonly implementations: { readonly [P in Platform]: Support };
}

/**
 * Makes a contract.
 * @throws TerraneError `reserved-word` when a field has the name of a word of the syntax, `internal` when the outputs
 * lack one that a provided capability promises.
 */
export function defineComponent<F extends z.ZodObject, O extends z.ZodObject>(
  definition: ComponentDefinition<F, O>,
): ComponentContract<F, O> {
  for (const word of componentWords) {
    if (word in definition.fields.shape) {
      throw new TerraneError(
        "reserved-word",
        `component "${definition.name}": "${word}" is a word of the syntax and cannot be a field`,
      );
    }
  }
  for (const capability of definition.provides ?? []) {
    for (const output of Object.keys(capability.outputs.shape)) {
      if (!(output in definition.outputs.shape)) {
        throw new TerraneError(
          "internal",
          `component "${definition.name}" provides "${capability.name}" without its output "${output}"`,
        );
      }
    }
  }
  const networks = definition.addressBlocks?.filter((block) => block.purpose === "network") ?? [];
  if (networks.length > 1) {
    throw new TerraneError("internal", `component "${definition.name}" has two blocks of purpose network`);
  }
  return Object.freeze({
    kind: "component",
    ...definition,
    typeName: toTypeName(definition.name),
    provides: definition.provides ?? [],
    defaults: { byClass: definition.defaults?.byClass ?? {}, byRole: definition.defaults?.byRole ?? {} },
    lasting: definition.lasting ?? [],
    spanning: definition.spanning ?? false,
    addressBlocks: definition.addressBlocks ?? [],
  });
}

/** Reference fields of a contract by name. */
export function referenceFields(contract: ComponentContract): ReadonlyMap<string, ReferenceInfo> {
  const found = new Map<string, ReferenceInfo>();
  for (const [name, schema] of Object.entries(contract.fields.shape)) {
    const info = referenceInfo(schema);
    if (info !== undefined) found.set(name, info);
  }
  return found;
}

/**
 * The fields that are no references, held against the contract one by one, defaults put in. Undefined where one does
 * not keep to it: an earlier release wrote it, or it is a secret that is not at hand.
 */
export function parseOwnFields(
  contract: ComponentContract,
  values: Properties,
): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  const references = referenceFields(contract);
  for (const [name, schema] of Object.entries(contract.fields.shape)) {
    if (references.has(name)) continue;
    const parsed = (schema as z.ZodType).safeParse(values[name], readOnce);
    if (!parsed.success) return undefined;
    if (parsed.data !== undefined) fields[name] = parsed.data;
  }
  return fields;
}

/** Whether a reference with this target may lead to the contract. */
export function accepts(target: ReferenceTarget | undefined, contract: ComponentContract): boolean {
  if (target === undefined) return true;
  if (target.kind === "component") return target.name === contract.name;
  return contract.provides.some((capability) => capability.name === target.name);
}

// "dns-failover" → "DnsFailover"
function toTypeName(name: string): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** Which implementation serves a site: what lives inside Kubernetes is the same on every cloud. */
export function platformFor(contract: ComponentContract, cloud: Cloud): Platform {
  return contract.implementations.kubernetes.support === "supported" ? "kubernetes" : cloud;
}
