/**
 * The port to where stacks keep their state. Knows the state's shape (Pulumi's checkpoint), not what is in it.
 */
import type { Lease } from "../ledger/lease.ts";
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

export interface AccessLease<A extends StateAccess = StateAccess> extends AsyncDisposable {
  readonly access: A;
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

/** Which state a stack has, without opening it. */
export interface StateHead {
  /** Number of the checkpoint; absent where states are not numbered. */
  readonly serial?: number;
  /** SHA-256 of it: equal states have equal digests. */
  readonly digest: string;
}

export interface StateReader {
  /** Undefined where there is no such stack. */
  head(stack: string): Promise<StateHead | undefined>;
  /** Resources of each stack that there is, its root not counted; without opening a state where that can be. */
  counts(stacks: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A private copy for a preview: reads what was last saved, never blocks a writer, and is gone afterwards. */
  openCopy(stack: string): Promise<AccessLease>;
  /**
   * What the state holds; undefined where there is no such stack.
   * @throws TerraneError `state-corrupt`
   */
  read(stack: string): Promise<StateSummary | undefined>;
}

/** For an operation that changes a stack. */
export interface WriteRequest {
  /** Every write begins with a guard on it. */
  readonly lease: Lease;
  /**
   * Asked before each step begins, with the URN and what it does (`creating`, `updating`, `deleting`, `reading`): false
   * stops the engine before any provider is asked. Only where the store can refuse a step.
   */
  readonly authorise?: (urn: string, operation: string) => boolean;
}

export interface StateStore extends StateReader {
  /**
   * Proves that secrets can be sealed and opened, before anything is changed.
   * @param subject whose they are, for people
   * @throws TerraneError `wrong-passphrase`, `key-unavailable`
   */
  assertUsable(subject: string): Promise<void>;
  /** A stack that is not there yet is made. @throws TerraneError `lease-lost` */
  open(stack: string, request: WriteRequest): Promise<AccessLease>;
  /**
   * Ends what an engine left open that died: what it had recorded becomes the state.
   * @returns what it had done, by action; undefined where nothing was open or nobody has counted
   * @throws TerraneError `lease-lost`, `state-corrupt`
   */
  closeInterrupted(stack: string, lease: Lease): Promise<Readonly<Record<string, number>> | undefined>;
  /** Forgets a stack that holds nothing any more. @throws TerraneError `stack-not-empty`, `lease-lost` */
  remove(stack: string, lease: Lease): Promise<void>;
  /**
   * How everything would read after the moves; nothing is written.
   * @throws TerraneError `plan-stale`, `state-corrupt`
   */
  afterMoves(moves: StateMoves): Promise<StateReader>;
  /**
   * Makes the moves, in all stacks or in none: a resource is never in two states, nor in no state, whenever this process
   * ends. Asks no cloud.
   * @throws TerraneError `plan-stale` when the states are not those the moves were made for; `lease-lost`
   */
  move(moves: StateMoves, lease: Lease): Promise<void>;
}

/** Everything a stack holds but its own root, as a plan counts it: components and providers too. */
export function resourcesOf(state: StateSummary | undefined): readonly StateResource[] {
  return (state?.resources ?? []).filter((resource) => resource.type !== "pulumi:pulumi:Stack");
}

/** For stores that keep no count beside a state: stack → resources, of those that are there. */
export async function countByReading(
  reader: Pick<StateReader, "read">,
  stacks: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const stack of stacks) {
    const state = await reader.read(stack);
    if (state !== undefined) counts.set(stack, resourcesOf(state).length);
  }
  return counts;
}
