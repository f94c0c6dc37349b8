/**
 * Gives stacks new data keys and seals the secrets of their states anew, each stack in one transaction under its lease.
 * Earlier checkpoints stay readable: a stack keeps the keys that they were sealed with. Broken off anywhere, it goes on
 * with the stacks that are left when it is begun again.
 */
import type { Lease } from "../../ledger/lease.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { Database } from "../../sql/database.ts";
import { parseCanonical } from "../deployment/canonical.ts";
import { secretsOf } from "../deployment/secret-values.ts";
import { environmentOf } from "../stacks/sound-checkpoint.ts";
import { type Stack, type StackRef, toName } from "../stacks/stack-rows.ts";
import { resealSecrets } from "../stacks/stack-secrets.ts";
import type { StackStore } from "../stacks/stack-store.ts";
import { writeHeld } from "../stacks/write-held.ts";
import { formatKeyRing, newestKey, parseKeyRing } from "./key-ring.ts";
import type { StateKeys } from "./keys.ts";

export interface DataKeyRotation {
  readonly database: Database;
  readonly store: StackStore;
  readonly keys: StateKeys;
  /** A stack whose newest key is of this rotation is done. */
  readonly rotation: string;
  /** Who rotates, for the audit. */
  readonly who: string;
  readonly now: () => Date;
}

/** Whether there is anything left to do for the stack. A stack without secrets has no keys. */
export function isRotated(stack: Stack, rotation: string): boolean {
  return stack.key === "" || newestKey(parseKeyRing(stack.name, stack.key)).rotation === rotation;
}

/**
 * Number of secrets sealed anew.
 * @throws TerraneError `lease-lost`, `plan-stale`, `wrong-passphrase`, `key-unavailable`, `state-corrupt`
 */
export async function rotateDataKey(rotating: DataKeyRotation, ref: StackRef, lease: Lease): Promise<number> {
  const { database, store, keys, rotation } = rotating;
  // An engine that died has left entries under the old key: they become a checkpoint first.
  await store.closeInterrupted(ref, lease);
  const stack = await store.get(ref);
  if (isRotated(stack, rotation)) return 0;
  const before = parseKeyRing(stack.name, stack.key);
  const ring = formatKeyRing([...before.keys, await keys.makeWrapped(stack, rotation)]);
  const changed = {
    sql: "UPDATE stacks SET key = ? WHERE id = ? AND key = ?",
    parameters: [ring, stack.id, stack.key],
    expect: 1,
  };
  const checkpoint = await store.checkpointOf(stack);
  const state = checkpoint === undefined ? undefined : parseCanonical(stack.name, checkpoint.text);
  const count = secretsOf(state).length;
  if (state === undefined || count === 0) {
    await writeHeld(database, stack, lease, [changed], [entryOf(rotating, stack, lease)]);
    return 0;
  }
  const { id, name } = stack;
  const cipherOf = (each: string) => keys.cipherOf({ id, name, ring: each });
  const sealed = await resealSecrets(state, cipherOf(stack.key), cipherOf(ring));
  await store.save(stack, sealed, {
    lease,
    reason: "rotate-keys",
    and: [changed],
    audit: (head) => [{ ...entryOf(rotating, stack, lease), left: { stacks: { [toName(stack)]: head } } }],
  });
  return count;
}

function entryOf({ who, now }: DataKeyRotation, stack: Stack, lease: Lease): AuditEntry {
  const environment = environmentOf(stack);
  return {
    at: now().toISOString(),
    who,
    what: "state keys rotated",
    ...(environment === undefined ? {} : { environment }),
    stack: toName(stack),
    operation: lease.operation,
  };
}
