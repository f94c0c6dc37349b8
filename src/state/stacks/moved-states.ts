/** What moves make of the states in the database: each secret sealed again with the key of the stack it comes to. */

import { isSealed } from "../backends/reseal.ts";
import { emptyState, ownedBy } from "../deployment/canonical.ts";
import { type Checkpoint, checkpointSchema, type StateEntry } from "../deployment/checkpoint.ts";
import type { DeployedResource, VersionedDeployment } from "../deployment/deployment.ts";
import { type MovedState, moveResources } from "../deployment/move-resources.ts";
import type { StackCipher } from "../keys/keys.ts";
import type { StateMoves } from "../store.ts";

export interface MovingStates {
  /** Pulumi project of the stacks. */
  readonly project: string;
  /** States by name of their stack; a stack to be made is not among them. */
  readonly states: ReadonlyMap<string, VersionedDeployment>;
  /** Of a stack that is there or is to be made. */
  readonly cipherOf: (stack: string) => StackCipher;
}

/**
 * The stacks that change; `gone` is one in which nothing is left.
 * @throws TerraneError `plan-stale`, `state-corrupt`
 */
export async function moveStates(
  moves: StateMoves,
  { project, states, cipherOf }: MovingStates,
): Promise<ReadonlyMap<string, VersionedDeployment | "gone">> {
  const checkpoints = new Map([...states].map(([stack, state]) => [stack, toCheckpoint(state)]));
  const moved = new Map<string, VersionedDeployment | "gone">();
  for (const [stack, change] of moveResources(checkpoints, moves)) {
    if (change.checkpoint === "gone") {
      moved.set(stack, "gone");
      continue;
    }
    const resealed = await resealForeign(change, cipherOf, stack);
    const { latest } = change.checkpoint.checkpoint;
    const toResource = (entry: StateEntry) =>
      (resealed.get(entry) ?? withoutDefaults(entry)) as DeployedResource;
    const { version, features } = states.get(change.sealedAs ?? stack) ?? emptyState;
    const deployment = {
      ...latest,
      resources: (latest?.resources ?? []).map(toResource),
      pending_operations: (latest?.pending_operations ?? []).map((each) => ({
        ...each,
        resource: toResource(each.resource),
      })),
    } as VersionedDeployment["deployment"];
    moved.set(stack, {
      version,
      ...(features === undefined ? {} : { features }),
      deployment: ownedBy(deployment, project, stack),
    });
  }
  return moved;
}

function toCheckpoint({ deployment }: VersionedDeployment): Checkpoint {
  return checkpointSchema.parse({ checkpoint: { latest: deployment } });
}

/** As the engine writes it: what is false is left out. */
function withoutDefaults(entry: StateEntry): object {
  const { delete: isReplaced, protect, ...rest } = entry;
  return { ...rest, ...(isReplaced ? { delete: true } : {}), ...(protect ? { protect } : {}) };
}

async function resealForeign(
  { foreign }: MovedState,
  cipherOf: MovingStates["cipherOf"],
  stack: string,
): Promise<ReadonlyMap<unknown, unknown>> {
  const to = cipherOf(stack);
  const resealed = new Map<unknown, unknown>();
  for (const { entry, from } of foreign) {
    resealed.set(entry, await resealValue(withoutDefaults(entry), cipherOf(from), to));
  }
  return resealed;
}

async function resealValue(value: unknown, from: StackCipher, to: StackCipher): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((each) => resealValue(each, from, to)));
  if (typeof value !== "object" || value === null) return value;
  if (isSealed(value)) {
    const plain = await from.decrypt(Buffer.from(value.ciphertext, "base64"));
    return { ...value, ciphertext: Buffer.from(await to.encrypt(plain)).toString("base64") };
  }
  const entries = Object.entries(value).map(async ([key, each]) => [key, await resealValue(each, from, to)]);
  return Object.fromEntries(await Promise.all(entries));
}
