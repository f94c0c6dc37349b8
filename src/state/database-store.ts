/** The states of a project's stacks in the ledger's database, reached by engines through the state's service. */
import type { Lease } from "../ledger/lease.ts";
import type { ServiceAccess } from "../model/state-access.ts";
import { Secret } from "../values/secret.ts";
import { emptyState, formatState } from "./deployment/canonical.ts";
import { summarizeDeployment } from "./deployment/checkpoint.ts";
import type { VersionedDeployment } from "./deployment/deployment.ts";
import type { StateKeys } from "./keys/keys.ts";
import type { Access } from "./service/access.ts";
import type { StateService } from "./service/service.ts";
import { readSession, writeSession } from "./service/session.ts";
import { moveStates } from "./stacks/moved-states.ts";
import { digestOf } from "./stacks/pack.ts";
import type { Stack, StackRef } from "./stacks/stack-rows.ts";
import type { StackStore } from "./stacks/stack-store.ts";
import type {
  AccessLease,
  StateHead,
  StateMoves,
  StateReader,
  StateStore,
  StateSummary,
  WriteRequest,
} from "./store.ts";

/** Pulumi project of every stack. */
const project = "terrane";

export class DatabaseStore implements StateStore, AsyncDisposable {
  readonly stacks: StackStore;
  #service: Promise<StateService> | undefined;

  readonly #keys: Pick<StateKeys, "assertUsable">;

  constructor(stacks: StackStore, keys: Pick<StateKeys, "assertUsable">) {
    this.stacks = stacks;
    this.#keys = keys;
  }

  assertUsable(subject: string): Promise<void> {
    return this.#keys.assertUsable(subject);
  }

  async head(stack: string): Promise<StateHead | undefined> {
    return this.stacks.head(refOf(stack));
  }

  async counts(stacks: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.stacks.counts(project, stacks);
  }

  async read(stack: string): Promise<StateSummary | undefined> {
    const row = await this.stacks.find(refOf(stack));
    if (row === undefined) return undefined;
    const { deployment } = (await this.stacks.soundState(row)) ?? emptyState;
    return summarizeDeployment(row.digest, deployment);
  }

  openCopy(stack: string): Promise<AccessLease<ServiceAccess>> {
    return this.#open(stack, readSession(refOf(stack)));
  }

  async open(stack: string, { lease, authorise }: WriteRequest): Promise<AccessLease<ServiceAccess>> {
    const ref = refOf(stack);
    if ((await this.stacks.find(ref)) === undefined) await this.stacks.create(ref, lease);
    else await this.stacks.closeInterrupted(ref, lease);
    return this.#open(stack, writeSession(ref, lease, authorise));
  }

  async closeInterrupted(stack: string, lease: Lease): Promise<Readonly<Record<string, number>> | undefined> {
    const ref = refOf(stack);
    if ((await this.stacks.find(ref)) === undefined) return undefined;
    return (await this.stacks.closeInterrupted(ref, lease))?.changes;
  }

  async remove(stack: string, lease: Lease): Promise<void> {
    await this.stacks.remove(refOf(stack), lease);
  }

  async afterMoves(moves: StateMoves): Promise<StateReader> {
    const moved = await this.#moved(moves);
    return {
      head: async (stack) => {
        const state = moved.get(stack);
        if (state === undefined) return this.head(stack);
        return state === "gone" ? undefined : { digest: digestOf(await formatState(state)) };
      },
      counts: (stacks) => this.counts(stacks),
      read: async (stack) => {
        const state = moved.get(stack);
        if (state === undefined) return this.read(stack);
        if (state === "gone") return undefined;
        return summarizeDeployment(digestOf(await formatState(state)), state.deployment);
      },
      openCopy: async (stack) => {
        const state = moved.get(stack);
        const overlay = state === "gone" ? emptyState : state;
        return this.#open(stack, readSession(refOf(stack), overlay));
      },
    };
  }

  async move(moves: StateMoves, lease: Lease): Promise<void> {
    for (const stack of moves.stacks) await this.closeInterrupted(stack, lease);
    const moved = [...(await this.#moved(moves))].map(([stack, state]) => [refOf(stack), state] as const);
    await this.stacks.saveAll(new Map(moved), { lease, reason: "move" });
  }

  async #moved(moves: StateMoves): Promise<ReadonlyMap<string, VersionedDeployment | "gone">> {
    const rows = new Map<string, Stack>();
    const states = new Map<string, VersionedDeployment>();
    for (const stack of moves.stacks) {
      const row = await this.stacks.find(refOf(stack));
      if (row === undefined) continue;
      rows.set(stack, row);
      states.set(stack, await this.stacks.state(refOf(stack)));
    }
    return moveStates(moves, {
      project,
      states,
      cipherOf: (stack) => this.stacks.cipherOf(rows.get(stack) ?? this.stacks.foresee(refOf(stack))),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#service)?.[Symbol.asyncDispose]();
  }

  async #open(stack: string, access: Access): Promise<AccessLease<ServiceAccess>> {
    // Started for the first engine: reading needs none.
    this.#service ??= import("./service/service.ts").then(({ StateService }) =>
      StateService.open({ store: this.stacks }),
    );
    const row = await this.stacks.find(refOf(stack));
    // The engine would ask for the first secret in the middle of its work.
    if (row !== undefined && row.key !== "") await this.#keys.assertUsable(stack);
    const granted = (await this.#service).grant(access);
    const exists = row !== undefined;
    return {
      access: { kind: "service", url: granted.url, token: new Secret(granted.token), exists },
      [Symbol.asyncDispose]: () => granted[Symbol.asyncDispose](),
    };
  }
}

function refOf(stack: string): StackRef {
  return { project, name: stack };
}
