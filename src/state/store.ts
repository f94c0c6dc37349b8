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
  /** A newer one stands under the same URN; this one is still to be deleted. */
  readonly replaced: boolean;
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

/** Where a resource stands in the states. */
export interface ResourcePlace {
  readonly stack: string;
  readonly urn: string;
}

export interface ResourceMove {
  readonly from: ResourcePlace;
  readonly to: ResourcePlace;
  /**
   * Meant is not the resource under that URN, but an older one that it replaced and that is still to be deleted, the
   * first that no other move means. Without a move of its own, it goes where its successor goes.
   */
  readonly replaced?: true;
}

/** What is to stand under other URNs, in the same stack or in another. A stack in which nothing is left goes away. */
export interface StateMoves {
  readonly resources: readonly ResourceMove[];
  /** New names of providers, by old name: they go where what they provide goes, and are renamed where they stay. */
  readonly providers: { readonly [name: string]: string };
  /** Every stack whose state may be touched, moved from or not. */
  readonly stacks: readonly string[];
}

export interface StateReader {
  /** A private copy for a preview: reads what was last saved, never blocks a writer, and is gone afterwards. */
  openCopy(stack: string): Promise<AccessLease>;
  /**
   * What the state holds; undefined where there is no such stack.
   * @throws TerraneError `state-corrupt`
   */
  read(stack: string): Promise<StateSummary | undefined>;
}

export interface StateStore extends StateReader {
  /** For an operation that changes the stack. */
  open(stack: string): Promise<AccessLease>;
  /** Forgets a stack that holds nothing any more. */
  remove(stack: string): Promise<void>;
  /**
   * How everything would read after the moves; nothing is written.
   * @throws TerraneError `plan-stale`, `state-corrupt`
   */
  afterMoves(moves: StateMoves): Promise<StateReader>;
  /**
   * Makes the moves, in all stacks or in none: a resource is never in two states, nor in no state, whenever this process
   * ends. Asks no cloud.
   * @throws TerraneError `plan-stale` when the states are not those the moves were made for
   */
  move(moves: StateMoves): Promise<void>;
}

/** Everything a stack holds but its own root, as a plan counts it: components and providers too. */
export function resourcesOf(state: StateSummary | undefined): readonly StateResource[] {
  return (state?.resources ?? []).filter((resource) => resource.type !== "pulumi:pulumi:Stack");
}
