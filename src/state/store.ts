/**
 * The port to where stacks keep their state. Knows the state's shape (Pulumi's checkpoint), not what is in it.
 */
import type { StateAccess } from "../model/state-access.ts";

/** One resource as the state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  /** Pulumi's own protection. */
  readonly protect: boolean;
  /** The cloud's: it would refuse to delete the resource. */
  readonly deletionProtected: boolean;
}

/** What the state says exists, without secrets and without properties. */
export interface StateSummary {
  /** SHA-256 of the stored bytes: changes with every change of the state. */
  readonly digest: string;
  /** In the order of the state: each after what it depends on. The stack's own root and providers are included. */
  readonly resources: readonly StateResource[];
  /** Operations that were begun and whose end nobody recorded. */
  readonly pending: readonly { readonly urn: string; readonly operation: string }[];
}

export interface AccessLease extends AsyncDisposable {
  readonly access: StateAccess;
}

export interface StateStore {
  /** For an operation that changes the stack. */
  open(stack: string): Promise<AccessLease>;
  /** A private copy for a preview: reads what was last saved, never blocks a writer, and is gone afterwards. */
  openCopy(stack: string): Promise<AccessLease>;
  /**
   * What the state holds; undefined where there is no such stack.
   * @throws TerraneError `state-corrupt`
   */
  read(stack: string): Promise<StateSummary | undefined>;
  /** Forgets a stack that holds nothing any more. */
  remove(stack: string): Promise<void>;
}

/** Everything a stack holds but its own root, as a plan counts it: components and providers too. */
export function resourcesOf(state: StateSummary | undefined): readonly StateResource[] {
  return (state?.resources ?? []).filter((resource) => resource.type !== "pulumi:pulumi:Stack");
}
