/** Fault 20: a passphrase that is wrong, empty or not set, and a cloud's key that is disabled, through the real engine. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listObjects } from "../../src/platform/cloud.ts";
import { rotateKeys } from "../../src/platform/rotate-keys.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { awsCredentials, startKms } from "../support/kms-server.ts";
import {
  applying,
  environmentText,
  makeProject,
  networkBlueprint,
  type TestProject,
} from "../support/project.ts";

const canary = "canary-passphrase-5521";
const environment = environmentText("shop", "platform");
/** With another tag, which every resource bears. */
const changed = environment.replace("CC-1", "CC-2");

function projectText(state: string): string {
  return `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\nstate: { ${state} }\n`;
}

function makeShop(state: string): Promise<TestProject> {
  return makeProject({
    "terrane.yaml": projectText(state),
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/shop.yaml": environment,
  });
}

/** The same place, with another environment around it. */
function having(project: TestProject, variables: Readonly<Record<string, string>>) {
  return { ...project.context, environment: { ...project.context.environment, ...variables } };
}

async function everything(context: TestProject["context"]) {
  const [status] = await readStatus(context, "shop");
  return { status, objects: await listObjects(context, {}) };
}

async function bytesBelow(path: string): Promise<string> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((each) => each.isFile())
    .map((each) => readFile(join(each.parentPath, each.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

test("a passphrase that is not the one is told before anything is touched, and stands nowhere", async () => {
  await using project = await makeShop("passphrase: { fromEnv: STATE_PASSPHRASE }");
  const right = having(project, { STATE_PASSPHRASE: canary });
  expect((await upEnvironment(right, "shop", applying())).result).toBe("succeeded");
  await project.write("environments/shop.yaml", changed);
  const before = await everything(right);

  const variable = "the environment variable STATE_PASSPHRASE";
  for (const [variables, message] of [
    [{ STATE_PASSPHRASE: "another one" }, `the passphrase in ${variable} does not open the secrets of shop`],
    [{ STATE_PASSPHRASE: "" }, `the state's secrets need a passphrase: ${variable} is empty`],
    [{}, `the state's secrets need a passphrase: ${variable} is not set`],
  ] as const) {
    const options = applying();
    await expect(upEnvironment(having(project, variables), "shop", options)).rejects.toMatchObject({
      code: "wrong-passphrase",
      message,
    });
    expect(options.events).not.toContain("operation:start");
    expect(await everything(right)).toEqual(before);
  }
  const rotated = await rotateKeys(
    having(project, { STATE_PASSPHRASE: canary, NEW_ONE: "canary-new-8831" }),
    {
      to: { passphrase: { fromEnv: "NEW_ONE" } },
      startedBy: "test",
    },
  );
  expect(rotated.next).toBe("Write into terrane.yaml, now: state: { passphrase: { fromEnv: NEW_ONE } }");
  await project.write("terrane.yaml", projectText("passphrase: { fromEnv: NEW_ONE }"));
  expect(
    (await upEnvironment(having(project, { NEW_ONE: "canary-new-8831" }), "shop", applying())).result,
  ).toBe("succeeded");
  expect(await bytesBelow(project.dir)).not.toMatch(/canary-(passphrase|new)/);
});

test("a cloud's key that is disabled is told before anything is touched", async () => {
  await using kms = await startKms();
  await using project = await makeShop(`key: "awskms://alias/terrane?region=eu-west-1&endpoint=${kms.url}"`);
  const context = having(project, awsCredentials);
  expect((await upEnvironment(context, "shop", applying())).result).toBe("succeeded");
  await project.write("environments/shop.yaml", changed);
  const before = await everything(context);
  kms.fail("DisabledException");
  await expect(upEnvironment(context, "shop", applying())).rejects.toMatchObject({
    code: "key-unavailable",
    next: "Enable the key, then run the command again.",
  });
  expect(await everything(context)).toEqual(before);
  kms.fail(undefined);
  expect((await upEnvironment(context, "shop", applying())).result).toBe("succeeded");
});

test("a ledger on a server needs an opener of secrets that every machine has", async () => {
  const { keySourceOf } = await import("../../src/platform/records/state-keys.ts");
  const { projectSchema } = await import("../../src/model/documents.ts");
  const project = projectSchema.parse({
    apiVersion: "terrane.dev/v1",
    kind: "Project",
    metadata: { name: "test" },
    ledger: { url: { fromEnv: "LEDGER_URL" } },
  });
  const source = keySourceOf(project, { root: "/tmp", environment: {}, now: () => new Date(0) });
  await expect(source.prepare()).rejects.toMatchObject({
    code: "missing-key",
    next: expect.stringContaining("passphrase: { fromEnv: NAME }") as unknown,
  });
});
