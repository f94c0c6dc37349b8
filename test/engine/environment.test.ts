/** An environment from its first plan to its end, through the real engine and the simulated clouds. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TerraneError } from "../../src/errors.ts";
import type { Plan } from "../../src/model/plan.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readOutputs } from "../../src/platform/outputs.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { isUnknown, type Value } from "../../src/values/value.ts";
import { stackNames } from "../support/edit-state.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const repository = "parameters: { repository: https://git.example.com/deploy }";
const header = [
  "apiVersion: terrane.dev/v1",
  "kind: Blueprint",
  'metadata: { name: platform, version: "1.0.0" }',
];
const vpc = "  vpc: { type: vpc, zones: 3 }";
const orders = "  orders: { type: postgres, network: vpc }";
const argocd = '  argocd: { type: argocd, cluster: cluster, repository: "${parameters.repository}" }';

function blueprint(...components: readonly string[]): string {
  return [
    ...header,
    "parameters: { repository: { type: string, format: uri } }",
    "sites: { virginia: { cloud: aws, region: us-east-1, runner: inside } }",
    "components:",
    ...components,
    "",
  ].join("\n");
}

const withOrders = blueprint(
  vpc,
  orders,
  "  cluster: { type: cluster, network: vpc, connects: [orders] }",
  argocd,
);
const withoutOrders = blueprint(vpc, "  cluster: { type: cluster, network: vpc }", argocd);

function inputsOf(plan: Plan, stack: string): { readonly [path: string]: Value | undefined } {
  const steps = plan.stacks.find((each) => each.stack === stack)?.steps ?? [];
  return Object.fromEntries(
    steps.flatMap((step) => step.changes.map((change) => [`${step.name}.${change.path}`, change.after])),
  );
}

describe("an environment on the simulated clouds", () => {
  let project: TestProject;
  const cloudTypes = async () => (await listObjects(project.context, {})).map((object) => object.type);

  beforeAll(async () => {
    project = await makeProject({
      "blueprints/platform/blueprint.yaml": withOrders,
      "environments/shop.yaml": environmentText("shop", "platform", [repository]),
    });
  });
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
  });

  it("is planned before it exists: unknown values stay unknown from stack to stack, and nothing is made", async () => {
    const plan = await planEnvironment(project.context, "shop", applying());
    expect(plan.stacks.map((stack) => stack.stack)).toEqual([
      "shop.virginia.network",
      "shop.virginia.data",
      "shop.virginia.compute",
      "shop.virginia.gitops",
    ]);
    expect(plan).toMatchObject({
      provisional: true,
      target: "simulated",
      counts: { update: 0, replace: 0, delete: 0 },
    });
    expect(plan.counts.create).toBeGreaterThan(40);
    const network = plan.stacks[0]?.outputs["vpc"] ?? {};
    expect(isUnknown(network["networkId"])).toBe(true);
    expect(network["cidr"]).toMatch(/^10\.\d+\.0\.0\/16$/);
    const data = inputsOf(plan, "shop.virginia.data");
    expect(Object.entries(data).filter(([, value]) => isUnknown(value)).length).toBeGreaterThan(0);
    expect(await cloudTypes()).toEqual([]);
    expect(await readStatus(project.context)).toEqual([]);
  });

  it("comes up as planned, hands out its outputs, and is on record", async () => {
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    expect(result.result).toBe("succeeded");
    expect(result.operation?.steps.every((step) => step.outcome === "done")).toBe(true);
    const types = await cloudTypes();
    for (const type of [
      "aws:ec2/vpc:Vpc",
      "aws:rds/instance:Instance",
      "aws:eks/cluster:Cluster",
      "kubernetes:helm.sh/v3:Release",
    ]) {
      expect(types).toContain(type);
    }
    const made = Object.values(result.resources).reduce((sum, count) => sum + count, 0);
    expect(made).toBe(result.plan.counts.create);
    expect(result.outputs["virginia"]?.["orders"]?.["port"]).toBe(5432);
    expect(await readOutputs(project.context, "shop")).toEqual(result.outputs);
    expect(await readStatus(project.context, "shop")).toMatchObject([
      { record: { name: "shop", status: "ready" }, operation: { status: "succeeded" } },
    ]);
    expect(options.plans).toHaveLength(1);
    // Network, then database, then cluster, node group and add-ons: minutes at the real cloud.
    expect(result.virtualSeconds).toBeGreaterThan(600);
  });

  it("needs nothing the second time, and does not ask", async () => {
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    expect(result).toMatchObject({ result: "unchanged", virtualSeconds: 0 });
    expect(options.plans).toEqual([]);
  });

  it("touches nothing when the answer is no", async () => {
    await project.write(
      "environments/shop.yaml",
      environmentText("shop", "platform", [repository, "# changed"]).replace("team-test", "team-other"),
    );
    const before = await listObjects(project.context, {});
    const result = await upEnvironment(project.context, "shop", applying({ confirm: async () => false }));
    expect(result).toMatchObject({ result: "declined" });
    expect(result.plan.counts.update).toBeGreaterThan(20);
    expect(await listObjects(project.context, {})).toEqual(before);
    await project.write("environments/shop.yaml", environmentText("shop", "platform", [repository]));
  });

  it("loses a component together with its reference: the consumer's rule goes first, then the component", async () => {
    await project.write("blueprints/platform/blueprint.yaml", withoutOrders);
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    expect(result.result).toBe("succeeded");
    const [plan] = options.plans;
    const prune = plan?.stacks.find((stack) => stack.phase === "prune");
    expect(prune).toMatchObject({
      stack: "shop.virginia.data",
      counts: { create: 0, update: 0, replace: 0 },
    });
    expect(plan?.dataAtRisk).toEqual([expect.stringContaining("aws:rds/instance:Instance")]);
    expect(await cloudTypes()).not.toContain("aws:rds/instance:Instance");
    expect(await readOutputs(project.context, "shop")).not.toHaveProperty("virginia.orders");
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
  });

  it("shrinks from the consumers on: what a stack drops stays until nobody uses it any more", async () => {
    const zones = (count: number) => withoutOrders.replace("zones: 3", `zones: ${count}`);
    await project.write("blueprints/platform/blueprint.yaml", zones(2));
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    expect(result.result).toBe("succeeded");
    const network = options.plans[0]?.stacks.filter((stack) => stack.stack === "shop.virginia.network") ?? [];
    expect(network.map((stack) => [stack.phase, stack.counts.delete])).toEqual([
      ["converge", 0],
      ["prune", 8],
    ]);
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
    await project.write("blueprints/platform/blueprint.yaml", zones(3));
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
  }, 180_000);

  it("goes to the cluster's next version: control plane first, then add-ons and nodes, nothing replaced", async () => {
    await project.write("environments/next.yaml", environmentText("next", "next", [repository]));
    const write = (version: string, fields = "") =>
      project.write(
        "blueprints/next/blueprint.yaml",
        withoutOrders
          .replace("type: cluster,", `type: cluster, version: "${version}",${fields}`)
          .replace("name: platform", "name: next"),
      );
    await write("1.34");
    expect((await upEnvironment(project.context, "next", applying())).result).toBe("succeeded");
    await write("1.35");
    const options = applying();
    expect((await upEnvironment(project.context, "next", options)).result).toBe("succeeded");
    const [plan] = options.plans;
    expect(plan?.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
    const updates = plan?.stacks.flatMap(({ stack, steps }) =>
      steps.filter(({ action }) => action === "update").map(({ name }) => `${stack}: ${name}`),
    );
    expect(updates?.sort()).toEqual([
      "next.virginia.compute: cluster",
      "next.virginia.compute: cluster-coredns",
      "next.virginia.compute: cluster-eks-pod-identity-agent",
      "next.virginia.compute: cluster-kube-proxy",
      "next.virginia.compute: cluster-nodes",
    ]);
    expect((await upEnvironment(project.context, "next", applying())).result).toBe("unchanged");

    // A machine type makes a new version of the launch template, which nobody knows before.
    await write("1.35", " nodeType: m7g.xlarge,");
    const rolled = applying();
    expect((await upEnvironment(project.context, "next", rolled)).result).toBe("succeeded");
    expect(rolled.plans[0]?.counts).toMatchObject({ create: 0, update: 2, replace: 0, delete: 0 });
    await write("1.34");
    await expect(upEnvironment(project.context, "next", applying())).rejects.toMatchObject({
      code: "document-invalid",
    });
    await write("1.35");
    expect((await destroyEnvironment(project.context, "next", applying())).result).toBe("succeeded");
  }, 180_000);

  it("is gone after destroy, from the clouds and from the record, and comes back as another life", async () => {
    const before = (await readStatus(project.context, "shop"))[0]?.record.incarnation;
    const result = await destroyEnvironment(project.context, "shop", applying());
    expect(result.result).toBe("succeeded");
    expect(await cloudTypes()).toEqual([]);
    expect(await readStatus(project.context)).toEqual([]);
    expect(await stackNames(project)).toEqual([]);

    // How long it takes is known by now: the life before took as long.
    const again = applying();
    expect((await upEnvironment(project.context, "shop", again)).result).toBe("succeeded");
    expect(again.events).toContain("operation:expected");
    expect((await readStatus(project.context, "shop"))[0]?.record.incarnation).not.toBe(before);
    await destroyEnvironment(project.context, "shop", applying());
  });
});

describe("bad input: the name of an environment", () => {
  it("29: is taken once it exists on another target, and nothing is overwritten", async () => {
    await using project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(vpc),
      "environments/shop.yaml": environmentText("shop", "platform", [repository]),
    });
    await upEnvironment(project.context, "shop", applying());
    const before = await readStatus(project.context, "shop");
    const live = upEnvironment(project.context, "shop", applying({ target: "live" }));
    await expect(live).rejects.toMatchObject({ code: "name-taken" });
    expect(await readStatus(project.context, "shop")).toEqual(before);
  });
});

describe("a change that policies deny", () => {
  it("is refused with its findings before anybody is asked, and nothing is made", async () => {
    await using project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(
        vpc,
        // Validation judges by the day of the release, policies by the day of the judgement.
        '  cluster: { type: cluster, network: vpc, version: "1.31" }',
      ),
      "environments/old.yaml": environmentText("old", "platform", [repository], "prod"),
    });
    const context = { ...project.context, now: () => new Date("2026-12-01T12:00:00Z") };
    const options = applying();
    const denied = await upEnvironment(context, "old", options).catch((error: unknown) => error);
    expect(denied).toBeInstanceOf(TerraneError);
    expect(denied).toMatchObject({
      code: "denied-by-policy",
      message: expect.stringContaining("supported-cluster-version"),
    });
    expect(options.plans).toEqual([]);
    expect(await listObjects(project.context, {})).toEqual([]);
  });
});

describe("an environment that the cloud has no room for", () => {
  it("says what exists, what failed in the cloud's words and what was not started; up goes on once there is room", async () => {
    await using project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(vpc, "  cluster: { type: cluster, network: vpc }"),
      "blueprints/network/blueprint.yaml": blueprint(vpc).replace("name: platform", "name: network"),
      "environments/first.yaml": environmentText("first", "network", [repository], "prod"),
      "environments/second.yaml": environmentText("second", "platform", [repository], "prod"),
    });
    await upEnvironment(project.context, "first", applying());

    // Each has three NAT gateways with an address of their own; a region lends five.
    const failed = await upEnvironment(project.context, "second", applying());
    expect(failed).toMatchObject({ result: "failed", next: "terrane up second" });
    expect(failed.operation?.steps.map((step) => `${step.stack} ${step.outcome}`)).toEqual([
      "second.virginia.network failed",
      "second.virginia.compute not-started",
    ]);
    const network = failed.operation?.steps[0]?.resources ?? [];
    expect(network.filter((resource) => resource.outcome === "failed")).toEqual([
      expect.objectContaining({ action: "create", message: expect.stringContaining("AddressLimitExceeded") }),
    ]);
    expect(network.some((resource) => resource.outcome === "not-started")).toBe(true);
    expect(failed.resources["second.virginia.network"]).toBeGreaterThan(0);
    expect(await readStatus(project.context, "second")).toMatchObject([{ record: { status: "failed" } }]);

    await destroyEnvironment(project.context, "first", applying());
    expect((await upEnvironment(project.context, "second", applying())).result).toBe("succeeded");
    expect((await upEnvironment(project.context, "second", applying())).result).toBe("unchanged");
    expect((await destroyEnvironment(project.context, "second", applying())).result).toBe("succeeded");
    expect(await listObjects(project.context, {})).toEqual([]);
  });
});

describe("an interrupted operation", () => {
  const files = {
    "blueprints/platform/blueprint.yaml": blueprint(vpc, orders),
    "environments/shop.yaml": environmentText("shop", "platform", [repository]),
  };

  it("ends in good order after its step, tells what was not started, and up goes on", async () => {
    await using project = await makeProject(files);
    const controller = new AbortController();
    let planned = false;
    const result = await upEnvironment(
      project.context,
      "shop",
      applying({
        signal: controller.signal,
        emit: (event) => {
          planned ||= event.type === "operation:start";
          if (planned && event.type === "resource:end" && event.urn.includes("aws:ec2/vpc:Vpc"))
            controller.abort();
        },
      }),
    );
    expect(result).toMatchObject({ result: "cancelled", operation: { status: "cancelled" } });
    expect(result.operation?.steps.map((step) => step.outcome)).toEqual(["failed", "not-started"]);
    expect(
      result.operation?.steps[0]?.resources.every((resource) => resource.outcome === "not-started"),
    ).toBe(true);
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
  });

  it("counts everything when the interruption comes while its last step is ending", async () => {
    await using project = await makeProject(files);
    const up = await upEnvironment(project.context, "shop", applying());
    const controller = new AbortController();
    const result = await destroyEnvironment(
      project.context,
      "shop",
      applying({
        signal: controller.signal,
        emit: (event) => {
          if (
            event.type === "resource:start" &&
            event.urn.endsWith("::pulumi:providers:aws::virginia") &&
            event.stack.endsWith(".network")
          ) {
            controller.abort();
          }
        },
      }),
    );
    const deleted = result.operation?.steps.reduce((sum, step) => sum + step.counts.delete, 0);
    const left = Object.values(result.resources).reduce((sum, count) => sum + count, 0);
    expect((deleted ?? 0) + left).toBe(up.plan.counts.create);
    expect(result.result === "succeeded").toBe(left === 0);
  });
});

describe("a secret parameter", () => {
  it("is read for plan and up, is written nowhere, and is not needed to destroy", async () => {
    const canary = "r7g.16xlarge";
    await using project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(
        vpc,
        '  cluster: { type: cluster, network: vpc, nodeType: "${parameters.size}" }',
      ).replace("parameters: {", "parameters: { size: { type: string, secret: true },"),
      "environments/shop.yaml": environmentText("shop", "platform", [
        "parameters: { repository: https://git.example.com/deploy, size: { fromEnv: SHOP_SIZE } }",
      ]),
    });
    await expect(planEnvironment(project.context, "shop", applying())).rejects.toMatchObject({
      code: "bad-secret-reference",
    });
    const withSecret = {
      ...project.context,
      environment: { ...project.context.environment, SHOP_SIZE: canary },
    };
    expect((await upEnvironment(withSecret, "shop", applying())).result).toBe("succeeded");
    const written = await readdir(project.dir, { recursive: true, withFileTypes: true });
    for (const file of written.filter((each) => each.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), "latin1")).not.toContain(canary);
    }
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
  });
});

describe("two environments of one project", () => {
  it("get blocks of addresses that do not overlap, and live side by side", async () => {
    await using project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(vpc),
      "environments/one.yaml": environmentText("one", "platform", [repository]),
      "environments/two.yaml": environmentText("two", "platform", [repository]),
    });
    const results = [];
    for (const name of ["one", "two"]) results.push(await upEnvironment(project.context, name, applying()));
    const ranges = results.map((result) => result.outputs["virginia"]?.["vpc"]?.["cidr"]);
    expect(new Set(ranges).size).toBe(2);

    for (const name of ["one", "two"]) {
      await project.write(
        `environments/${name}.yaml`,
        environmentText(name, "platform", [repository]).replace("team-test", "team-other"),
      );
    }
    const both = await Promise.all(
      ["one", "two"].map((name) => upEnvironment(project.context, name, applying())),
    );
    expect(both.map((each) => each.result)).toEqual(["succeeded", "succeeded"]);
    await destroyEnvironment(project.context, "one", applying());
    expect((await readStatus(project.context)).map((status) => status.record.name)).toEqual(["two"]);
    expect((await upEnvironment(project.context, "two", applying())).result).toBe("unchanged");
  });
});
