/** The answers of the use cases that only look: list, addresses, resources, history, graph and explain. */
import type { PoolUse } from "../blueprint/address-report.ts";
import type { ComponentDoc, ComponentFieldDoc } from "../blueprint/explain-schema.ts";
import type { FieldDoc } from "../blueprint/field-doc.ts";
import type { ExplainedField } from "../blueprint/resolve-fields.ts";
import type { ComponentAbout } from "../catalog/about.ts";
import type { ErrorCode } from "../errors.ts";
import type { Operation } from "../model/operation.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { ReferenceGraph, SiteSummary } from "../model/reference-graph.ts";
import type { AddressPurpose, Cloud, EnvironmentClass, Target } from "../model/words.ts";

/** One environment as the ledger, the documents, or both know it. */
export interface EnvironmentSummary {
  readonly name: string;
  /** `absent`: a document without a record; it was never brought up, or was destroyed. */
  readonly status: EnvironmentRecord["status"] | "absent";
  readonly class: EnvironmentClass;
  /** Fixed by the first `up`. */
  readonly target?: Target;
  /** Version on record; while there is none, the one the document's range selects. */
  readonly blueprint: { readonly name: string; readonly version?: string };
  readonly sites: readonly SiteSummary[];
  /** What the states hold. */
  readonly resources: number;
  /** Newest operation. */
  readonly operation?: Omit<Operation, "steps">;
  readonly updatedAt?: string;
  /** Absent where the record has outlived its document. */
  readonly document?: string;
}

export interface AddressBlockReport {
  readonly block: string;
  readonly purpose: AddressPurpose;
  readonly environment: string;
  readonly component: string;
  readonly site: string;
  /** Of the component; absent for its network. */
  readonly field?: string;
  /** Absent for a block that lies in no pool of its purpose. */
  readonly pool?: string;
  /** The range of the pool that it lies in. */
  readonly range?: string;
  readonly class?: EnvironmentClass;
  readonly target?: Target;
  readonly cloud?: Cloud;
  readonly region?: string;
  readonly addresses: number;
  /** `held`: for an `up` that is being planned, and free again if it is not begun. */
  readonly state: "in use" | "held";
}

/** Address pools and what has been given out of them. */
export interface AddressReport {
  /** The environment that was asked for. */
  readonly environment?: string;
  readonly pools: readonly PoolUse[];
  /** In the order of their addresses, those of other environments included. */
  readonly blocks: readonly AddressBlockReport[];
}

/** Which resources are wanted; absent fields fit all. */
export interface ResourceFilter {
  /** Stack, with or without the environment's name in front. */
  readonly stack?: string;
  /** Part of the type. */
  readonly type?: string;
  /** Name of a component, or `component@site`. */
  readonly component?: string;
}

/** One resource that exists, as the state of its stack has it. */
export interface ExistingResource {
  readonly urn: string;
  readonly name: string;
  /** Pulumi type token. */
  readonly type: string;
  /** Physical id; components have none. */
  readonly id?: string;
  /** URN. */
  readonly parent?: string;
  /** `component@site` it belongs to; absent for providers. */
  readonly component?: string;
  readonly protect: boolean;
}

/** What exists of one environment. */
export interface EnvironmentResources {
  readonly environment: string;
  readonly target: Target;
  readonly stacks: readonly {
    readonly name: string;
    readonly resources: readonly ExistingResource[];
    /** URNs of operations that were begun and whose end nobody recorded. */
    readonly pending: readonly string[];
  }[];
}

/** Which part of the list is wanted. */
export interface ListRequest {
  /** Only environments behind this one. Default: from the first. */
  readonly after?: string;
  /** Largest number of environments. Default: all. */
  readonly limit?: number;
}

export interface HistoryRequest {
  /** Name or file of an environment, one that is gone included. Default: all. */
  readonly environment?: string;
  /** Id of one operation, or how it begins. */
  readonly operation?: string;
  /** Largest number of operations. Default: 20. */
  readonly limit?: number;
}

export type { ComponentAbout, ComponentDoc, ComponentFieldDoc, FieldDoc, ReferenceGraph, SiteSummary };

/** One field of one component in one site. */
export interface ExplainedValue extends Omit<ExplainedField, "layer"> {
  /** Which layer decided it. */
  readonly layer: ExplainedField["layer"] | "address pool" | "not set";
  readonly note?: string;
}

export interface ExplainedError {
  readonly code: ErrorCode;
  readonly meaning: string;
  readonly exit: number;
  readonly http: number;
  readonly next: string;
}

/** What `explain` answers, by what was asked. */
export type Explanation =
  | {
      readonly what: "topics";
      readonly kinds: readonly FieldDoc[];
      readonly components: readonly {
        readonly name: string;
        readonly domain: string;
        readonly summary: string;
      }[];
    }
  | { readonly what: "field"; readonly path: string; readonly field: FieldDoc | ComponentFieldDoc }
  | { readonly what: "component"; readonly component: ComponentDoc; readonly about?: ComponentAbout }
  | { readonly what: "errors"; readonly errors: readonly ExplainedError[] }
  | { readonly what: "error"; readonly error: ExplainedError }
  | {
      readonly what: "values";
      readonly environment: string;
      readonly class: EnvironmentClass;
      /** `component@site` */
      readonly address: string;
      readonly type: string;
      readonly fields: readonly ExplainedValue[];
      /** The environment it is borrowed from, read-only. */
      readonly borrowedFrom?: string;
      /** What its contract says of the one field that was asked for. */
      readonly doc?: ComponentFieldDoc;
    };
