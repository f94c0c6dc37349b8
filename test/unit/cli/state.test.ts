/** `terrane state` on a real project and database, as it is typed. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { platformUseCases } from "../../../src/cli/use-cases.ts";
import { thisProcess } from "../../../src/ledger/holder.ts";
import { environmentScope } from "../../../src/ledger/lease.ts";
import { openProject } from "../../../src/platform/project/open-project.ts";
import { makeProject, type TestProject } from "../../support/project.ts";
import { stateOf } from "../../support/stack-world.ts";
import { runFake } from "./fakes.ts";

const stack = "shop.virginia.network";
const ref = { project: "terrane", name: stack };

/** A project in which a stack has checkpoints of 1, 2 and 3 buckets. */
async function makeShop(): Promise<TestProject> {
  const shop = await makeProject({});
  await using project = await openProject(shop.context);
  const [ledger, stacks] = [await project.app.ledger(), await project.app.stacks()];
  const holder = thisProcess("ada", shop.context.now());
  await using held = await ledger.holdScope(environmentScope("shop"), "op-1", holder);
  await stacks.create(ref, held.lease);
  for (const buckets of [1, 2, 3]) {
    const found = await stacks.get(ref);
    await stacks.save(found, stateOf(stack, buckets), { lease: held.lease, reason: "import" });
  }
  return shop;
}

async function run(shop: TestProject, ...args: readonly string[]) {
  return runFake(["-C", shop.dir, "state", ...args], platformUseCases);
}

test("list and checkpoints show what is saved, an empty project says so", async () => {
  await using shop = await makeShop();
  expect((await run(shop, "list")).stdout).toMatch(/shop\.virginia\.network +3 +4 +–/);
  expect((await run(shop, "list", "other")).stdout).toContain("No state is saved yet.");
  const { stdout } = await run(shop, "checkpoints", stack, "--json");
  const { format, checkpoints } = JSON.parse(stdout) as { format: string; checkpoints: object[] };
  expect(format).toBe("terrane.dev/state-checkpoints/v1");
  expect(checkpoints).toMatchObject([
    { serial: 3, resources: 4, reason: "import" },
    { serial: 2, resources: 3 },
    { serial: 1, resources: 2 },
  ]);
});

test("show and diff tell what a state holds, and what changed; a difference is exit code 2", async () => {
  await using shop = await makeShop();
  const shown = await run(shop, "show", stack, "--serial", "1");
  expect(shown.stdout).toMatch(/checkpoint 1, 2 resources[^]*aws:s3\/bucket:Bucket +b0 +b0/);
  const different = await run(shop, "diff", stack, "2");
  expect(different).toMatchObject({ code: 2, stdout: expect.stringMatching(/checkpoint 2 → 3\n\+ b2/) });
  expect(await run(shop, "diff", stack, "2", "2")).toMatchObject({ code: 0 });
});

test("restore brings a checkpoint back as a new one", async () => {
  await using shop = await makeShop();
  const { code, stdout } = await run(shop, "restore", stack, "--serial", "1");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `✓ checkpoint 1 is back, as checkpoint 4 of ${stack}\nNext: terrane up shop: it shows what the clouds have besides\n`,
  });
  expect((await run(shop, "diff", stack, "1")).code).toBe(0);
});

test("what was exported is taken back, and refused once something newer is there", async () => {
  await using shop = await makeShop();
  const file = join(shop.dir, "state.json");
  await writeFile(file, (await run(shop, "export", stack)).stdout);
  expect((await run(shop, "push", stack, file)).stdout).toBe(
    `✓ checkpoint 4 of ${stack} is what ${file} says\n`,
  );
  const again = await run(shop, "push", stack, file);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("is at checkpoint 4, and what is pushed was made from checkpoint 3");
  expect(again.stderr).toContain(`terrane state diff ${stack} 3`);
  expect((await run(shop, "push", stack, file, "--over", "4")).code).toBe(0);
});

test("what Pulumi exported says not what it was made from: that must be named", async () => {
  await using shop = await makeShop();
  const file = join(shop.dir, "state.json");
  await writeFile(file, JSON.stringify(stateOf(stack, 1)));
  expect(await run(shop, "push", stack, file)).toMatchObject({ code: 64 });
  expect(await run(shop, "push", stack, file, "--over", "3")).toMatchObject({ code: 0 });
});

test.each<readonly [string, readonly string[], number, string]>([
  [
    "a stack that is not there",
    ["show", "shop.iowa.network"],
    1,
    "there is no stack terrane/shop.iowa.network",
  ],
  ["a serial that is not kept", ["restore", stack, "--serial", "9"], 1, "keeps no checkpoint 9"],
  ["neither serial nor digest", ["restore", stack], 64, "name one of the two: --serial or --accept"],
  ["a serial that is none", ["diff", stack, "x"], 64, '"x" is no serial'],
  ["a file that is not there", ["push", stack, "nothing.json"], 64, "nothing.json cannot be read"],
])("%s is refused with what to do", async (_, args, code, message) => {
  await using shop = await makeShop();
  const result = await run(shop, ...args);
  expect(result).toMatchObject({ code, stderr: expect.stringContaining(message) });
});

test("a change waits for nobody: who is at work on the environment is told", async () => {
  await using shop = await makeShop();
  await using project = await openProject(shop.context);
  const ledger = await project.app.ledger();
  const holder = thisProcess("ada", shop.context.now());
  await using _ = await ledger.holdScope(environmentScope("shop"), "op-2", holder);
  expect(await run(shop, "restore", stack, "--serial", "1")).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(/ada on .* is at work on environment shop with op-2/),
  });
});
