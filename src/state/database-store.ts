/** The states of a project's stacks in the ledger's database, reached by engines through the state's service. */
import { TerraneError } from "../errors.ts";
import type { Lease } from "../ledger/lease.ts";
import type { ServiceAccess } from "../model/state-access.ts";
import { Secret } from "../values/secret.ts";
import { emptyState, parseCanonical } from "./canonical.ts";
import { summarizeDeployment } from "./checkpoint.ts";
import type { VersionedDeployment } from "./deployment.ts";
import type { Access } from "./service/access.ts";
import type { StateService } from "./service/service.ts";
import { readSession, writeSession } from "./service/session.ts";
import type { StackRef } from "./stack-rows.ts";
import type { StackStore } from "./stack-store.ts";
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

  constructor(stacks: StackStore) {
    this.stacks = stacks;
  }

  async head(stack: string): Promise<StateHead | undefined> {
    return this.stacks.head(refOf(stack));
  }

  async read(stack: string): Promise<StateSummary | undefined> {
    const row = await this.stacks.find(refOf(stack));
    if (row === undefined) return undefined;
    const checkpoint = await this.stacks.checkpointOf(row);
    const { deployment } = checkpoint === undefined ? emptyState : parseCanonical(stack, checkpoint.text);
    return summarizeDeployment(row.digest, deployment);
  }

  openCopy(stack: string): Promise<AccessLease<ServiceAccess>> {
    return this.#open(stack, readSession(refOf(stack)));
  }

  /** How a stack would read with another state. */
  openOverlay(stack: string, state: VersionedDeployment): Promise<AccessLease<ServiceAccess>> {
    return this.#open(stack, readSession(refOf(stack), state));
  }

  async open(stack: string, { lease, authorise }: WriteRequest): Promise<AccessLease<ServiceAccess>> {
    const ref = refOf(stack);
    if ((await this.stacks.find(ref)) === undefined) await this.stacks.create(ref, lease);
    else await this.stacks.closeInterrupted(ref, lease);
    return this.#open(stack, writeSession(ref, lease, authorise));
  }

  async closeInterrupted(stack: string, lease: Lease): Promise<void> {
    const ref = refOf(stack);
    if ((await this.stacks.find(ref)) !== undefined) await this.stacks.closeInterrupted(ref, lease);
  }

  async remove(stack: string, lease: Lease): Promise<void> {
    await this.stacks.remove(refOf(stack), lease);
  }

  async afterMoves(_moves: StateMoves): Promise<StateReader> {
    throw new TerraneError("not-in-this-release", "moves");
  }

  async move(_moves: StateMoves, _lease: Lease): Promise<void> {
    throw new TerraneError("not-in-this-release", "moves");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#service)?.[Symbol.asyncDispose]();
  }

  async #open(stack: string, access: Access): Promise<AccessLease<ServiceAccess>> {
    // Started for the first engine: reading needs none.
    this.#service ??= import("./service/service.ts").then(({ StateService }) =>
      StateService.open({ store: this.stacks }),
    );
    const granted = (await this.#service).grant(access);
    const exists = (await this.stacks.head(refOf(stack))) !== undefined;
    return {
      access: { kind: "service", url: granted.url, token: new Secret(granted.token), exists },
      [Symbol.asyncDispose]: () => granted[Symbol.asyncDispose](),
    };
  }
}

function refOf(stack: string): StackRef {
  return { project, name: stack };
}
