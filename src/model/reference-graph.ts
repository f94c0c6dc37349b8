/** Components of an environment or a blueprint and what they refer to, as pictures show them. */
import type { Cloud, Domain, EnvironmentClass, Role } from "./words.ts";

export interface SiteSummary {
  readonly name: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly role: Role;
}

/** What stands where, and what refers to what. */
export interface ReferenceGraph {
  readonly of: "environment" | "blueprint";
  readonly name: string;
  readonly class: EnvironmentClass;
  readonly blueprint: { readonly name: string; readonly version: string };
  readonly sites: readonly SiteSummary[];
  /** In rank order. */
  readonly stacks: readonly {
    readonly name: string;
    readonly site: string;
    readonly domain: Domain;
    readonly dependsOn: readonly string[];
  }[];
  readonly components: readonly {
    /** `component@site` */
    readonly address: string;
    readonly name: string;
    readonly type: string;
    readonly site: string;
    readonly stack: string;
    /** The environment it is borrowed from. */
    readonly borrowedFrom?: string;
  }[];
  readonly references: readonly GraphReference[];
}

export interface GraphReference {
  /** `component@site` that refers. */
  readonly from: string;
  /** Its field. */
  readonly field: string;
  /** `component@site` it refers to. */
  readonly to: string;
}
