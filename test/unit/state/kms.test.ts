import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TerraneError } from "../../../src/errors.ts";
import { ledgerMigrations } from "../../../src/ledger/migrations.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { kmsSource } from "../../../src/state/keys/key-source.ts";
import { StateKeys } from "../../../src/state/keys/keys.ts";
import { findGoogleToken } from "../../../src/state/keys/kms-google-token.ts";
import { parseKmsUrl } from "../../../src/state/keys/kms-url.ts";
import { awsCredentials, googleToken, type KmsServer, startKms } from "../../support/kms-server.ts";

const shop = { id: "stack-1", name: "shop.virginia.data" };
const now = () => new Date("2026-11-21T12:00:00Z");
const googleKey = "projects/p/locations/europe-west1/keyRings/terrane/cryptoKeys/state";
const refusalOf = (act: Promise<unknown>) =>
  act.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error as TerraneError,
  );

describe("URLs of cloud keys", () => {
  it.each([
    ["awskms://alias/terrane?region=eu-west-1", { cloud: "aws", key: "alias/terrane", region: "eu-west-1" }],
    [
      "awskms://1234abcd-12ab-34cd-56ef-1234567890ab",
      { key: "1234abcd-12ab-34cd-56ef-1234567890ab", region: undefined },
    ],
    [
      "awskms:///arn:aws:kms:eu-west-1:111122223333:key/12?awssdk=v2&profile=ops&context_team=a",
      {
        key: "arn:aws:kms:eu-west-1:111122223333:key/12",
        region: "eu-west-1",
        profile: "ops",
        context: { team: "a" },
      },
    ],
    [`gcpkms://${googleKey}`, { cloud: "google", key: googleKey }],
  ])("understands %s", (url, key) => {
    expect(parseKmsUrl(url)).toMatchObject(key);
  });

  it.each([
    ["awskms://", "bad-url"],
    ["awskms://alias/x?regoin=eu-west-1", "bad-url"],
    ["gcpkms://projects/p/keyRings/r", "bad-url"],
    ["https://example.com", "bad-url"],
    ["alias/terrane", "bad-url"],
    ["azurekeyvault://vault.vault.azure.net/keys/state", "not-in-this-release"],
  ])("refuses %s as %s", (url, code) => {
    expect(() => parseKmsUrl(url)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a cloud's key", () => {
  let folder: string;
  let database: Database;
  let kms: KmsServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-"));
    database = await openDatabase({ path: ":memory:", migrations: ledgerMigrations });
    kms = await startKms();
  });
  afterEach(async () => {
    await database.close();
    await kms[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const sources = {
    aws: () =>
      kmsSource(`awskms://alias/terrane?region=eu-west-1&context_team=ops&endpoint=${kms.url}`, {
        environment: awsCredentials,
        now,
      }),
    google: () =>
      kmsSource(`gcpkms://${googleKey}`, {
        environment: { GOOGLE_OAUTH_ACCESS_TOKEN: googleToken },
        now,
        googleEndpoint: kms.url,
      }),
  };
  const keysOf = (cloud: keyof typeof sources) => new StateKeys({ database, source: sources[cloud](), now });

  it.each([
    ["aws", "alias/terrane", { team: "ops", "terrane:for": shop.id }],
    ["google", googleKey, `terrane:for=${shop.id}`],
  ] as const)(
    "of %s wraps a stack's keys for that stack alone, once a process",
    async (cloud, key, context) => {
      const keys = keysOf(cloud);
      const ring = await keys.makeRing(shop);
      const sealed = await keys.cipherOf({ ...shop, ring }).encrypt(Buffer.from("canary"));
      expect(kms.calls.at(-1)).toEqual({ verb: "encrypt", key, context });
      kms.calls.length = 0;
      const cipher = keysOf(cloud).cipherOf({ ...shop, ring });
      const opened = await Promise.all(Array.from({ length: 10 }, () => cipher.decrypt(sealed)));
      expect(opened.map((each) => Buffer.from(each).toString())).toEqual(Array(10).fill("canary"));
      // The probe of the wrapper, then the key.
      expect(kms.calls.map(({ verb }) => verb)).toEqual(["decrypt", "decrypt"]);
      const stolen = keysOf(cloud).cipherOf({ id: "stack-2", name: "other", ring });
      expect((await refusalOf(stolen.decrypt(sealed))).code).toBe("state-corrupt");
    },
  );

  it.each([
    ["aws", "DisabledException", "Enable the key, then run the command again."],
    ["aws", "KMSInvalidStateException", /Cancel the key's deletion/],
    ["aws", "AccessDeniedException", /kms:Encrypt and kms:Decrypt/],
    ["aws", "NotFoundException", /state\.key/],
    ["google", "FAILED_PRECONDITION", /Enable the key's primary version/],
    ["google", "PERMISSION_DENIED", /cryptoKeyEncrypterDecrypter/],
  ] as const)(
    "of %s that answers %s is told before anything is touched, with what to do",
    async (cloud, code, next) => {
      await keysOf(cloud).assertUsable();
      kms.fail(code);
      const refusal = await refusalOf(keysOf(cloud).assertUsable(shop.name));
      expect(refusal.code).toBe("key-unavailable");
      expect(refusal.message).toContain(code);
      expect(refusal.message).toContain("kms://");
      expect(refusal.next).toMatch(next);
    },
  );

  it("is asked again once it answers", async () => {
    const keys = keysOf("aws");
    kms.fail("DisabledException");
    expect((await refusalOf(keys.assertUsable())).code).toBe("key-unavailable");
    kms.fail(undefined);
    await keys.assertUsable();
  });

  it("is not taken for another one, nor for a passphrase", async () => {
    await keysOf("aws").assertUsable();
    const refusal = await refusalOf(keysOf("google").assertUsable(shop.name));
    expect(refusal.code).toBe("wrong-passphrase");
    expect(refusal.message).toBe(`gcpkms://${googleKey} does not open the secrets of shop.virginia.data`);
  });

  it("of AWS refuses credentials that are not the account's", async () => {
    const source = kmsSource(`awskms://alias/terrane?region=eu-west-1&endpoint=${kms.url}`, {
      environment: { ...awsCredentials, AWS_SECRET_ACCESS_KEY: "another" },
      now,
    });
    const refusal = await refusalOf(new StateKeys({ database, source, now }).assertUsable());
    expect(refusal.message).toContain("InvalidSignatureException");
  });

  describe("of Google Cloud takes its token", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const write = async (content: object | string) => {
      const file = join(folder, "credentials.json");
      await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
      return { GOOGLE_APPLICATION_CREDENTIALS: file };
    };

    beforeEach(async () => {
      await kms[Symbol.asyncDispose]();
      kms = await startKms({ serviceAccountKey: publicKey });
    });

    it("from a service account's file, by an assertion that it signs", async () => {
      const environment = await write({
        type: "service_account",
        client_email: "terrane@p.iam.gserviceaccount.com",
        private_key: privateKey,
        token_uri: `${kms.url}/token`,
      });
      expect((await findGoogleToken({ environment, now })).reveal()).toBe(googleToken);
    });

    it("from a user's file, by its refresh token", async () => {
      const environment = await write({
        type: "authorized_user",
        client_id: "c",
        client_secret: "s",
        refresh_token: "refresh-me",
        token_uri: `${kms.url}/token`,
      });
      expect((await findGoogleToken({ environment, now })).reveal()).toBe(googleToken);
    });

    it("from the metadata server where there is no file", async () => {
      const environment = { HOME: folder, GCE_METADATA_HOST: new URL(kms.url).host };
      expect((await findGoogleToken({ environment, now })).reveal()).toBe(googleToken);
    });

    it.each([
      ["no JSON", "canary-private-key {"],
      ["something else", { type: "canary", private_key: "canary" }],
    ])("and repeats nothing of a file that holds %s", async (_, content) => {
      const refusal = await refusalOf(findGoogleToken({ environment: await write(content), now }));
      expect(refusal.code).toBe("key-unavailable");
      expect(`${refusal.message} ${refusal.stack} ${String(refusal.cause)}`).not.toContain("canary");
    });
  });
});
