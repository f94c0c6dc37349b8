/** Operations that are stopped, or taken away, from elsewhere, through the real engine. */
import { expect, test } from "vitest";
import type { Emit } from "../../src/model/event.ts";
import { cancelOperation } from "../../src/platform/cancel.ts";
import { readStatus } from "../../src/platform/status.ts";
import { unlockEnvironment } from "../../src/platform/unlock.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import {
  applying,
  environmentText,
  makeProject,
  networkBlueprint,
  type TestProject,
} from "../support/project.ts";

const ada = { startedBy: "ada" };

/** An `up` in which each resource takes so long that there is time to stop it; answers once the first one is begun. */
async function beginSlowly(project: TestProject) {
  const begun = Promise.withResolvers<void>();
  let isApplied = false;
  const emit: Emit = (event) => {
    if (event.type === "operation:start") isApplied = true;
    if (isApplied && event.type === "resource:start" && event.action === "create") begun.resolve();
  };
  const running = upEnvironment({ ...project.context, pace: 50 }, "shop", applying({ emit }));
  running.catch(begun.reject);
  await begun.promise;
  return { running };
}

test("an operation that somebody cancels finishes what runs, begins nothing more, and can be gone on with", async () => {
  await using project = await makeProject({
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/shop.yaml": environmentText("shop", "platform"),
  });
  const { running } = await beginSlowly(project);
  const asked = await cancelOperation(project.context, "shop", ada);
  expect(asked).toMatchObject({ state: "alive", user: "test", pid: process.pid, asked: "ada" });
  const cancelled = await running;
  expect(cancelled).toMatchObject({ result: "cancelled", next: "terrane up shop" });
  expect(asked?.operation).toBe(cancelled.operation?.id);
  expect(await cancelOperation(project.context, "shop", ada)).toBeUndefined();
  expect((await upEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
});

test("an environment taken away by force ends its holder, who can write nothing more", async () => {
  await using project = await makeProject({
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/shop.yaml": environmentText("shop", "platform"),
  });
  const { running } = await beginSlowly(project);
  const [status] = await readStatus(project.context, "shop");
  const holder = status?.lease?.operation ?? "";
  const unlock = (typed: string) =>
    unlockEnvironment(project.context, { environment: "shop", holder: typed, ...ada });
  await expect(unlock("op-other")).rejects.toMatchObject({ code: "lease-held" });
  const [taken] = await Promise.all([
    unlock(holder),
    expect(running).rejects.toMatchObject({ code: "lease-lost" }),
  ]);
  expect(taken).toMatchObject({ operation: holder, user: "test" });
  const again = await upEnvironment(project.context, "shop", applying());
  expect(again).toMatchObject({ result: "succeeded", operation: { id: holder } });
  expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
});
