/**
 * Replacing what another stack uses, through the real engine: the new one is made, who uses it moves over, and only
 * then the old one goes.
 */
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineComponent, type Implementation, reference, supported, unsupported } from "../../src/index.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { editState } from "../support/edit-state.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const elsewhere = {
  gcp: unsupported("made for AWS"),
  azure: unsupported("made for AWS"),
  kubernetes: unsupported("made for AWS"),
};

const groundFields = z.strictObject({ third: z.int().default(0) });
const groundOutputs = z.strictObject({ subnetIds: z.array(z.string()) });
const makeGround: Implementation<typeof groundFields, typeof groundOutputs> = (context) => {
  const network = new Vpc(
    context.name,
    { cidrBlock: "10.9.0.0/16", enableDnsHostnames: true, enableDnsSupport: true },
    context.child,
  );
  const subnets = ["use1-az1", "use1-az2"].map(
    (zone, place) =>
      new Subnet(
        `${context.name}-${zone}`,
        {
          vpcId: network.id,
          cidrBlock: `10.9.${context.fields.third + place}.0/24`,
          availabilityZoneId: zone,
        },
        context.child,
      ),
  );
  return { subnetIds: subnets.map((subnet) => subnet.id) };
};

/** Subnets whose ranges move with `third`, and cannot: a subnet keeps its range for life. */
const ground = defineComponent({
  name: "ground",
  domain: "network",
  summary: "A network",
  fields: groundFields,
  outputs: groundOutputs,
  implementations: { aws: supported(async () => ({ implementation: makeGround })), ...elsewhere },
});

const houseFields = z.strictObject({ ground: reference(ground) });
const houseOutputs = z.strictObject({ cluster: z.string() });
const makeHouse: Implementation<typeof houseFields, typeof houseOutputs> = (context) => {
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const role = new Role(`${context.name}-role`, { assumeRolePolicy }, context.child);
  const { subnetIds } = context.references.ground.outputs;
  const cluster = new Cluster(
    context.name,
    {
      name: context.physicalName("", { maxLength: 100 }),
      roleArn: role.arn,
      vpcConfig: { subnetIds, endpointPublicAccess: false, endpointPrivateAccess: true },
    },
    context.child,
  );
  return { cluster: cluster.id };
};

/** A cluster can be told of other subnets while it runs; as long as it knows one, that one cannot go. */
const house = defineComponent({
  name: "house",
  domain: "compute",
  summary: "A cluster that stands in it",
  fields: houseFields,
  outputs: houseOutputs,
  implementations: { aws: supported(async () => ({ implementation: makeHouse })), ...elsewhere },
});

const blueprint = (third: number) =>
  [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    `  ground: { type: ground, third: ${third} }`,
    "  house: { type: house, ground: ground }",
    "",
  ].join("\n");

