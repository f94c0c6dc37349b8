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
import { planEnvironment } from "../../src/platform/plan.ts";
import { recoverEnvironments } from "../../src/platform/recover.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const program = fileURLToPath(new URL("./paced-program.ts", import.meta.url));

/** Milliseconds for each second of the real cloud: whatever a cloud has done, its reply is still on the way. */
const pace = 5000;
const patience = { timeout: 50_000, interval: 10 };

const files = (days: number) => ({
  "blueprints/platform/blueprint.yaml": [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    `  vpc: { type: vpc, zones: 2, flowLogRetentionDays: ${days} }`,
    "",
  ].join("\n"),
  "environments/shop.yaml": environmentText("shop", "platform"),
});

const objectsOf = (project: TestProject) => listObjects(project.context, {});
const vpcs = async (project: TestProject) =>
  (await objectsOf(project)).filter(({ type }) => type === "aws:ec2/vpc:Vpc");

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
    await using project = await makeProject(files(30));
    const messages: string[] = [];
    const telling = () => {
      messages.length = 0;
      return applying({
        emit: (event) => {
          if (event.type === "diagnostic" && event.message.startsWith("an interrupted")) {
            messages.push(`${event.urn?.split("::").at(-1)}: ${event.message}`);
          }
        },
      });
    };

    await killOnce(project, upEnvironment, async () => (await vpcs(project)).length === 1);
    const [made] = await vpcs(project);
    expect((await upEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toContain("vpc: an interrupted operation was creating it, and it exists: kept");
    expect(await vpcs(project)).toEqual([made]);

    await project.write(...changed(90));
    const kept = async () =>
      (await objectsOf(project)).some(({ properties }) => properties["retentionInDays"] === 90);
    await killOnce(project, upEnvironment, kept);
    expect((await upEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toEqual([
      "vpc-flow-logs: an interrupted operation was updating it: read again, as its cloud has it",
    ]);

    const all = (await objectsOf(project)).length;
    await killOnce(project, destroyEnvironment, async () => (await objectsOf(project)).length < all);
    expect((await destroyEnvironment(project.context, "shop", telling())).result).toBe("succeeded");
    expect(messages).toContainEqual(
      expect.stringMatching(/: an interrupted operation was deleting it, and it is gone$/),
    );
    expect(await objectsOf(project)).toEqual([]);
  }, 180_000);

  it("after kill -9 of everything, recover says who died and what became of it, and prints what goes on", async () => {
    await using project = await makeProject(files(30));
    const killed = spawn(process.execPath, [program, "up", "shop", "--yes"], {
      cwd: project.dir,
      env: { ...variables(project), TERRANE_TEST_PACE: `${pace}` },
      stdio: "ignore",
    });
    await expect.poll(async () => (await vpcs(project)).length, patience).toBe(1);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const [made] = await vpcs(project);
    // Nothing is put in order by a look: what is in the clouds and not in the saved state is no reason to refuse it.
    expect((await planEnvironment(project.context, "shop", applying())).counts.create).toBeGreaterThan(0);

    const [found] = await recover(project, "shop");
    expect(found).toMatchObject({
      environment: "shop",
      holder: { host: hostname(), pid: killed.pid },
      operation: { kind: "up" },
      next: "terrane up shop",
    });
    expect(found?.begun).toContainEqual(
      expect.objectContaining({ operation: "creating", became: "kept", id: made?.id }),
    );
    expect(await recover(project)).toMatchObject([{ begun: [], next: "terrane up shop" }]);
    const up = await upEnvironment(project.context, "shop", applying());
    expect(up).toMatchObject({ result: "succeeded", operation: { id: found?.operation?.id } });
    expect(await recover(project)).toEqual([{ environment: "shop", begun: [] }]);
    expect(await vpcs(project)).toEqual([made]);
  }, 180_000);
});

const variables = (project: TestProject) => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "",
  TERRANE_HOME: project.context.home,
});

function changed(days: number): [string, string] {
  return ["blueprints/platform/blueprint.yaml", files(days)["blueprints/platform/blueprint.yaml"]];
}
