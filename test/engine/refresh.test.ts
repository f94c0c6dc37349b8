/** What `refresh` finds out, through the real engine. */
import { expect, test } from "vitest";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readHistory } from "../../src/platform/history.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { refreshEnvironment } from "../../src/platform/refresh.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { openClouds } from "../../src/simulator/clouds.ts";
import { canary, components, documents, environment, now, secretVariable } from "../support/kill-world.ts";
import { applying, makeProject } from "../support/project.ts";

test("a refresh finds what other hands have changed and deleted, tells it, and changes nothing in a cloud", async () => {
  await using project = await makeProject(documents());
  const context = {
    ...project.context,
    components,
    now,
    environment: { ...project.context.environment, [secretVariable]: canary },
  };
  const options = applying();
  expect((await upEnvironment(context, environment, options)).result).toBe("succeeded");
  const readAt = async () => (await readStatus(context, environment)).map((status) => status.readAt);
  expect(await readAt()).toEqual([undefined]);
  const quiet = await refreshEnvironment(context, environment, options);
  expect({ result: quiet.result, found: quiet.found }).toEqual({ result: "succeeded", found: [] });
  expect(await readAt()).toEqual([quiet.operation.endedAt]);

  const clouds = await openClouds(`${project.dir}/.terrane/clouds.sqlite`, { now });
  const queues = await clouds.list({ type: "aws:sqs/queue:Queue" });
  const idOf = (name: string) => queues.find((queue) => queue.name.includes(name))?.id ?? "";
  await clouds.edit({ id: idOf("wire"), type: "aws:sqs/queue:Queue" }, { messageRetentionSeconds: 900 });
  await clouds.remove({ id: idOf("jobs"), type: "aws:sqs/queue:Queue" }, { force: true });
  const before = await clouds.list();
  const found = await refreshEnvironment(context, environment, options);
  expect(found).toMatchObject({
    result: "succeeded",
    operation: { kind: "refresh", status: "succeeded" },
    found: [
      { stack: "shop.here.data", name: "jobs", kind: "gone", changes: [] },
      { stack: "shop.here.data", name: "policy", kind: "gone", changes: [] },
      {
        stack: "shop.here.network",
        name: "wire",
        kind: "changed",
        changes: [{ path: "messageRetentionSeconds", kind: "update", before: 600, after: 900 }],
      },
    ],
  });
  expect(await clouds.list()).toEqual(before);

  const plan = await planEnvironment(context, environment, options);
  expect(plan.counts).toMatchObject({ create: 2, update: 1 });
  expect((await upEnvironment(context, environment, options)).result).toBe("succeeded");
  const policy = { id: idOf("jobs"), type: "aws:sqs/queuePolicy:QueuePolicy" };
  await clouds.remove(policy, { force: true });
  await clouds.close();
  await refreshEnvironment(context, environment, options);
  for (const [file, text] of Object.entries(documents()))
    await project.write(file, text.replace(/^ {2}jobs: .*\n/m, ""));
  // A component of which a part is gone leaves all the same.
  expect((await upEnvironment(context, environment, options)).result).toBe("succeeded");
  expect((await destroyEnvironment(context, environment, options)).result).toBe("succeeded");
  const kinds = (await readHistory(context, { environment })).map(({ kind, status }) => [kind, status]);
  expect(kinds).toEqual(
    ["destroy", "up", "refresh", "up", "refresh", "refresh", "up"].map((kind) => [kind, "succeeded"]),
  );
});
