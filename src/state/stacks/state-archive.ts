/**
 * What people do with saved states: look at them, set them side by side, bring an earlier one back, accept one that was
 * changed by hand, put one in its place. Every change is a new checkpoint, made under the lease; nothing is overwritten.
 */
import { TerraneError } from "../../errors.ts";
import type { Lease } from "../../ledger/lease.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { StateDifference } from "../../model/saved-state.ts";
import type { Statement } from "../../sql/database.ts";
import { compareStates } from "../deployment/compare.ts";
import type { DeployedResource, VersionedDeployment } from "../deployment/deployment.ts";
import { faultsOf } from "../deployment/integrity.ts";
import { sealedElsewhere } from "../deployment/sealed-here.ts";
import { partsOf } from "../deployment/urns.ts";
import type { CheckpointInfo, SaveReason } from "./checkpoint-rows.ts";
import { commandName, environmentOf, openCheckpoint, type Reading, readSound } from "./sound-checkpoint.ts";
import { type Stack, type StackHead, type StackRef, toName } from "./stack-rows.ts";
import type { StackStore } from "./stack-store.ts";
import { endUpdate } from "./update-rows.ts";

export interface Push {
  /** The state that is brought along. */
  readonly state: VersionedDeployment;
  /** Serial of the checkpoint that it was made from. It must still be the newest. */
  readonly over: number;
}

/** Who changes a state, and under which lease. */
export interface StateHand {
  readonly who: string;
  readonly lease: Lease;
}

export class StateArchive {
  readonly #reading: Reading;
  readonly #stacks: StackStore;

  constructor(stacks: StackStore) {
    this.#reading = stacks.reading;
    this.#stacks = stacks;
  }

  /** Newest first. @throws TerraneError `stack-not-found` */
  async checkpoints(ref: StackRef): Promise<readonly CheckpointInfo[]> {
    return this.#stacks.checkpoints(ref);
  }

  /**
   * The newest state, or that of a serial, as far as it is what was saved; it may refer to what is gone.
   * @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `state-corrupt`, `state-tampered`
   */
  async state(ref: StackRef, serial?: number): Promise<{ serial: number; state: VersionedDeployment }> {
    const stack = await this.#stacks.get(ref);
    const wanted = serial ?? stack.serial;
    const checkpoint = await this.#stacks.checkpointOf(stack, wanted);
    if (checkpoint === undefined) throw await this.#notFound(stack, wanted);
    return { serial: wanted, state: JSON.parse(checkpoint.text.toString("utf8")) as VersionedDeployment };
  }

  /** @throws TerraneError as `state` */
  async compare(ref: StackRef, from: number, to?: number): Promise<StateDifference> {
    const [before, after] = [await this.state(ref, from), await this.state(ref, to)];
    return compareStates(before.state.deployment, after.state.deployment);
  }

