/** States taken from one backend to another, through the real command line of Pulumi. */
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BackendCli } from "../../src/engine/backend-cli.ts";
import { findEngine } from "../../src/engine/find.ts";
import { thisProcess } from "../../src/ledger/holder.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import { verifyAudit } from "../../src/platform/audit.ts";
import { type MigrateRequest, migrateStates } from "../../src/platform/migrate.ts";
import { rotateKeys } from "../../src/platform/rotate-keys.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { openSecret, secretsOf } from "../../src/state/deployment/secret-values.ts";
import { keyFileSource } from "../../src/state/keys/key-source.ts";
import { StateKeys } from "../../src/state/keys/keys.ts";
import { StackStore } from "../../src/state/stacks/stack-store.ts";
import { Secret } from "../../src/values/secret.ts";
import { testHome } from "../support/engine.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { stateOf } from "../support/stack-world.ts";

const stack = "pay.virginia.data";
const passphrase = "passphrase of the backend";
const canary = "canary-3f9c";
let folder: string;
let project: TestProject;
const urlOf = (name: string) => pathToFileURL(join(folder, name)).href;

async function openBackend(name: string): Promise<BackendCli> {
  return BackendCli.open({
    engine: await findEngine({ home: testHome, path: process.env["PATH"] }),
    home: join(folder, "home"),
    url: urlOf(name),
    passphrase: new Secret(passphrase),
    environment: { PATH: process.env["PATH"] ?? "" },
  });
}

const migrate = (request: Pick<MigrateRequest, "direction" | "url">, stacks: readonly string[] = []) =>
  migrateStates(
    {
      ...project.context,
      environment: { ...project.context.environment, PULUMI_CONFIG_PASSPHRASE: passphrase },
    },
    { ...request, stacks, startedBy: "test" },
  );

/** What the stack holds there, secrets in clear. */
async function look(name: string) {
  await using backend = await openBackend(name);
  const state = JSON.parse((await backend.exportState(stack)) ?? "{}");
  return {
    urns: state.deployment.resources.map(({ urn }: { urn: string }) => urn),
    secrets: secretsOf(state).map(({ plaintext }) => plaintext),
    tags: await backend.tags(stack),
  };
}

/** As the next operation would. */
async function beginUpdateInLedger(path: string): Promise<unknown> {
  const database = await openDatabase({ path, migrations: ledgerMigrations });
  const now = () => new Date("2026-11-21T12:00:00Z");
  try {
    const keys = new StateKeys({ database, source: keyFileSource(join(path, "..", "state", "key")), now });
    await using held = await new Ledger(database).holdEnvironment("pay", "op-1", thisProcess("test", now()));
    const { lease } = held;
    return await new StackStore({ database, keys, now }).beginUpdate(
      { project: "terrane", name: stack },
      { kind: "update", lease },
    );
  } finally {
    await database.close();
  }
}

async function bytesBelow(path: string): Promise<string> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((each) => each.isFile())
    .map((each) => readFile(join(each.parentPath, each.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrane-migrate-"));
  project = await makeProject({});
  for (const name of ["first", "second"]) await mkdir(join(folder, name));
  await using backend = await openBackend("first");
  await backend.init(stack);
  const fresh = JSON.parse((await backend.exportState(stack)) ?? "{}");
  const [root, bucket] = stateOf(stack, 1).deployment.resources ?? [];
  const resources = [
    root,
    {
      ...bucket,
      provider: undefined,
      custom: false,
      id: undefined,
      outputs: { password: openSecret(`"${canary}"`) },
    },
  ];
  await backend.importState(
    stack,
    JSON.stringify({ ...fresh, deployment: { ...fresh.deployment, resources } }),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await project[Symbol.asyncDispose]();
});

test("a state goes from a plain Pulumi backend into the ledger and on to another one, its secrets sealed everywhere", async () => {
  const before = await look("first");
  expect(before.secrets).toEqual([`"${canary}"`]);

  const arrived = await migrate({ direction: "from", url: urlOf("first") });
  const ledger = join(project.dir, ".terrane", "ledger.sqlite");
  expect(arrived).toMatchObject({ to: ledger, stacks: [{ name: stack, outcome: "moved" }] });
  expect(await look("first")).toEqual({ ...before, tags: { ...before.tags, "terrane:moved-to": ledger } });
  expect((await migrate({ direction: "from", url: urlOf("first") })).stacks).toEqual([
    { name: stack, outcome: "moved before" },
  ]);

  const rotated = await rotateKeys(project.context, { startedBy: "test" });
  expect(rotated.stacks).toEqual([{ name: stack, secrets: 1 }]);

  expect((await verifyAudit(project.context)).broken).toBeUndefined();

  const left = await migrate({ direction: "to", url: urlOf("second") }, [stack]);
  expect(left).toMatchObject({
    from: ledger,
    to: urlOf("second"),
    next: `Write into terrane.yaml, now: state: { url: "${urlOf("second")}" }`,
  });
  expect(await look("second")).toMatchObject({ urns: before.urns, secrets: before.secrets });
  await expect(beginUpdateInLedger(ledger)).rejects.toMatchObject({
    code: "state-moved",
    message: `the state of ${stack} was taken from the ledger to ${urlOf("second")}`,
  });

  for (const place of [join(project.dir, ".terrane"), folder]) {
    expect(await bytesBelow(place)).not.toContain(canary);
    expect(await bytesBelow(place)).not.toContain(passphrase);
  }
});

test("a wrong passphrase of the other backend is told at once, and nothing is taken or marked", async () => {
  const elsewhere = await makeProject({});
  const refused = migrateStates(
    {
      ...elsewhere.context,
      environment: { ...elsewhere.context.environment, PULUMI_CONFIG_PASSPHRASE: "wrong" },
    },
    { direction: "from", url: urlOf("second"), stacks: [], startedBy: "test" },
  );
  await expect(refused).rejects.toMatchObject({ code: "wrong-passphrase" });
  expect((await look("second")).tags).not.toHaveProperty("terrane:moved-to");
  await elsewhere[Symbol.asyncDispose]();
});
