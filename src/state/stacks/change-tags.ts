/** Tags of a stack, changed under its lease. */
import { isDeepStrictEqual } from "node:util";
import type { Lease } from "../../ledger/lease.ts";
import type { Database } from "../../sql/database.ts";
import { entryOf, taggedAct } from "./stack-act.ts";
import { type Stack, tagStack } from "./stack-rows.ts";
import { writeHeld } from "./write-held.ts";

export interface TagChange {
  readonly tags: Stack["tags"];
  readonly lease: Lease;
  /** What the audit says of it; undefined for tags that come with something that is on record itself. */
  readonly record: { readonly what: string; readonly at: Date } | undefined;
}

/** Writes nothing where they are the same. @throws TerraneError `lease-lost` */
export async function changeTags(database: Database, stack: Stack, change: TagChange): Promise<void> {
  const { tags, lease, record } = change;
  if (isDeepStrictEqual(stack.tags, tags)) return;
  const act = record === undefined ? undefined : taggedAct(stack, tags, record);
  const entries = act === undefined ? [] : [await entryOf(database, lease, act)];
  await writeHeld(database, stack, lease, [tagStack(stack, tags)], entries);
}
