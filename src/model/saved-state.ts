/** What is told of saved states: how two differ, and where one does not hold together. */
import type { Value } from "../values/value.ts";

export interface PropertyChange {
  /** As the engine writes paths: `outputs.tags.Owner`, `dependencies[0]`. */
  readonly path: string;
  /** Absent where the property was not there. A secret is a marker. */
  readonly before?: Value;
  /** Absent where the property is gone. */
  readonly after?: Value;
}

export interface ResourceDifference {
  readonly kind: "added" | "removed" | "changed";
  readonly urn: string;
  readonly type: string;
  /** An older one that another under the same URN replaced, still to be deleted. */
  readonly replaced: boolean;
  /** Of a changed one, in the order of their paths. */
  readonly properties: readonly PropertyChange[];
}

export interface StateDifference {
  /** In the order of the later state; what is gone stands last. */
  readonly resources: readonly ResourceDifference[];
  /** What changed outside resources: pending operations, where secrets are sealed, features. */
  readonly others: readonly PropertyChange[];
}

export interface IntegrityFault {
  /** JSON Pointer into the deployment. */
  readonly path: string;
  /** What is wrong, one sentence. */
  readonly message: string;
}
