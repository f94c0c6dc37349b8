import { request } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StateService } from "../../../src/state/service/service.ts";
import { readSession, writeSession } from "../../../src/state/service/session.ts";
import { makeStackWorld, type StackWorld, stateOf } from "../../support/stack-world.ts";

const pack = promisify(gzip);
const ref = { project: "terrane", name: "pay.virginia.network" };
const path = `/api/stacks/organization/terrane/${ref.name}`;
const urn = (name: string) => `urn:pulumi:${ref.name}::terrane::aws:s3/bucket:Bucket::${name}`;
const begin = (operation: number, name: string) => ({
  ...{ version: 1, kind: 0, sequenceID: operation * 2 - 1, operationID: operation },
  operation: { type: "creating", resource: { urn: urn(name), type: "aws:s3/bucket:Bucket", custom: true } },
});
const success = (operation: number, name: string) => ({
  ...{ version: 1, kind: 1, sequenceID: operation * 2, operationID: operation },
  state: { urn: urn(name), type: "aws:s3/bucket:Bucket", custom: true, id: name },
});

describe("the state's service", () => {
  let world: StackWorld;
  let service: StateService;

  beforeEach(async () => {
    world = await makeStackWorld();
    service = await StateService.open({ store: world.store, largestBody: 2 ** 20 });
  });
  afterEach(async () => {
    await service[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const call = async (authorization: string, method: string, to: string, body?: unknown) => {
    const answer = await fetch(`${service.url}${to}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text === "" ? undefined : JSON.parse(text)) as Record<string, unknown>,
    };
  };

  /** A session that writes, and an update of it that is at work. */
  async function startUpdate(authorise?: (urn: string, operation: string) => boolean) {
    const lease = await world.take("pay");
    if ((await world.store.find(ref)) === undefined) await world.store.create(ref, lease);
    const session = service.grant(writeSession(ref, lease, authorise));
    const token = `token ${session.token}`;
    const { body: created } = await call(token, "POST", `${path}/update`, { options: {}, metadata: {} });
    const update = `${path}/update/${created["updateID"]}`;
    const { body: started } = await call(token, "POST", update, { journalVersion: 1 });
    return { session, token, update, updateToken: `update-token ${started["token"]}`, started };
  }

  it("opens one stack by a token, and nothing once the token is given back", async () => {
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    await world.store.create({ ...ref, name: "pay.iowa.network" }, lease);
    const session = service.grant(readSession(ref));
    const token = `token ${session.token}`;
    expect((await call(token, "GET", path)).status).toBe(200);
    expect((await call(token, "GET", "/api/stacks/organization/terrane/pay.iowa.network")).status).toBe(404);
    const { body } = await call(token, "GET", "/api/user/stacks");
    expect(body["stacks"]).toMatchObject([{ stackName: ref.name }]);
    await session[Symbol.asyncDispose]();
    expect((await call(token, "GET", path)).status).toBe(401);
  });

  it.each([
    ["no token", ""],
    ["a wrong token", "token 00000000000000000000000000000000"],
    ["a token of another kind", "Bearer x"],
    ["a token of an update", "update-token x"],
  ])("lets nobody in with %s, and says what to do", async (_, authorization) => {
    const { status, body } = await call(authorization, "GET", "/api/user");
    expect([status, body]).toEqual([
      401,
      { code: 401, message: expect.stringContaining("PULUMI_ACCESS_TOKEN") },
    ]);
  });

  it("answers only to its own name, so that no page in a browser can be made to reach it", async () => {
    const session = service.grant(readSession(ref));
    const { port } = new URL(service.url);
    const status = await new Promise((resolve) => {
      const headers = { host: `evil.example:${port}`, authorization: `token ${session.token}` };
      request({ host: "127.0.0.1", port, path: "/api/user", headers }, (answer) =>
        resolve(answer.statusCode),
      ).end();
    });
    expect(status).toBe(401);
  });

  it("changes nothing for a session that reads", async () => {
    await world.store.create(ref, await world.take("pay"));
    const token = `token ${service.grant(readSession(ref)).token}`;
    const { body: created } = await call(token, "POST", `${path}/update`, { options: {}, metadata: {} });
    const start = await call(token, "POST", `${path}/update/${created["updateID"]}`, { journalVersion: 1 });
    const imported = await call(token, "POST", `${path}/import`, stateOf(ref.name, 1));
    const removed = await call(token, "DELETE", path);
    expect([start.status, imported.status, removed.status]).toEqual([403, 403, 403]);
    expect(await world.store.head(ref)).toMatchObject({ serial: 0 });
  });

  it("takes the entries of an engine, packed or not, and ends them as one checkpoint", async () => {
    const { update, updateToken, token, started } = await startUpdate();
    expect(started).toMatchObject({ version: 1, journalVersion: 1 });
    expect(
      (await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [begin(1, "a")] })).status,
    ).toBe(200);
    const packed = await fetch(`${service.url}${update}/journalentries`, {
      method: "PATCH",
      headers: { authorization: updateToken, "content-encoding": "gzip" },
      body: await pack(JSON.stringify({ entries: [success(1, "a")] })),
    });
    expect(packed.status).toBe(200);
    expect((await call(updateToken, "POST", `${update}/complete`, { status: "succeeded" })).status).toBe(200);
    const { body } = await call(token, "GET", `${path}/export`);
    expect(body).toMatchObject({ deployment: { resources: [{ urn: urn("a"), id: "a" }] } });
    expect((await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [] })).status).toBe(403);
  });

  it("refuses a step that is not agreed to, and keeps what came with it", async () => {
    const { update, updateToken } = await startUpdate((each) => each !== urn("b"));
    await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [begin(1, "a")] });
    const entries = [success(1, "a"), begin(2, "b")];
    const { status, body } = await call(updateToken, "PATCH", `${update}/journalentries`, { entries });
    expect([status, body["message"]]).toEqual([409, expect.stringContaining(`creating ${urn("b")}`)]);
    await call(updateToken, "POST", `${update}/complete`, { status: "failed" });
    const { deployment } = await world.store.state(ref);
    expect([deployment.resources?.map((each) => each.urn), deployment.pending_operations ?? []]).toEqual([
      [urn("a")],
      [],
    ]);
  });

  it("refuses an entry of whoever has lost the lease, and says so", async () => {
    const { update, updateToken } = await startUpdate();
    await world.take("pay");
    const { status, body } = await call(updateToken, "PATCH", `${update}/journalentries`, {
      entries: [begin(1, "a")],
    });
    expect([status, body["message"]]).toEqual([409, expect.stringContaining("no longer holds")]);
  });

  it("closes what a session left at work when its token is given back", async () => {
    const { update, updateToken, session } = await startUpdate();
    await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [begin(1, "a")] });
    await session[Symbol.asyncDispose]();
    expect(await world.store.get(ref)).toMatchObject({ pending: 1, activeUpdate: undefined });
    expect((await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [] })).status).toBe(403);
  });

  it.each([
    ["an entry of an unknown kind", { ...begin(1, "a"), kind: 42 }, 409],
    ["an entry of an unknown version", { ...begin(1, "a"), version: 2 }, 409],
    ["something that is no entry", { hello: 1 }, 400],
  ])("takes nothing of %s", async (_, entry, status) => {
    const { update, updateToken } = await startUpdate();
    expect((await call(updateToken, "PATCH", `${update}/journalentries`, { entries: [entry] })).status).toBe(
      status,
    );
    expect(await world.database.read("SELECT batch FROM journal")).toEqual([]);
  });

  it.each([
    ["text that is not JSON", "}", {}],
    ["bytes that are not gzip", "hello", { "content-encoding": "gzip" }],
  ])("refuses %s as a bad request", async (_, body, headers) => {
    const { update, updateToken } = await startUpdate();
    const answer = await fetch(`${service.url}${update}/journalentries`, {
      ...{ method: "PATCH", body, headers: { authorization: updateToken, ...headers } },
    });
    expect(answer.status).toBe(400);
  });

  it("refuses a body that inflates without end", async () => {
    const { update, updateToken } = await startUpdate();
    const answer = await fetch(`${service.url}${update}/journalentries`, {
      method: "PATCH",
      headers: { authorization: updateToken, "content-encoding": "gzip" },
      body: await pack(Buffer.alloc(2 ** 20 + 1)),
    });
    expect(answer.status).toBe(413);
  });

  it("seals and opens secrets of its stack only, one by one or many at once", async () => {
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    const token = `token ${service.grant(writeSession(ref, lease)).token}`;
    const plaintexts = ["one", "", "three"].map((text) => Buffer.from(text).toString("base64"));
    const { body: sealed } = await call(token, "POST", `${path}/batch-encrypt`, { plaintexts });
    const ciphertexts = sealed["ciphertexts"] as string[];
    const { body: opened } = await call(token, "POST", `${path}/batch-decrypt`, { ciphertexts });
    expect(ciphertexts.map((each) => (opened["plaintexts"] as Record<string, string>)[each])).toEqual(
      plaintexts,
    );
    const foreign = await call(token, "POST", `${path}/decrypt`, {
      ciphertext: Buffer.from("nothing that was sealed here").toString("base64"),
    });
    expect([foreign.status, foreign.body["message"]]).toEqual([
      500,
      expect.stringContaining("none that this stack sealed"),
    ]);
  });

  it("says that it does not know a route", async () => {
    const token = `token ${service.grant(readSession(ref)).token}`;
    const { status, body } = await call(token, "GET", "/api/orgs/organization/members");
    expect([status, body["message"]]).toEqual([
      404,
      expect.stringContaining("not something this service does"),
    ]);
  });
});
