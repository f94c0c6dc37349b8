/**
 * What a blueprint and an environment become once everything is resolved: the environment spec, and the stack
 * graph cut from it. Frozen, JSON only, no secret values inside: this is what is hashed, stored and compared.
 */
import type { Properties, Value } from "../values/value.ts";
import type { SecretReference } from "./secret-reference.ts";
import type { Cloud, Domain, EnvironmentClass, Role } from "./words.ts";

/** Names one component in one site: what `orders@iowa` means. */
export interface ComponentAddress {
  readonly component: string;
  readonly site: string;
}

export function formatAddress(address: ComponentAddress): string {
  return `${address.component}@${address.site}`;
}

export interface SiteSpec {
  readonly name: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly role: Role;
  readonly account?: string;
  readonly assumeRole?: string;
  readonly runner: "inside" | "outside";
}

/** A component of another environment, used read-only. */
export interface Borrowed {
  readonly environment: string;
  readonly component: string;
}

/** One component in one site, every field resolved: contract defaults, class, role, parameters, addresses. */
export interface ComponentSpec {
  readonly name: string;
  readonly type: string;
  readonly domain: Domain;
  readonly site: string;
  /** The contract's own fields without the references. */
  readonly fields: Properties;
  /** What the reference fields lead to: one address, or a list for fields that may hold several. */
  readonly references: { readonly [field: string]: ComponentAddress | readonly ComponentAddress[] };
  /** Secret parameters among the fields: path of the field → where to read it when it is needed. */
  readonly secrets: { readonly [path: string]: SecretReference };
  /**
   * As what and where it was first made, for good: what a cloud knows it by is computed from this, so that neither a
   * rename nor a move replaces anything. Like its own address for what is new.
   */
  readonly born: ComponentAddress;
  readonly use?: Borrowed;
}

/** Where a component stands: in which site, and in the stack of which domain. */
export interface ComponentPlace extends ComponentAddress {
  readonly domain: Domain;
}

/** A component under another name, in another site or in another stack than before, with all that it is made of. */
export interface ComponentMove {
  readonly from: ComponentPlace;
  readonly to: ComponentPlace;
}

/** Name of the stack that holds a component. */
export function stackOf(environment: string, place: Pick<ComponentPlace, "site" | "domain">): string {
  return `${environment}.${place.site}.${place.domain}`;
}

export interface EnvironmentSpec {
  readonly name: string;
  readonly class: EnvironmentClass;
  readonly blueprint: { readonly name: string; readonly version: string };
  /** Tags of every resource: the five required ones and the user's own. */
  readonly tags: { readonly [key: string]: string };
  readonly sites: readonly SiteSpec[];
  readonly components: readonly ComponentSpec[];
  /** New after each destroy: physical names of one life never meet those of the next. */
  readonly incarnation: string;
  /** True while there is no record: addresses and name suffixes are the likely ones, not yet the final ones. */
  readonly provisional: boolean;
  readonly recovery?: { readonly pattern: string; readonly rto: string; readonly rpo: string };
}

/** What goes into one Pulumi stack: the components of one environment × site × domain. */
export interface StackSpec {
  /** `<environment>.<site>.<domain>` */
  readonly name: string;
  readonly environment: Omit<EnvironmentSpec, "components" | "sites">;
  readonly site: SiteSpec;
  readonly domain: Domain;
  /** In an order in which each can be built after what it refers to. */
  readonly components: readonly ComponentSpec[];
  /** Sites of other components that this stack's components refer to or hold providers of, by name. */
  readonly otherSites: { readonly [name: string]: SiteSpec };
  /** What components of other stacks that these refer to were born as, by address; only where that differs. */
  readonly otherBirths: { readonly [address: string]: ComponentAddress };
}

export type Phase = "converge" | "prune";

/** One stack of the graph with what its two phases apply. */
export interface StackNode {
  readonly name: string;
  readonly site: string;
  readonly domain: Domain;
  /** Names of the stacks whose outputs it needs. */
  readonly dependsOn: readonly string[];
  /** The new spec plus what the last applied spec has and the new one has not. */
  readonly converge: StackSpec;
  /** The new spec alone; absent where nothing goes away. Empty components: the whole stack goes away. */
  readonly prune?: StackSpec;
}

/** Stacks in rank order: each comes after everything it depends on. Prune runs the list backwards. */
export interface StackGraph {
  readonly environment: EnvironmentSpec;
  readonly stacks: readonly StackNode[];
}

/** Outputs of the components of a stack: component → output → value. */
export interface StackOutputs {
  readonly [component: string]: { readonly [output: string]: OutputValue };
}

/**
 * One output of a component. In a plan it may be unknown; a secret one holds its value only in memory, as
 * {@link Secret}, and is stored nowhere but in the engine's encrypted state.
 */
export type OutputValue =
  | { readonly kind: "known"; readonly value: Value }
  | { readonly kind: "secret"; readonly value: import("../values/secret.ts").Secret<Value> }
  | { readonly kind: "unknown"; readonly secret: boolean };
