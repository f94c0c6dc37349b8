/** States taken to a bucket, and from it to another project. */
import { expect, test } from "vitest";
import { type MigrateRequest, migrateStates } from "../../src/platform/migrate.ts";
import { startBucketServer } from "../support/bucket-server.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { seedState, seenStates } from "../support/seeded-states.ts";

test("a bucket takes states with their secrets, and gives them to another project", async () => {
  await using bucket = await startBucketServer();
  await using here = await makeProject({});
  await using there = await makeProject({});
  const variables = { ...bucket.variables, PULUMI_CONFIG_PASSPHRASE: "passphrase of the bucket" };
  const migrate = ({ context }: TestProject, direction: MigrateRequest["direction"]) =>
    migrateStates(
      { ...context, environment: { ...context.environment, ...variables } },
      { direction, url: bucket.url, stacks: [], startedBy: "mover" },
    );
  const names = ["pay.virginia.data", "pay.virginia.network"];
  for (const name of names) await seedState(here.context, name, `canary of ${name}`);
  const before = await seenStates(here.context);

  expect(await migrate(here, "to")).toMatchObject({
    to: "s3://states",
    stacks: names.map((name) => ({ name, outcome: "moved" })),
    next: "Write into terrane.yaml, now: state: { url: { fromEnv: STATE_URL } }, with the whole URL of s3://states in STATE_URL",
  });
  expect((await migrate(there, "from")).stacks).toEqual(names.map((name) => ({ name, outcome: "moved" })));
  const taken = await seenStates(there.context);
  for (const name of names) {
    expect(taken[name]).toMatchObject({
      urns: before[name]?.urns,
      secrets: [JSON.stringify(`canary of ${name}`)],
    });
  }
});
