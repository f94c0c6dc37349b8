/** Environments that come up at the same time, through the real engine. */
import { expect, test } from "vitest";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, networkBlueprint } from "../support/project.ts";

test("two new environments that begin at once both come up as planned, on blocks of their own", async () => {
  await using project = await makeProject({
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/one.yaml": environmentText("one", "platform"),
    "environments/two.yaml": environmentText("two", "platform"),
  });
  const all = Promise.withResolvers<void>();
  let planned = 0;
  // Nobody begins before both have planned: the second then meets what the first has taken.
  const confirm = async () => {
    planned += 1;
    if (planned === 2) all.resolve();
    await all.promise;
    return true;
  };
  const results = await Promise.all(
    ["one", "two"].map((name) => upEnvironment(project.context, name, applying({ confirm }))),
  );
  expect(results.map((result) => result.result)).toEqual(["succeeded", "succeeded"]);
  expect(planned).toBe(2);
  const blocks = (await readStatus(project.context)).map(({ record }) => record.addresses["vpc@virginia"]);
  expect([...blocks].sort()).toEqual(["10.1.0.0/16", "10.2.0.0/16"]);
});

test("what was declined holds no addresses", async () => {
  await using project = await makeProject({
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/one.yaml": environmentText("one", "platform"),
    "environments/two.yaml": environmentText("two", "platform"),
  });
  await upEnvironment(project.context, "one", applying({ confirm: async () => false }));
  const result = await upEnvironment(project.context, "two", applying());
  expect(result.outputs["virginia"]?.["vpc"]?.["cidr"]).toBe("10.1.0.0/16");
});