  /**
   * Makes an earlier state the newest again. An update that somebody left open is given up with what its engine said:
   * the restored state is of before it.
   * @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `state-corrupt`, `state-newer`, `lease-lost`,
   *   `plan-stale` when the stack has moved on meanwhile
   */
  async restore(ref: StackRef, serial: number, by: StateHand): Promise<StackHead> {
    const stack = await this.#stacks.get(ref);
    const state = await readSound(this.#reading, stack, serial);
    if (state === undefined) throw await this.#notFound(stack, serial);
    return this.#save(stack, state, by, { reason: "restore", facts: { from: serial } });
  }

  /**
   * Takes what was changed by hand for what is.
   * @param digest how what stands there begins, so that nobody accepts what they did not see
   * @throws TerraneError `stack-not-found`, `plan-stale` where something else stands there, `state-corrupt`, `lease-lost`
   */
  async accept(ref: StackRef, digest: string, by: StateHand): Promise<StackHead> {
    const stack = await this.#stacks.get(ref);
    const opened = await openCheckpoint(this.#reading.database, stack, stack.serial);
    const found = opened !== undefined && "what" in opened ? opened.found : undefined;
    if (found === undefined) {
      throw new TerraneError(
        "plan-stale",
        `nobody changed the state of ${commandName(stack)} in a way that could be accepted`,
      );
    }
    if (digest.length < shortestDigest || !found.digest.startsWith(digest)) {
      throw new TerraneError(
        "plan-stale",
        `the state of ${commandName(stack)} has digest ${found.digest.slice(0, shortestDigest)}, not ${digest}`,
        { next: `Look at what differs: terrane state show ${commandName(stack)}` },
      );
    }
    assertSound(stack, found.state);
    return this.#save(stack, found.state, by, { reason: "accept", facts: { digest: found.digest } });
  }

  /**
   * Puts a state in the place of the newest.
   * @throws TerraneError `stack-not-found`, `state-foreign` for one of another stack, `state-corrupt` for one that does
   *   not hold together, `plan-stale` when it was made from an older one, `lease-lost`
   */
  async push(ref: StackRef, { state, over }: Push, by: StateHand): Promise<StackHead> {
    const stack = await this.#stacks.get(ref);
    if (over !== stack.serial) {
      const called = commandName(stack);
      throw new TerraneError(
        "plan-stale",
        `${called} is at checkpoint ${stack.serial}, and what is pushed was made from checkpoint ${over}`,
        { next: `terrane state diff ${called} ${over}` },
      );
    }
    assertOwn(stack, state);
    assertSound(stack, state);
    return this.#save(stack, state, by, { reason: "push", facts: { over } });
  }

  async #save(
    stack: Stack,
    state: VersionedDeployment,
    { lease, who }: StateHand,
    { reason, facts }: { readonly reason: SaveReason; readonly facts: AuditEntry["facts"] & {} },
  ): Promise<StackHead> {
    const environment = environmentOf(stack);
    return this.#stacks.save(stack, state, {
      lease,
      reason,
      and: this.#giveUpOpen(stack),
      audit: (head) => [
        {
          at: this.#reading.now().toISOString(),
          who,
          what: `state ${reasons[reason] ?? reason}`,
          ...(environment === undefined ? {} : { environment }),
          stack: toName(stack),
          operation: lease.operation,
          facts,
          left: { stacks: { [toName(stack)]: head } },
        },
      ],
    });
  }

  #giveUpOpen({ id, activeUpdate, serial }: Stack): readonly Statement[] {
    if (activeUpdate === undefined) return [];
    const at = this.#reading.now().toISOString();
    return endUpdate(
      { id: activeUpdate, stack: id },
      { status: "interrupted", serial: serial + 1, changes: undefined, at },
    );
  }

  async #notFound(stack: Stack, serial: number): Promise<TerraneError> {
    const kept = (await this.#stacks.checkpoints(stack)).map((each) => each.serial);
    return new TerraneError("checkpoint-not-found", `${commandName(stack)} keeps no checkpoint ${serial}`, {
      next: `terrane state checkpoints ${commandName(stack)}`,
      details: { kept },
    });
  }
}

/** As the audit calls it. */
const reasons: Partial<Record<SaveReason, string>> = {
  restore: "restored",
  accept: "accepted",
  push: "pushed",
};

/** Characters of a digest that name it. */
const shortestDigest = 12;

function assertSound(stack: Stack, { deployment }: VersionedDeployment): void {
  const [first, ...others] = faultsOf(deployment);
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} faults more`;
  throw new TerraneError(
    "state-corrupt",
    `what was given for ${commandName(stack)} does not hold together: ${first.path}: ${first.message}${more}`,
    { next: "Mend it, or give another one.", details: { faults: [first, ...others].slice(0, 100) } },
  );
}

/** Every URN names its stack: whose it is can be read out of each resource. */
function assertOwn(stack: Stack, { deployment }: VersionedDeployment): void {
  const foreign = (deployment.resources ?? []).find((resource) => !isOf(stack, resource));
  if (foreign !== undefined) {
    throw foreignState(stack, `it holds ${foreign.urn}`);
  }
  const elsewhere = sealedElsewhere(stack, deployment.secrets_providers);
  if (elsewhere !== undefined) throw foreignState(stack, elsewhere);
}

function isOf({ project, name }: Stack, { urn }: DeployedResource): boolean {
  const parts = partsOf(urn);
  return parts?.project === project && parts.stack === name;
}

function foreignState(stack: Stack, why: string): TerraneError {
  return new TerraneError("state-foreign", `what was given is not a state of ${commandName(stack)}: ${why}`);
}
