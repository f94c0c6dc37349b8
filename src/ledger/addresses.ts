/**
 * The ledger's address blocks, and the holds on blocks that an `up` has chosen and not yet begun with. Two that choose
 * at once are told apart by one counter: who comes second chooses again, before anything is planned.
 */
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { AllocatedBlock, EnvironmentRecord, TakenBlock } from "../model/record.ts";
import { addressPurposes } from "../model/words.ts";
import type { Database, Statement } from "../sql/database.ts";
import { type Holder, holderSchema, livenessOf } from "./holder.ts";

/** What the address blocks were when somebody looked; a hold on this ground fails once they have moved. */
export interface AddressSnapshot {
  readonly blocks: readonly TakenBlock[];
  readonly version: number;
}

export interface AddressHold {
  /** Its id. */
  readonly hold: string;
  readonly environment: string;
  readonly blocks: readonly AllocatedBlock[];
  readonly holder: Holder;
}

const rowSchema = z.object({
  environment: z.string().nullable(),
  component: z.string().nullable(),
  block: z.string().nullable(),
  purpose: z.enum(addressPurposes).nullable(),
  holder: z.string().nullable(),
  version: z.int(),
  now: z.int(),
});

/** Blocks and holds, seen at one moment. */
export async function readAddresses(database: Database): Promise<AddressSnapshot> {
  const rows = await database.read(
    `SELECT b.environment, b.component, b.block, b.purpose, b.holder, c.value AS version, ${database.clock} AS now
       FROM counters c LEFT JOIN (
         SELECT environment, component, block, purpose, NULL AS holder FROM address_blocks
         UNION ALL SELECT environment, component, block, purpose, holder FROM address_holds
       ) b ON 1 = 1
      WHERE c.name = 'address_blocks' ORDER BY b.block, b.environment, b.component`,
  );
  const parsed = z.array(rowSchema).safeParse(rows);
  if (!parsed.success) {
    throw new TerraneError("state-corrupt", "the address blocks in the ledger cannot be read", {
      cause: parsed.error,
    });
  }
  const blocks = parsed.data.flatMap(({ environment, component, block, purpose, holder, now }) => {
    if (block === null || purpose === null || !isHeld(holder, now)) return [];
    return [{ owner: `${environment}/${component}`, block, purpose }];
  });
  return { blocks, version: parsed.data[0]?.version ?? 0 };
}

/** Milliseconds that an `up` on another machine can take to plan and to be agreed to. */
const longestHold = 3_600_000;

/** A block of an environment always is; a hold is while its process lives. */
function isHeld(holder: string | null, now: number): boolean {
  if (holder === null) return true;
  const parsed = holderSchema.parse(JSON.parse(holder));
  const liveness = livenessOf(parsed);
  return liveness === "elsewhere" ? now - Date.parse(parsed.since) < longestHold : liveness === "alive";
}

/** Holds of processes that are gone. */
export async function deadHolds(database: Database): Promise<readonly string[]> {
  const rows = await database.read<{ hold: string; holder: string; now: number }>(
    `SELECT DISTINCT hold, holder, ${database.clock} AS now FROM address_holds`,
  );
  return rows.filter((row) => !isHeld(row.holder, row.now)).map((row) => row.hold);
}

export function takeHold(hold: AddressHold, ground: AddressSnapshot): Statement[] {
  const holder = JSON.stringify(hold.holder);
  return [
    {
      sql: "UPDATE counters SET value = value + 1 WHERE name = 'address_blocks' AND value = ?",
      parameters: [ground.version],
      expect: 1,
    },
    ...hold.blocks.map(({ key, block, purpose }) => ({
      sql: "INSERT INTO address_holds (hold, environment, component, block, purpose, holder) VALUES (?, ?, ?, ?, ?, ?)",
      parameters: [hold.hold, hold.environment, key, block, purpose, holder],
    })),
  ];
}

/** The environment's blocks are from now on those of the hold. */
export function useHold(record: EnvironmentRecord, hold: string): Statement[] {
  return [
    { sql: "DELETE FROM address_blocks WHERE environment = ?", parameters: [record.name] },
    {
      sql: `INSERT INTO address_blocks (environment, component, block, purpose)
            SELECT environment, component, block, purpose FROM address_holds WHERE hold = ?`,
      parameters: [hold],
      expect: Object.keys(record.addresses).length,
    },
    dropHold(hold),
  ];
}

export function dropHold(hold: string): Statement {
  return { sql: "DELETE FROM address_holds WHERE hold = ?", parameters: [hold] };
}
