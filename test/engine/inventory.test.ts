/** What `list`, `resources` and `history` say of an environment that has really been up, and of one that is gone. */
import { describe, expect, it } from "vitest";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readHistory } from "../../src/platform/history.ts";
import { listEnvironments } from "../../src/platform/list-environments.ts";
import { readResources } from "../../src/platform/resources.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject } from "../support/project.ts";

const blueprint = [
  "apiVersion: terrane.dev/v1",
  "kind: Blueprint",
  'metadata: { name: network, version: "1.0.0" }',
  "sites: { virginia: { cloud: aws, region: us-east-1 } }",
  "components:",
  "  vpc: { type: vpc, zones: 2 }",
  "  orders: { type: postgres, network: vpc }",
  "",
].join("\n");

describe("an environment on record", () => {
  it("is listed, shown resource by resource, and remembered when it is gone", async () => {
    await using project = await makeProject({
      "blueprints/network.yaml": blueprint,
      "environments/shop.yaml": environmentText("shop", "network"),
      "environments/idle.yaml": environmentText("idle", "network"),
    });
    const { context } = project;
    const sites = [{ name: "virginia", cloud: "aws", region: "us-east-1", role: "primary" }];
    expect(await listEnvironments(context)).toMatchObject([
      { name: "idle", status: "absent", blueprint: { version: "1.0.0" }, sites, resources: 0 },
      { name: "shop", status: "absent", document: "environments/shop.yaml" },
    ]);

    const { plan, operation } = await upEnvironment(context, "shop", applying());
    const [, shop] = await listEnvironments(context);
    expect(shop).toMatchObject({
      name: "shop",
      status: "ready",
      target: "simulated",
      sites,
      resources: plan.counts.create,
      operation: { kind: "up", status: "succeeded" },
    });
    const [status] = await readStatus(context, "shop");
    expect(Object.values(status?.resources ?? {}).reduce((sum, count) => sum + count, 0)).toBe(
      shop?.resources,
    );

    const all = await readResources(context, "shop");
    expect(all.stacks.map((stack) => stack.name)).toEqual(["shop.virginia.network", "shop.virginia.data"]);
    const orders = await readResources(context, "shop", { component: "orders@virginia", type: "rds" });
    expect(orders.stacks.flatMap((stack) => stack.resources.map((each) => each.component))).toEqual(
      expect.arrayContaining(["orders@virginia"]),
    );
    expect(orders.stacks).toHaveLength(1);
    expect(orders.stacks[0]?.resources.find((each) => each.type === "aws:rds/instance:Instance")?.id).toMatch(
      /^db-/,
    );
    await expect(readResources(context, "shop", { component: "ordres" })).rejects.toMatchObject({
      code: "bad-usage",
      next: "Did you mean orders?",
    });
    await expect(readResources(context, "shop", { stack: "virginia.date" })).rejects.toMatchObject({
      next: "Did you mean virginia.data?",
    });

    await destroyEnvironment(context, "shop", applying());
    await expect(readResources(context, "shop")).rejects.toMatchObject({ code: "environment-not-found" });
    const history = await readHistory(context, { environment: "shop" });
    expect(history.map(({ kind, status }) => ({ kind, status }))).toEqual([
      { kind: "destroy", status: "succeeded" },
      { kind: "up", status: "succeeded" },
    ]);
    expect(history.map((each) => each.blueprint)).toEqual([
      { name: "network", version: "1.0.0" },
      { name: "network", version: "1.0.0" },
    ]);
    const id = operation?.id ?? "";
    expect(await readHistory(context, { environment: "shop", operation: id.slice(0, 11) })).toMatchObject([
      { id },
    ]);
    await expect(readHistory(context, { environment: "shop", operation: "op-x" })).rejects.toMatchObject({
      code: "operation-not-found",
    });
    await expect(readHistory(context, { environment: "idle" })).rejects.toMatchObject({
      code: "environment-not-found",
    });
  });
});
