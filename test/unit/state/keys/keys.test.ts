import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TerraneError } from "../../../../src/errors.ts";
import { ledgerMigrations } from "../../../../src/ledger/migrations.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { type KeySource, keyFileSource, passphraseSource } from "../../../../src/state/keys/key-source.ts";
import { StateKeys } from "../../../../src/state/keys/keys.ts";
import { Secret } from "../../../../src/values/secret.ts";

const shop = { id: "stack-1", name: "shop.virginia.data" };
const other = { id: "stack-2", name: "other.virginia.data" };
const bytes = (text: string) => Buffer.from(text);

describe("keys of the state", () => {
  let folder: string;
  let database: Database;

  const keysOf = (source: KeySource) =>
    new StateKeys({ database, source, now: () => new Date("2026-11-21T12:00:00Z") });
  const passphrase = (text: string) =>
    passphraseSource(
      "the passphrase in the environment variable STATE_PASSPHRASE",
      async () => new Secret(text),
    );
  const keyFile = () => keyFileSource(join(folder, "state", "key"));
  const refusalOf = (act: Promise<unknown>) =>
    act.then(
      () => expect.fail("was not refused"),
      (error: unknown) => error as TerraneError,
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keys-"));
    database = await openDatabase({ path: join(folder, "ledger.sqlite"), migrations: ledgerMigrations });
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ["a passphrase", () => passphrase("correct horse battery staple")],
    ["a key file", () => keyFile()],
  ])("opens in another process what it sealed in this one, with %s", async (_, source) => {
    const here = keysOf(source());
    const ring = await here.makeRing(shop);
    const sealed = await here.cipherOf({ ...shop, ring }).encrypt(bytes("canary-1b7"));
    const there = keysOf(source()).cipherOf({ ...shop, ring });
    expect(Buffer.from(await there.decrypt(sealed)).toString()).toBe("canary-1b7");
  });

  it("opens any value for the stack that sealed it, and for no other, whichever bit is changed", async () => {
    const keys = keysOf(keyFile());
    const ring = await keys.makeRing(shop);
    const cipher = keys.cipherOf({ ...shop, ring });
    const thief = keys.cipherOf({ ...other, ring: await keys.makeRing(other) });
    const borrower = keys.cipherOf({ ...other, ring });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        async (plain, at, bit) => {
          const sealed = await cipher.encrypt(plain);
          expect(Buffer.from(await cipher.decrypt(sealed)).equals(Buffer.from(plain))).toBe(true);
          const changed = Uint8Array.from(sealed);
          changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ (1 << bit);
          for (const attempt of [cipher.decrypt(changed), thief.decrypt(sealed), borrower.decrypt(sealed)])
            expect((await refusalOf(attempt)).code).toBe("state-corrupt");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("never seals one value twice to the same bytes", async () => {
    const keys = keysOf(keyFile());
    const cipher = keys.cipherOf({ ...shop, ring: await keys.makeRing(shop) });
    const sealed = await Promise.all(Array.from({ length: 200 }, () => cipher.encrypt(bytes("same"))));
    expect(new Set(sealed.map((each) => Buffer.from(each).toString("hex"))).size).toBe(200);
  });

  it("writes neither value, nor passphrase, nor any data key into the ledger", async () => {
    const keys = keysOf(passphrase("canary-passphrase-77"));
    const ring = await keys.makeRing(shop);
    const sealed = await keys.cipherOf({ ...shop, ring }).encrypt(bytes("canary-value-88"));
    await database.write([
      {
        sql: "INSERT INTO counters (name, value) VALUES (?, 1)",
        // As bytes: some of what is sealed holds a NUL, which no text may.
        parameters: [Buffer.concat([Buffer.from(`${ring} `), sealed])],
      },
    ]);
    const files = await Promise.all(
      ["", "-wal"].map((suffix) => readFile(join(folder, `ledger.sqlite${suffix}`), "latin1")),
    );
    expect(files.join("")).toContain('"wrapped"');
    expect(files.join("")).not.toMatch(/canary/);
  });

  describe("a passphrase that is not the one", () => {
    const name = "the passphrase in the environment variable STATE_PASSPHRASE";
    const unset = () =>
      passphraseSource(name, async () => {
        throw new TerraneError("wrong-passphrase", `${name} is not set`);
      });

    it.each([
      ["wrong", () => passphrase("wrong"), `${name} does not open the secrets of shop.virginia.data`],
      ["not set", unset, `${name} is not set`],
      [
        "none at all",
        () => keyFile(),
        /^the secrets of shop.virginia.data are sealed with a passphrase, and the project gives the key file \//,
      ],
    ])("is recognised when it is %s, before anything is sealed", async (_, source, message) => {
      const ring = await keysOf(passphrase("right")).makeRing(shop);
      const before = await database.read("SELECT * FROM key_wrappers");
      const wrong = keysOf(source());
      const refusals = await Promise.all([
        refusalOf(wrong.assertUsable(shop.name)),
        refusalOf(wrong.cipherOf({ ...shop, ring }).encrypt(bytes("x"))),
        refusalOf(wrong.makeRing(other)),
      ]);
      for (const refusal of refusals) {
        expect(refusal.code).toBe("wrong-passphrase");
        expect(refusal.message).toMatch(message);
      }
      expect(await database.read("SELECT * FROM key_wrappers")).toEqual(before);
    });

    it("is asked for once, however many values are opened", async () => {
      let asked = 0;
      const counting = passphraseSource(name, async () => {
        asked += 1;
        return new Secret("wrong");
      });
      const ring = await keysOf(passphrase("right")).makeRing(shop);
      const cipher = keysOf(counting).cipherOf({ ...shop, ring });
      await Promise.all(Array.from({ length: 20 }, () => refusalOf(cipher.decrypt(bytes("x".repeat(60))))));
      expect(asked).toBeLessThanOrEqual(1);
      await Promise.all(Array.from({ length: 20 }, () => refusalOf(cipher.encrypt(bytes("x")))));
      expect(asked).toBe(1);
    });
  });

  it("asks for the passphrase only when a secret is sealed or opened", async () => {
    const ring = await keysOf(passphrase("right")).makeRing(shop);
    const never = keysOf(passphraseSource("none", () => expect.fail("was asked")));
    expect(never.cipherOf({ ...shop, ring })).toBeDefined();
  });

  it("makes one key file and one wrapper when several processes start at once", async () => {
    const rings = await Promise.all(
      [1, 2, 3, 4].map(async (each) => {
        const keys = keysOf(keyFile());
        const stack = { id: `stack-${each}`, name: `s${each}` };
        return { stack, ring: await keys.makeRing(stack) };
      }),
    );
    expect(await database.read("SELECT status FROM key_wrappers")).toEqual([{ status: "active" }]);
    for (const { stack, ring } of rings) {
      const sealed = await keysOf(keyFile())
        .cipherOf({ ...stack, ring })
        .encrypt(bytes("ok"));
      expect(
        await keysOf(keyFile())
          .cipherOf({ ...stack, ring })
          .decrypt(sealed),
      ).toEqual(bytes("ok"));
    }
  });

  it("makes a key file that only its owner can use, and takes none that others can", async () => {
    const file = join(folder, "state", "key");
    await keysOf(keyFile()).assertUsable();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o640);
    const refusal = await refusalOf(keysOf(keyFile()).assertUsable());
    expect(refusal.code).toBe("permission-denied");
    expect(refusal.next).toContain(`chmod 600 ${file}`);
  });

  it("never makes a new key file in the place of one that is gone", async () => {
    await keysOf(keyFile()).assertUsable();
    await rm(join(folder, "state", "key"));
    const refusal = await refusalOf(keysOf(keyFile()).assertUsable(shop.name));
    expect(refusal.code).toBe("wrong-passphrase");
    expect(refusal.message).toContain(`the key file ${join(folder, "state", "key")} is gone`);
    await expect(stat(join(folder, "state", "key"))).rejects.toThrow("ENOENT");
  });

  it("takes the key file of earlier releases, and says when it is another one", async () => {
    const file = join(folder, "state", "key");
    await mkdir(join(folder, "state"));
    await writeFile(file, "cGFzc3BocmFzZQ\n", { mode: 0o600 });
    await keysOf(keyFile()).assertUsable();
    expect(await readFile(file, "utf8")).toBe("cGFzc3BocmFzZQ\n");
    await writeFile(file, "another\n");
    expect(await refusalOf(keysOf(keyFile()).assertUsable(shop.name))).toMatchObject({
      code: "wrong-passphrase",
      message: `the key file ${file} does not open the secrets of shop.virginia.data`,
    });
  });

  it.each([
    ["a cost that would take all memory", { cost: 2 ** 30 }],
    ["a cost that is no power of two", { cost: 3000 }],
    ["no salt", { salt: "" }],
  ])("refuses a wrapper of the ledger with %s", async (_, changes) => {
    await keysOf(passphrase("right")).assertUsable();
    const [row] = await database.read<{ parameters: string }>("SELECT parameters FROM key_wrappers");
    const parameters = JSON.stringify({ ...JSON.parse(row?.parameters ?? ""), ...changes });
    await database.write([{ sql: "UPDATE key_wrappers SET parameters = ?", parameters: [parameters] }]);
    const refusal = await refusalOf(keysOf(passphrase("right")).assertUsable());
    expect(refusal.code).toBe("state-corrupt");
  });
});
