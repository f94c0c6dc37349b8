/** Subnets that are replaced while a cluster of another stack stands in them: the world of tests of such replacements. */
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { afterEach, beforeEach } from "vitest";
import { z } from "zod";
import { defineComponent, type Implementation, reference, supported, unsupported } from "../../src/index.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "./project.ts";

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

/** A project for each test, in which nothing may be left at its end. */
export function useReplacedSubnets() {
  let project: TestProject;
  let context: PlatformContext;
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
  return {
    project: () => project,
    /** Brings the subnets to ranges that begin with this. */
    up: async (third: number, options = applying(), pace = 0) => {
      await project.write("blueprints/platform/blueprint.yaml", blueprint(third));
      return await upEnvironment({ ...context, pace }, "shop", options);
    },
    /** Ids of those in the cloud. */
    subnets: async () =>
      (await listObjects(context, { type: "ec2/subnet:Subnet" })).map((object) => object.id).sort(),
  };
}

/** Options of an `up` that is told to stop as soon as the stack of this domain converges. */
export function stopping(domain: string) {
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
