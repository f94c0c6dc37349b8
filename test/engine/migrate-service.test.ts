/** States taken to a backend that speaks the Pulumi service's protocol, and from one: the service of a second project. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyAudit } from "../../src/platform/audit.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { type MigrateRequest, migrateStates } from "../../src/platform/migrate.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { type ServedState, serveState } from "../../src/platform/serve-state.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { seedState, seenStates } from "../support/seeded-states.ts";

const names = ["pay.virginia.data", "pay.virginia.network"];
const secretOf = (name: string) => `canary of ${name}`;

let here: TestProject;
let there: TestProject;
let served: ServedState;

beforeEach(async () => {
  [here, there] = await Promise.all([makeProject({}), makeProject({})]);
  served = await serveState(there.context, { startedBy: "keeper" });
});
afterEach(async () => {
  await served[Symbol.asyncDispose]();
  await Promise.all([here, there].map((project) => project[Symbol.asyncDispose]()));
});

const loggedIn = (context: PlatformContext): PlatformContext => ({
  ...context,
  environment: { ...context.environment, PULUMI_ACCESS_TOKEN: served.token.reveal() },
});
const migrate = (project: TestProject, direction: MigrateRequest["direction"]) =>
  migrateStates(loggedIn(project.context), { direction, url: served.url, stacks: [], startedBy: "mover" });
const recordsOf = async ({ context }: TestProject, what: string) => {
  await using project = await openProject(context);
  const records = await (await project.app.ledger()).audit.list({ limit: 100 });
  const found = records.filter((record) => record.what === what);
  const told = found.map(({ who, stack, facts }) => [who, stack, facts]);
  return told;
};

test("all states go to a service with their secrets and from it to a third project, on record on both sides", async () => {
  for (const name of names) await seedState(here.context, name, secretOf(name));
  const before = await seenStates(here.context);

  const left = await migrate(here, "to");
  expect(left).toMatchObject({
    to: `${served.url}/`,
    stacks: names.map((name) => ({ name, outcome: "moved" })),
    next: `Write into terrane.yaml, now: state: { url: "${served.url}/" }`,
  });
  const mark = { "terrane:moved-to": `${served.url}/` };
  expect(await seenStates(here.context)).toEqual(
    Object.fromEntries(names.map((name) => [name, { ...before[name], tags: mark }])),
  );
  expect(await recordsOf(here, "state taken elsewhere")).toEqual(
    names.map((name) => ["mover", `terrane/${name}`, mark]).reverse(),
  );
  const arrived = await seenStates(there.context);
  for (const name of names) {
    expect(arrived[name]).toMatchObject({ urns: before[name]?.urns, secrets: [`"${secretOf(name)}"`] });
  }
  expect(Object.keys(arrived)).toEqual(names);
  expect((await migrate(here, "to")).stacks.map(({ outcome }) => outcome)).toEqual([
    "moved before",
    "moved before",
  ]);

  await using third = await makeProject({});
  expect((await migrate(third, "from")).stacks).toEqual(names.map((name) => ({ name, outcome: "moved" })));
  const taken = await seenStates(third.context);
  for (const name of names) {
    expect(taken[name]).toMatchObject({
      urns: before[name]?.urns,
      secrets: [`"${secretOf(name)}"`],
      tags: {},
    });
    expect((await seenStates(there.context))[name]).toMatchObject({
      ...{ serial: arrived[name]?.serial, digest: arrived[name]?.digest },
      tags: { "terrane:moved-to": expect.stringContaining(third.dir) },
    });
  }
  for (const { context } of [here, there, third]) expect((await verifyAudit(context)).broken).toBeUndefined();
}, 120_000);

test("a token that opens nothing is told before anything is taken or marked", async () => {
  await seedState(here.context, "pay.virginia.data", "canary");
  const request = { direction: "to", url: served.url, stacks: [], startedBy: "mover" } as const;
  const { context } = here;
  const environment = { ...context.environment, PULUMI_ACCESS_TOKEN: "nothing" };
  await expect(migrateStates({ ...context, environment }, request)).rejects.toMatchObject({
    message: expect.stringMatching(/credentials|token/i),
  });
  expect((await seenStates(context))["pay.virginia.data"]?.tags).toEqual({});
  expect(await seenStates(there.context)).toEqual({});
}, 60_000);
