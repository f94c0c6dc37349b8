import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStateFolder, type StateFolder } from "../../../../src/state/backends/folder.ts";
import { FileJournal } from "../../../../src/state/backends/journal.ts";
import type { StateMoves } from "../../../../src/state/store.ts";
import { Secret } from "../../../../src/values/secret.ts";

const [data, compute] = ["shop.virginia.data", "shop.virginia.compute"];

// What the engine itself wrote into two settings files: each salt is followed by the word "pulumi", sealed.
const passphrase = "ana_gja08jtBkBUIMwXOwgMLvI2QqE1g7qSCJVZJrcE";
const salts: Readonly<Record<string, string>> = {
  [compute]: "v1:qFw4gpIRPdo=:v1:B4LOsaOq0UiFIf3/:/sGLn+ETTM2kZkhYBdUkvNVAvW6cMg==",
  [data]: "v1:v3930m3DKNI=:v1:HC8+OPTXS344hla/:pSkpVG4YHIt/GQTOLdl6VcKs8Xrl+g==",
};
const sealedWord = (stack: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: salts[stack]?.split(":").slice(2).join(":") ?? "",
});

const urnOf = (stack: string, types: string, name: string) =>
  `urn:pulumi:${stack}::terrane::${types}::${name}`;
const rootOf = (stack: string) => urnOf(stack, "pulumi:pulumi:Stack", `terrane-${stack}`);
const providerOf = (stack: string) => urnOf(stack, "pulumi:providers:aws", "virginia");
const postgres = "terrane:component:Postgres";
const instance = `${postgres}$aws:rds/instance:Instance`;

/** Opens a secret as the engine would, with the key of a stack. */
function openWith(stack: string, text: string): string {
  const salt = Buffer.from(salts[stack]?.split(":")[1] ?? "", "base64");
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const [, nonce = "", sealed = ""] = text.split(":");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
}

/** A stack with a database, which depends on something that stays behind. */
function stateOf(stack: string, component: string, more: readonly object[] = []): object {
  const provider = providerOf(stack);
  const root = rootOf(stack);
  const own = urnOf(stack, postgres, component);
  return {
    version: 3,
    checkpoint: {
      stack: `organization/terrane/${stack}`,
      latest: {
        manifest: { time: "2026-11-21T09:00:00Z", magic: "", version: "v3.250.0" },
        secrets_providers: { type: "passphrase", state: { salt: salts[stack] } },
        resources: [
          { urn: root, custom: false, type: "pulumi:pulumi:Stack" },
          { urn: provider, custom: true, id: `id-${stack}`, type: "pulumi:providers:aws", parent: root },
          ...more,
          { urn: own, custom: false, type: postgres, parent: root },
          {
            urn: urnOf(stack, instance, component),
            ...{ custom: true, id: `db-${component}`, type: "aws:rds/instance:Instance", parent: own },
            inputs: { password: sealedWord(stack), owner: own },
            provider: `${provider}::id-${stack}`,
            dependencies: [own, urnOf(stack, "aws:ec2/vpc:Vpc", "other")],
            propertyDependencies: { vpc: [urnOf(stack, "aws:ec2/vpc:Vpc", "other")], owner: [own] },
          },
        ],
        pending_operations: [
          {
            type: "updating",
            resource: { urn: urnOf(stack, instance, component), type: "aws:rds/instance:Instance" },
          },
        ],
      },
    },
  };
}

const other = {
  urn: urnOf(data, "aws:ec2/vpc:Vpc", "other"),
  ...{ custom: true, id: "vpc-1", type: "aws:ec2/vpc:Vpc", parent: rootOf(data) },
  provider: `${providerOf(data)}::id-${data}`,
};

/** The database `orders` of the data stack becomes `bookings` of the compute stack. */
const moves: StateMoves = {
  resources: [
    {
      from: { stack: data, urn: urnOf(data, postgres, "orders") },
      to: { stack: compute, urn: urnOf(compute, postgres, "bookings") },
    },
    {
      from: { stack: data, urn: urnOf(data, instance, "orders") },
      to: { stack: compute, urn: urnOf(compute, instance, "orders") },
    },
  ],
  providers: {},
  stacks: [data, compute],
};

interface Written {
  readonly checkpoint: {
    readonly stack: string;
    readonly latest: {
      readonly resources: readonly Record<string, unknown>[];
      readonly pending_operations: readonly { readonly resource: { readonly urn: string } }[];
    };
  };
}