describe("replacing what another stack uses", { timeout: 180_000 }, () => {
  let project: TestProject;
  let context: PlatformContext;
  const up = async (third: number, options = applying()) => {
    await project.write("blueprints/platform/blueprint.yaml", blueprint(third));
    return await upEnvironment(context, "shop", options);
  };
  const subnets = async () =>
    (await listObjects(context, { type: "ec2/subnet:Subnet" })).map((object) => object.id).sort();

  beforeEach(async () => {
    project = await makeProject({ "environments/shop.yaml": environmentText("shop", "platform") });
    context = { ...project.context, components: [ground, house] };
  });
  afterEach(async () => {
    const { result } = await destroyEnvironment(context, "shop", applying());
    const left = await listObjects(context, {});
    await project[Symbol.asyncDispose]();
    if (result !== "succeeded" || left.length > 0) throw new Error(`destroy ${result}, ${left.length} left`);
  });

  it("makes the new one, lets others move over, and deletes the old one last", async () => {
    await up(0);
    const before = await subnets();
    const { result, plan, operation } = await up(10);
    expect(result).toBe("succeeded");
    const changes = plan.stacks.flatMap(({ stack, phase, steps }) =>
      steps.flatMap(({ action, name }) =>
        action === "same" ? [] : [`${phase} ${stack.split(".").at(-1)}: ${action} ${name}`],
      ),
    );
    expect(changes.sort()).toEqual([
      "converge compute: update house",
      "converge network: create ground-use1-az1",
      "converge network: create ground-use1-az2",
      "prune network: delete ground-use1-az1~replaced",
      "prune network: delete ground-use1-az2~replaced",
    ]);
    const made = plan.stacks.flatMap((stack) => stack.steps).find((step) => step.action === "create");
    expect(made).toMatchObject({
      setAside: `${made?.urn}~replaced`,
      changes: [{ path: "cidrBlock", replaces: true }],
    });
    expect(operation?.steps.map((step) => step.id)).toEqual([
      "move:shop",
      "converge:shop.virginia.network",
      "converge:shop.virginia.compute",
      "prune:shop.virginia.network",
    ]);
    const after = await subnets();
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect((await up(10)).result).toBe("unchanged");
  });

  it("goes on where it broke off, and the half of it can be destroyed", async () => {
    await up(0);
    const before = await subnets();
    for (const stack of ["network", "compute"]) {
      const at = stack === "network" ? 10 : 20;
      expect((await up(at, stopping(stack))).result).toBe("cancelled");
      expect(await subnets()).toEqual(expect.arrayContaining(stack === "network" ? before : []));
      expect((await up(at)).result).toBe("succeeded");
      expect(await subnets()).toHaveLength(2);
      expect((await up(at)).result).toBe("unchanged");
    }
    expect((await up(30, stopping("compute"))).result).toBe("cancelled");
    expect(await subnets()).toHaveLength(4);
  });

  it("finds what a killed engine made anew beside what it had set aside", async () => {
    await up(0);
    const dying = killing("network");
    context = { ...context, pace: 500 };
    expect((await up(10, dying)).result).toBe("cancelled");
    context = { ...context, pace: 0 };
    const { result } = await up(10);
    expect(result).toBe("succeeded");
    expect(await subnets()).toHaveLength(2);
    expect((await up(10)).result).toBe("unchanged");
  });

  it("is taken back, whether or not the new one is there already: the old one has its place again", async () => {
    await up(0);
    const before = await subnets();
    for (const stack of ["network", "compute"]) {
      expect((await up(10, stopping(stack))).result).toBe("cancelled");
      const { result, plan } = await up(0);
      expect(result).toBe("succeeded");
      expect(plan.counts).toMatchObject({ create: 0, replace: 0 });
      expect(await subnets()).toEqual(before);
      expect((await up(0)).result).toBe("unchanged");
    }
  });

  it("frees an environment that was stuck with something replaced that its cloud would not delete", async () => {
    await up(0);
    expect((await up(10, stopping("compute"))).result).toBe("cancelled");
    // As the engine leaves it when it tried on its own.
    await editState(project, "shop.virginia.network", ({ deployment, ...rest }) => ({
      ...rest,
      deployment: {
        ...deployment,
        resources: (deployment.resources ?? []).map((resource) =>
          resource.urn.endsWith("~replaced")
            ? { ...resource, urn: resource.urn.replace("~replaced", ""), delete: true }
            : resource,
        ),
      },
    }));
    expect(await subnets()).toHaveLength(4);
    const { result, plan } = await up(10);
    expect(result).toBe("succeeded");
    expect(plan.counts).toMatchObject({ create: 0, replace: 0, delete: 2 });
    expect(await subnets()).toHaveLength(2);
    expect((await up(10)).result).toBe("unchanged");
  });
});

/** Options of an `up` that is told to stop as soon as the stack of this domain converges. */
function stopping(domain: string) {
  const controller = new AbortController();
  return applying({
    signal: controller.signal,
    emit: (event) => {
      if (event.type === "stack:start" && event.verb === "up" && event.stack.endsWith(domain)) {
        controller.abort();
      }
    },
  });
}

/** Options of an `up` whose engine is killed while it makes its first resource in the stack of this domain. */
function killing(domain: string) {
  const [signal, force] = [new AbortController(), new AbortController()];
  let isUp = false;
  return applying({
    signal: signal.signal,
    force: force.signal,
    emit: (event) => {
      isUp ||= event.type === "stack:start" && event.verb === "up" && event.stack.endsWith(domain);
      if (!isUp || event.type !== "resource:start" || event.action !== "create") return;
      signal.abort();
      force.abort();
    },
  });
}
