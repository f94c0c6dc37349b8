/** What a machine remembers of a ledger tells it from an older copy, in every database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readHead, writeAudited } from "../../src/ledger/audit.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import type { SeenHead, Witness } from "../../src/ledger/witness.ts";
import { WitnessedDatabase } from "../../src/ledger/witnessed-database.ts";
import type { AuditHead } from "../../src/model/audit.ts";
import type { Database } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { type DatabaseWorld, databaseKinds, locationOf } from "../support/database-world.ts";

const by = { who: "ada", at: "2026-11-21T12:00:00.000Z" };

interface Machine extends Witness {
  readonly warnings: string[];
  /** Works on the ledger for as long as `act` takes, then closes it. */
  use<T>(act: (database: WitnessedDatabase) => Promise<T>, at?: string): Promise<T>;
}

for (const { kind, isThere, start } of databaseKinds) {
  describe.skipIf(!isThere)(`a witness of a ledger on ${kind}`, () => {
    let world: DatabaseWorld;
    let place: string;

    beforeAll(async () => {
      world = await start();
    });
    beforeEach(async () => {
      place = await world.make();
    });
    afterAll(() => world[Symbol.asyncDispose]());

    const open = () => openDatabase({ ...locationOf(place), migrations: ledgerMigrations });

    function machine(): Machine {
      let seen: SeenHead | undefined;
      const warnings: string[] = [];
      const witness: Witness = {
        read: async () => seen,
        note: async (head) => {
          seen = head;
        },
      };
      return {
        ...witness,
        warnings,
        use: async (act, at = by.at) => {
          const warn = (message: string) => warnings.push(message);
          const database = new WitnessedDatabase(await open(), { witness, now: () => new Date(at), warn });
          try {
            return await act(database);
          } finally {
            await database.close();
          }
        },
      };
    }

    const write = async (database: Database, ...words: readonly string[]) => {
      for (const what of words) await writeAudited(database, [], [{ ...by, what }]);
      return await readHead(database);
    };

    /** As a backup of that day has it. */
    const putBack = async ({ seq, hash }: AuditHead) => {
      const database = await open();
      await database.write([
        { sql: "DELETE FROM audit WHERE seq > ?", parameters: [seq] },
        { sql: "UPDATE audit_head SET seq = ?, hash = ?", parameters: [seq, hash] },
      ]);
      await database.close();
    };

    it("lets what only grows be written to, by whoever has seen how much of it", async () => {
      const [one, other] = [machine(), machine()];
      await one.use((database) => write(database, "a", "b"));
      await other.use((database) => write(database, "c"));
      const head = await one.use((database) => write(database, "d"));
      expect(await one.read()).toEqual({ ...head, at: by.at });
      expect((await other.read())?.seq).toBe(3);
      expect([...one.warnings, ...other.warnings]).toEqual([]);
    });

    it("refuses every write to an older copy, by whoever saw more than that, and warns a reader", async () => {
      const [one, other] = [machine(), machine()];
      const backup = await one.use((database) => write(database, "a"));
      await other.use((database) => readHead(database));
      await one.use((database) => write(database, "b", "c"));
      await putBack(backup);

      const refusal = {
        code: "ledger-rolled-back",
        message: `the ledger's database is an older copy, or another one: it ends with record 1 of ${by.at}, and this machine saw record 3 on ${by.at}`,
        next: expect.stringContaining(`terrane audit accept 1:${backup.hash}`),
      };
      await one.use(async (database) => {
        await expect(write(database, "x")).rejects.toMatchObject(refusal);
        await expect(database.assertNewest()).rejects.toMatchObject(refusal);
        await expect(new Ledger(database).releaseAddresses("none")).rejects.toMatchObject(refusal);
      });
      expect(one.warnings).toEqual([]);
      expect(await one.use((database) => readHead(database))).toEqual(backup);
      expect(one.warnings).toEqual([expect.stringContaining("this machine saw record 3")]);
      expect((await one.read())?.seq).toBe(3);
      // Who has seen no more than the backup holds cannot tell.
      await other.use((database) => write(database, "y"));
    });

    it("knows an older copy that has grown past what was seen, and an empty one", async () => {
      const one = machine();
      const backup = await one.use((database) => write(database, "a"));
      await one.use((database) => write(database, "b"));
      await putBack(backup);
      const blind = machine();
      await blind.use((database) => write(database, "x", "y", "z"));
      await expect(one.use((database) => database.assertNewest())).rejects.toMatchObject({
        message: expect.stringContaining("its record 2 is not the one that this machine saw"),
      });
      await putBack({ seq: 0, hash: "0".repeat(64) });
      await expect(one.use((database) => database.assertNewest())).rejects.toMatchObject({
        message: expect.stringContaining("it ends with no record at all"),
      });
    });

    it("lets an older copy count once its last record was typed; each machine that saw no more agrees", async () => {
      const [one, other, third] = [machine(), machine(), machine()];
      const backup = await one.use((database) => write(database, "a"));
      await other.use((database) => write(database, "b"));
      await one.use((database) => write(database, "c"));
      await third.use((database) => write(database, "d"));
      await putBack(backup);
      const rollback = await one.use((database) => database.findRollback());
      if (rollback === undefined) throw new Error("it was not noticed");

      await one.use(async (database) => {
        await expect(database.accept(rollback, { ...backup, seq: 2 }, by)).rejects.toMatchObject({
          code: "bad-usage",
          next: expect.stringContaining(`terrane audit accept 1:${backup.hash}`),
        });
        const accepted = await database.accept(rollback, backup, by);
        expect(accepted.seq).toBe(2);
        await write(database, "e", "f");
      });
      await other.use((database) => write(database, "g"));
      const noticed = await third.use((database) => database.findRollback());
      expect(noticed).toMatchObject({ head: { seq: 5 }, seen: { seq: 4 } });
    });

    it("takes an acceptance for what was seen before it, not for what is lost after it", async () => {
      const one = machine();
      const backup = await one.use((database) => write(database, "a"));
      await one.use((database) => write(database, "b", "c", "d"));
      await putBack(backup);
      const rollback = await one.use((database) => database.findRollback());
      if (rollback === undefined) throw new Error("it was not noticed");
      const accepted = await one.use((database) => database.accept(rollback, backup, by));
      await one.use((database) => write(database, "e"), "2026-11-22T12:00:00.000Z");
      await putBack(accepted);
      expect(await one.use((database) => database.findRollback())).toMatchObject({ seen: { seq: 3 } });
    });

    it("forgets what was unchanged when an older copy is accepted", async () => {
      const one = machine();
      const ground = { key: "k", state: "s", findings: [], dated: [] };
      const backup = await one.use(async (database) => {
        await new Ledger(database).grounds.keep("shop", new Map([["shop.virginia.network", ground]]));
        return await write(database, "a");
      });
      await one.use((database) => write(database, "b"));
      await putBack(backup);
      await one.use(async (database) => {
        const { grounds } = new Ledger(database);
        expect((await grounds.read("shop")).size).toBe(1);
        const rollback = await database.findRollback();
        if (rollback === undefined) throw new Error("it was not noticed");
        await database.accept(rollback, backup, by);
        expect((await grounds.read("shop")).size).toBe(0);
      });
    });
  });
}
