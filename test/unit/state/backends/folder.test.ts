import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStateFolder } from "../../../../src/state/backends/folder.ts";
import { resourcesOf } from "../../../../src/state/store.ts";
import { Secret } from "../../../../src/values/secret.ts";

const stack = "demo.virginia.network";
const root = `urn:pulumi:${stack}::terrane::pulumi:pulumi:Stack::terrane-${stack}`;
const vpc = `urn:pulumi:${stack}::terrane::aws:ec2/vpc:Vpc::vpc`;

const checkpoint = JSON.stringify({
  version: 3,
  checkpoint: {
    stack: `organization/terrane/${stack}`,
    latest: {
      manifest: { time: "2026-11-21T09:00:00Z", magic: "", version: "v3.250.0" },
      resources: [
        { urn: root, custom: false, type: "pulumi:pulumi:Stack" },
        { urn: vpc, custom: true, id: "vpc-1", type: "aws:ec2/vpc:Vpc", parent: root, protect: true },
      ],
      pending_operations: [
        { resource: { urn: `${vpc}-2`, custom: true, type: "aws:ec2/vpc:Vpc" }, type: "creating" },
      ],
    },
  },
});

describe("state in a folder", () => {
  let folder: string;
  const stackFile = () => join(folder, ".pulumi", "stacks", "terrane", `${stack}.json`);
  const writeStack = async (text: string) => {
    await mkdir(join(stackFile(), ".."), { recursive: true });
    await writeFile(stackFile(), text);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("tells what a stack holds, and what was begun without an end", async () => {
    await writeStack(checkpoint);
    const state = await (await openStateFolder({ root: folder })).read(stack);
    expect(state?.resources.map(({ type, id, protect }) => ({ type, id, protect }))).toEqual([
      { type: "pulumi:pulumi:Stack", id: undefined, protect: false },
      { type: "aws:ec2/vpc:Vpc", id: "vpc-1", protect: true },
    ]);
    expect(resourcesOf(state).map(({ urn }) => urn)).toEqual([vpc]);
    expect(state?.pending).toEqual([{ urn: `${vpc}-2`, operation: "creating" }]);
  });

  it.each([
    ["aws:rds/instance:Instance", "deletionProtection"],
    ["gcp:container/cluster:Cluster", "deletionProtection"],
    ["aws:cloudwatch/logGroup:LogGroup", "deletionProtectionEnabled"],
    ["aws:lb/loadBalancer:LoadBalancer", "enableDeletionProtection"],
  ])("tells that the cloud of a %s would refuse to delete it", async (type, property) => {
    const resource = (name: string, outputs: object) => ({
      urn: `urn:pulumi:${stack}::terrane::${type}::${name}`,
      custom: true,
      type,
      outputs,
    });
    const resources = [
      resource("kept", { [property]: true }),
      resource("loose", { [property]: false }),
      resource("silent", {}),
    ];
    await writeStack(JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }));
    const state = await (await openStateFolder({ root: folder })).read(stack);
    expect(state?.resources.map(({ deletionProtected }) => deletionProtected)).toEqual([true, false, false]);
  });

  it("knows no stack where there is no file", async () => {
    const store = await openStateFolder({ root: folder });
    expect(await store.read(stack)).toBeUndefined();
    await using lease = await store.open(stack);
    expect(lease.access.exists).toBe(false);
  });

  it.each([
    ["cut short", checkpoint.slice(0, 40)],
    ["of zero bytes", ""],
    ["of another kind", '{"checkpoint": 7}'],
  ])("refuses a state that is %s", async (_what, text) => {
    await writeStack(text);
    await expect((await openStateFolder({ root: folder })).read(stack)).rejects.toMatchObject({
      code: "state-corrupt",
    });
  });

  it("hands a preview a copy of its own and removes it afterwards", async () => {
    await writeStack(checkpoint);
    const store = await openStateFolder({ root: folder });
    const copy = await store.openCopy(stack);
    const path = fileURLToPath(copy.access.url);
    expect(path).not.toBe(folder);
    expect(copy.access.exists).toBe(true);
    await writeFile(join(path, ".pulumi", "stacks", "terrane", `${stack}.json`), "{}");
    expect(resourcesOf(await store.read(stack))).toHaveLength(1);
    await copy[Symbol.asyncDispose]();
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("agrees on one key when several processes start at once, and keeps it from other users", async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStateFolder({ root: folder })));
    const keys = await Promise.all(
      stores.map(async (store) => (await store.open(stack)).access.passphrase.reveal()),
    );
    expect(new Set(keys).size).toBe(1);
    expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.startsWith("key."))).toEqual([]);
  });

  it("uses the passphrase it is given and makes no key", async () => {
    const store = await openStateFolder({ root: folder, passphrase: new Secret("given") });
    expect((await store.open(stack)).access.passphrase.reveal()).toBe("given");
    expect(await readdir(folder)).not.toContain("key");
  });

  it("forgets a stack", async () => {
    await writeStack(checkpoint);
    const store = await openStateFolder({ root: folder });
    await store.remove(stack);
    expect(await store.read(stack)).toBeUndefined();
  });
});
