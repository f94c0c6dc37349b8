/** Fault 24: the database that holds the states goes away for good, half way through an up by the real engine. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { startCuttingProxy } from "../support/cutting-proxy.ts";
import { newestId } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { canary, stockDocuments, stockEnvironment } from "../support/kill-world.ts";
import { databaseUrl, hasPostgres, startPostgres } from "../support/postgres.ts";
import { isStopped } from "../support/processes.ts";
import { brokenRules, brokenStillness, readObjects } from "../support/rules.ts";
import { aftermathOn, openServerProject, variablesFor } from "../support/server-project.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

/** Milliseconds for the test on a machine with much else to do. */
const timeout = 180_000;

/** What is kept of entries that no database took, unpacked. */
async function unsavedOf({ dir }: KillProject): Promise<readonly string[]> {
  const folder = join(dir, ".terrane", "unsaved");
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => gunzipSync(Buffer.from(text, "base64")).toString("utf8"));
}

/** Ids that the journal in the database has of what was made. */
async function recordedIds(url: string): Promise<ReadonlySet<string>> {
  const database = await openDatabase({ url: databaseUrl(url), migrations: ledgerMigrations });
  try {
    const rows = await database.read<{ bytes: Uint8Array }>("SELECT bytes FROM journal");
    return new Set(
      rows.flatMap(({ bytes }) =>
        batchSchema.parse(JSON.parse(`${gunzipSync(bytes)}`)).entries.map(({ state }) => state?.id ?? ""),
      ),
    );
  } finally {
    await database.close();
  }
}

const batchSchema = z.object({
  entries: z.array(z.object({ state: z.object({ id: z.string().optional() }).nullish() })),
});
const toldSchema = z.object({
  code: z.literal("state-not-saved"),
  details: z.object({ made: z.array(z.string()), begun: z.array(z.string()) }),
});

describe.skipIf(!hasPostgres || process.platform !== "linux")("fault 24", { timeout }, () => {
  test("after 30 of 60 steps the database is gone: what exists is told, kept, and taken in by the same command", async () => {
    await using server = await startPostgres();
    const url = await server.createDatabase();
    await using proxy = await startCuttingProxy(server.port);
    await using stock = await openServerProject(stages, stockDocuments(60));
    const argv = ["up", stockEnvironment, "--yes"];
    const up = stock.start(
      [...argv, "--json"],
      { point: "K5", nth: 30, victim: "freeze" },
      {
        ...variablesFor(proxy.through(url)),
        TERRANE_TEST_PATIENCE: "300",
      },
    );
    await vi.waitFor(async () => expect(await isStopped(up.pid)).toBe(true), {
      timeout: 60_000,
      interval: 20,
    });
    proxy.sever();
    process.kill(up.pid, "SIGCONT");
    const cut = await up.ended;
    expect(cut.code, cut.stdout + cut.stderr).toBe(69);
    const told = toldSchema.parse(JSON.parse(cut.stdout));
    // Whatever a cloud made is on record, or is told by name.
    const recorded = await recordedIds(url);
    const unknown = readObjects(stock).filter(({ id }) => !recorded.has(id));
    expect(unknown.length).toBeGreaterThan(0);
    expect([...told.details.made.map((each) => each.replace(/ \(.*/, "")), ...told.details.begun]).toEqual(
      expect.arrayContaining(unknown.map(({ urn }) => urn)),
    );
    expect((await unsavedOf(stock)).join("")).not.toContain(canary);
    const id = await newestId(await aftermathOn(url, stock, stockEnvironment), stockEnvironment);

    const next = await stock.run(argv, undefined, variablesFor(url));
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(await unsavedOf(stock)).toEqual([]);
    const aftermath = await aftermathOn(url, stock, stockEnvironment);
    expect(await newestId(aftermath, stockEnvironment)).toBe(id);
    expect(await brokenRules(aftermath)).toEqual([]);
    expect(await brokenStillness(aftermath)).toEqual([]);
  });
});