describe("moving resources between states", () => {
  let folder: string;
  let store: StateFolder;
  const fileOf = (stack: string) => join(folder, ".pulumi", "stacks", "terrane", `${stack}.json`);
  const settingsOf = (stack: string) => join(folder, "settings", stack, `Pulumi.${stack}.yaml`);
  const put = async (file: string, text: string) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const write = async (stack: string, state: object) => {
    await put(fileOf(stack), JSON.stringify(state));
    await put(settingsOf(stack), `encryptionsalt: ${salts[stack]}\n`);
  };
  const written = async (stack: string) => JSON.parse(await readFile(fileOf(stack), "utf8")) as Written;
  const urns = async (stack: string) => (await store.read(stack))?.resources.map((each) => each.urn);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-"));
    store = await openStateFolder({ root: folder, passphrase: new Secret(passphrase) });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("takes parts and operations along, uses the provider that is there, and forgets what stays behind", async () => {
    await write(data, stateOf(data, "orders", [other]));
    await write(compute, stateOf(compute, "cache"));
    await store.move(moves);
    expect(await urns(data)).toEqual([rootOf(data), providerOf(data), other.urn]);
    const { latest } = (await written(compute)).checkpoint;
    expect(latest.resources.slice(4)).toMatchObject([
      { urn: urnOf(compute, postgres, "bookings"), parent: rootOf(compute) },
      {
        urn: urnOf(compute, instance, "orders"),
        id: "db-orders",
        parent: urnOf(compute, postgres, "bookings"),
        provider: `${providerOf(compute)}::id-${compute}`,
        inputs: { owner: urnOf(compute, postgres, "bookings") },
        dependencies: [urnOf(compute, postgres, "bookings")],
        propertyDependencies: { vpc: [], owner: [urnOf(compute, postgres, "bookings")] },
      },
    ]);
    expect(latest.pending_operations.map((each) => each.resource.urn).sort()).toEqual([
      urnOf(compute, instance, "cache"),
      urnOf(compute, instance, "orders"),
    ]);
    expect((await written(data)).checkpoint.latest.pending_operations).toEqual([]);
  });

  it("seals secrets anew with the key of the stack they go to, as that stack's own are sealed", async () => {
    await write(data, stateOf(data, "orders"));
    await write(compute, stateOf(compute, "cache"));
    await store.move(moves);
    const { resources } = (await written(compute)).checkpoint.latest;
    const inputs = resources.at(-1)?.["inputs"] as { password: { ciphertext: string } } | undefined;
    const text = inputs?.password.ciphertext ?? "";
    expect(text).not.toBe(sealedWord(data).ciphertext);
    expect(openWith(compute, text)).toBe("pulumi");
  });

  it("makes a stack that is not there as a twin with its key, and lets the emptied one go", async () => {
    await write(data, stateOf(data, "orders"));
    await store.move(moves);
    expect(await store.read(data)).toBeUndefined();
    const made = await written(compute);
    expect(made.checkpoint.stack).toBe(`organization/terrane/${compute}`);
    expect(made.checkpoint.latest.resources.map((each) => each["urn"])).toEqual([
      rootOf(compute),
      urnOf(compute, postgres, "bookings"),
      providerOf(compute),
      urnOf(compute, instance, "orders"),
    ]);
    expect(await readFile(settingsOf(compute), "utf8")).toBe(`encryptionsalt: ${salts[data]}\n`);
    await expect(readFile(settingsOf(data))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("shows how everything will read, and writes nothing", async () => {
    await write(data, stateOf(data, "orders"));
    const before = await readFile(fileOf(data), "utf8");
    const after = await store.afterMoves(moves);
    expect(await after.read(data)).toBeUndefined();
    expect((await after.read(compute))?.resources).toHaveLength(4);
    await using copy = await after.openCopy(compute);
    expect(copy.access.exists).toBe(true);
    expect(await readFile(fileOf(data), "utf8")).toBe(before);
    expect(await store.read(compute)).toBeUndefined();
  });

  it("refuses what is no longer there, and what would take another's place", async () => {
    await write(compute, stateOf(compute, "bookings"));
    await expect(store.move(moves)).rejects.toMatchObject({ code: "plan-stale" });
    await write(data, stateOf(data, "orders"));
    await expect(store.move(moves)).rejects.toMatchObject({ code: "plan-stale" });
  });

  it("is done for every reader once it is committed, and completed by the next who writes", async () => {
    await write(data, stateOf(data, "orders"));
    const path = (file: string) => file.slice(folder.length + 1);
    await new FileJournal(folder).commit("shop", {
      [path(fileOf(compute))]: JSON.stringify(stateOf(compute, "orders")),
      [path(fileOf(data))]: null,
    });
    expect(await urns(data)).toBeUndefined();
    expect(await urns(compute)).toHaveLength(4);
    expect(await readFile(fileOf(data), "utf8")).not.toBe("");
    await using lease = await store.open(compute);
    expect(lease.access.exists).toBe(true);
    await expect(readFile(fileOf(data))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await new FileJournal(folder).pending("shop")).toEqual({});
  });

  it("is left alone by writers of other environments", async () => {
    await new FileJournal(folder).commit("shop", { "settings/note": "text" });
    await store.open("other.virginia.data");
    await expect(readFile(join(folder, "settings", "note"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
