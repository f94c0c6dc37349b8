/**
 * What a killed operation left open, through the real engine: the engine is ended while a simulated cloud has done what
 * it was asked and its reply is on the way.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { recoverEnvironments } from "../../src/platform/recover.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const program = fileURLToPath(new URL("./paced-program.ts", import.meta.url));

/** The database takes 420 s at the real cloud; what it is waited for, all else waits for too. */
const pace = 10;
const patience = { timeout: 30_000, interval: 10 };
const database = "aws:rds/instance:Instance";

const files = (storage: number) => ({
  "blueprints/platform/blueprint.yaml": [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    "  vpc: { type: vpc, zones: 2 }",
    `  orders: { type: postgres, network: vpc, storage: ${storage} }`,
    "",
  ].join("\n"),
  "environments/shop.yaml": environmentText("shop", "platform"),
});

const databases = async (project: TestProject) =>
  (await listObjects(project.context, {})).filter(({ type }) => type === database);

const recover = (project: TestProject, environment?: string) =>
  recoverEnvironments(
    project.context,
    { environment, testimony: {}, rebuild: false, startedBy: "test" },
    { emit: () => {}, signal: new AbortController().signal },
  );

/** Kills the engine of an up or a destroy, slowed down, once the clouds show what is waited for. */
async function killOnce(
  project: TestProject,
  change: typeof upEnvironment | typeof destroyEnvironment,
  shows: () => Promise<boolean>,
): Promise<void> {
  const controller = new AbortController();
  const force = new AbortController();
  const options = applying({ signal: controller.signal, force: force.signal });
  const running = change({ ...project.context, pace }, "shop", options);
  await expect.poll(shows, patience).toBe(true);
  controller.abort();
  force.abort();
  await running;
}

describe("what a killed operation left open", () => {
  it("fault 23: a create is looked up, an update and a delete are read again, by the next command itself", async () => {
    await using project = await makeProject(files(20));
    const messages: string[] = [];
    const telling = () =>
      applying({
        emit: (event) => {
          if (event.type === "diagnostic" && event.message.startsWith("an interrupted")) {
            messages.push(`${event.urn?.split("::").at(-1)}: ${event.message}`);
          }
        },
      });

    await killOnce(project, upEnvironment, async () => (await databases(project)).length === 1);
    const [made] = await databases(project);
    expect((await upEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toContain("orders: an interrupted operation was creating it, and it exists: kept");
    expect(await databases(project)).toEqual([made]);

    await project.write(...changed(40));
    const grown = async () => (await databases(project))[0]?.properties["allocatedStorage"] === 40;
    await killOnce(project, upEnvironment, grown);
    messages.length = 0;
    expect((await upEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toEqual([
      "orders: an interrupted operation was updating it: read again, as its cloud has it",
    ]);
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");

    await killOnce(project, destroyEnvironment, async () => (await databases(project)).length === 0);
    messages.length = 0;
    expect((await destroyEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toEqual(["orders: an interrupted operation was deleting it, and it is gone"]);
    expect(await listObjects(project.context, {})).toEqual([]);
  });

  it("after kill -9 of everything, recover says who died and what became of it, and prints what goes on", async () => {
    await using project = await makeProject(files(20));
    const killed = spawn(process.execPath, [program, "up", "shop", "--yes"], {
      cwd: project.dir,
      env: { ...variables(project), TERRANE_TEST_PACE: `${pace}` },
      stdio: "ignore",
    });
    await expect.poll(async () => (await databases(project)).length, patience).toBe(1);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const before = await listObjects(project.context, {});

    const [found] = await recover(project, "shop");
    expect(found).toMatchObject({
      environment: "shop",
      holder: { host: hostname(), pid: killed.pid },
      operation: { kind: "up" },
      next: "terrane up shop",
    });
    const [orders] = await databases(project);
    expect(found?.begun).toContainEqual(
      expect.objectContaining({ operation: "creating", became: "kept", id: orders?.id }),
    );
    expect(await listObjects(project.context, {})).toEqual(before);
    expect(await recover(project)).toMatchObject([{ begun: [], next: "terrane up shop" }]);
    const up = await upEnvironment(project.context, "shop", applying());
    expect(up).toMatchObject({ result: "succeeded", operation: { id: found?.operation?.id } });
    expect(await recover(project)).toEqual([{ environment: "shop", begun: [] }]);
    expect(await databases(project)).toEqual([orders]);
  });
});

const variables = (project: TestProject) => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "",
  TERRANE_HOME: project.context.home,
});

function changed(storage: number): [string, string] {
  return ["blueprints/platform/blueprint.yaml", files(storage)["blueprints/platform/blueprint.yaml"]];
}
