/**
 * Gives the state's data keys another wrapper: a new passphrase, or a cloud's key in the place of one. At every moment of
 * it the old one or the new one opens everything: the keys are wrapped by both, then the new one takes over, then what
 * the old one wrapped goes away. Broken off anywhere, it goes on when it is begun again.
 */
import { TerraneError } from "../../errors.ts";
import { writeAudited } from "../../ledger/audit.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { Database } from "../../sql/database.ts";
import {
  activateWrapper,
  addWrapper,
  readWrappers,
  removeWrapper,
  type WrapperRecord,
} from "./key-records.ts";
import { formatKeyRing, type KeyRing, parseKeyRing, type WrappedKey } from "./key-ring.ts";
import type { KeySource } from "./key-source.ts";
import { makeWrapper, type OpenWrapper, type StateKeys, tryRecord } from "./keys.ts";

export interface WrapperRotation {
  readonly database: Database;
  /** Of the source that the project has now. */
  readonly keys: StateKeys;
  readonly to: KeySource;
  /** Who rotates, for the audit. */
  readonly who: string;
  readonly now: () => Date;
}

/** Number of stacks whose keys have the new wrapper alone. @throws TerraneError `wrong-passphrase`, `key-unavailable` */
export async function rotateWrapper(rotation: WrapperRotation): Promise<number> {
  const { database, keys, to, now } = rotation;
  const [active] = await readWrappers(database);
  const taken = active?.status === "active" ? await tryRecord(to, active) : undefined;
  // It had come that far before: only what the old one wrapped is left.
  if (taken !== undefined) return dropOthers(database, taken.record);
  const from = await keys.open();
  const next = await nextWrapper(rotation, from.record);
  await rewrap(rotation, next);
  const taking = activateWrapper(from.record, next.record, now());
  const entry = entryOf(rotation, "state keys: another opener", from.record, next.record);
  const { ok } = await writeAudited(database, taking, [entry]);
  if (!ok) throw new TerraneError("plan-stale", "somebody else has rotated the keys meanwhile");
  // What was made until then by those who knew the old one only.
  await rewrap(rotation, next);
  return dropOthers(database, next.record);
}

async function nextWrapper(rotation: WrapperRotation, from: WrapperRecord): Promise<OpenWrapper> {
  const { database, to, now } = rotation;
  const begun = (await readWrappers(database)).find(({ status }) => status === "next");
  const known = begun === undefined ? undefined : await tryRecord(to, begun);
  if (known !== undefined) return known;
  const made = await makeWrapper(to, "next", now());
  const statements = [...(begun === undefined ? [] : [removeWrapper(begun)]), addWrapper(made.record)];
  const entry = entryOf(rotation, "state keys: another opener begun", from, made.record);
  if ((await writeAudited(database, statements, [entry])).ok) return made;
  throw new TerraneError("lease-held", "somebody else is rotating the keys at this moment");
}

function entryOf(
  { who, now }: WrapperRotation,
  what: string,
  from: WrapperRecord,
  to: WrapperRecord,
): AuditEntry {
  return {
    at: now().toISOString(),
    who,
    what,
    facts: { from: `${from.kind} ${from.id}`, to: `${to.kind} ${to.id}` },
  };
}

/** Until every stack has its keys wrapped by the next one as well. */
async function rewrap({ database, keys }: WrapperRotation, next: OpenWrapper): Promise<void> {
  await changeRings(database, async (stack, ring) => {
    const lacking = ring.keys.filter(({ wrapped }) => wrapped[next.record.id] === undefined);
    if (lacking.length === 0) return undefined;
    return Promise.all(
      ring.keys.map(async (each): Promise<WrappedKey> => {
        if (!lacking.includes(each)) return each;
        const wrapped = await next.wrapper.wrap(await keys.unwrap(stack, each), stack.id);
        const text = Buffer.from(wrapped).toString("base64");
        return { ...each, wrapped: { ...each.wrapped, [next.record.id]: text } };
      }),
    );
  });
}

async function dropOthers(database: Database, { id }: WrapperRecord): Promise<number> {
  return changeRings(database, async (_, ring) => {
    if (ring.keys.every(({ wrapped }) => Object.keys(wrapped).every((each) => each === id))) return undefined;
    return ring.keys.map((key) => {
      const own = key.wrapped[id];
      return own === undefined ? key : { ...key, wrapped: { [id]: own } };
    });
  });
}

interface RingRow {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

/**
 * Changes the keys of every stack that has any, each in a write of its own that fails when they are no longer what was
 * read; then it is read again. No value is sealed anew, so no lease is needed.
 * @param change answers undefined where nothing is to change
 * @returns number of stacks with keys
 */
async function changeRings(
  database: Database,
  change: (stack: RingRow, ring: KeyRing) => Promise<readonly WrappedKey[] | undefined>,
): Promise<number> {
  for (;;) {
    const rows = await database.read<RingRow>(
      "SELECT id, name, key FROM stacks WHERE key <> '' ORDER BY project, name",
    );
    let missed = 0;
    for (const row of rows) {
      const keys = await change(row, parseKeyRing(row.name, row.key));
      if (keys === undefined) continue;
      const sql = "UPDATE stacks SET key = ? WHERE id = ? AND key = ?";
      const result = await database.write([
        { sql, parameters: [formatKeyRing(keys), row.id, row.key], expect: 1 },
      ]);
      if (!result.ok) missed += 1;
    }
    if (missed === 0) return rows.length;
  }
}
