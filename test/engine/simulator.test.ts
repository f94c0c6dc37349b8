/** The simulated clouds behind the real engine: what a user's program sees of them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones.js";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getPolicyDocumentOutput } from "@pulumi/aws/iam/getPolicyDocument.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { Network } from "@pulumi/gcp/compute/network.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import { Provider as GcpProvider } from "@pulumi/gcp/provider.js";
import { Topic } from "@pulumi/gcp/pubsub/topic.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { interpolate, type Output, output, CustomResource as PulumiResource, secret } from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type World } from "./simulator-world.ts";

/** A resource without the SDK's own class around it, so that wrong inputs reach the provider. */
class AnyResource extends PulumiResource {}

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const virginia = () => new Provider("virginia", { region: "us-east-1", allowedAccountIds: ["111122223333"] });

/** All text that anything wrote into the world's folder: states, histories, the clouds' own file. */
function everythingWritten(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size < 50_000_000)
    .map((file) => readFileSync(file, "latin1"))
    .join("\n");
}

describe("the simulated clouds behind the engine", () => {
  it("create, change nothing, update in place, replace, and end empty", async () => {
    let cidr = "10.0.1.0/24";
    let owner = "me";
    const stack = await world.stack("a.virginia.network", async () => {
      const provider = virginia();
      const vpc = new Vpc(
        "vpc",
        { cidrBlock: "10.0.0.0/16", tags: { Owner: owner, "terrane:stack": "a" } },
        { provider },
      );
      const subnet = new Subnet(
        "subnet",
        { vpcId: vpc.id, cidrBlock: cidr, availabilityZone: "us-east-1a" },
        { provider },
      );
      return { vpc: vpc.id, subnet: subnet.id };
    });
    const first = await stack.up();
    expect(first.summary.resourceChanges).toEqual({ create: 4 });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 4 });

    owner = "you";
    expect((await stack.up()).summary.resourceChanges).toEqual({ update: 1, same: 3 });
    const vpc = await world.clouds.show({ type: "aws:ec2/vpc:Vpc" });
    expect(vpc.properties["tags"]).toEqual({ Owner: "you", "terrane:stack": "a" });
    expect(vpc.properties["tagsAll"]).toEqual(vpc.properties["tags"]);

    cidr = "10.0.2.0/24";
    const replaced = await stack.up();
    expect(replaced.summary.resourceChanges).toEqual({ replace: 1, same: 3 });
    expect(replaced.outputs["subnet"]?.value).not.toBe(first.outputs["subnet"]?.value);

    await stack.destroy();
    expect(await world.clouds.list()).toEqual([]);
  });

  it("gives a new id to what is made again after a destroy", async () => {
    const stack = await world.stack("a.virginia.network", async () => {
      return { vpc: new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider: virginia() }).id };
    });
    const first = (await stack.up()).outputs["vpc"]?.value;
    await stack.destroy();
    const second = (await stack.up()).outputs["vpc"]?.value;
    expect(second).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
  });

  it("leave unknown in a preview what only the cloud can give, and nothing else", async () => {
    const seen: Record<string, boolean> = {};
    const note = async (name: string, value: Output<unknown>) => {
      seen[name] = await (value as unknown as { isKnown: Promise<boolean> }).isKnown;
    };
    const stack = await world.stack("a.virginia.data", async () => {
      const provider = virginia();
      const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
      const cluster = new Cluster(
        "cluster",
        {
          name: "main",
          roleArn: "arn:aws:iam::111122223333:role/x",
          vpcConfig: { subnetIds: [vpc.id, "subnet-0"] },
        },
        { provider },
      );
      await note("id", vpc.id);
      await note("arn", vpc.arn);
      await note("cidrBlock", vpc.cidrBlock);
      await note("enableDnsSupport", vpc.enableDnsSupport);
      await note("region", vpc.region);
      await note("name", cluster.name);
      await note("endpoint", cluster.endpoint);
      await note("access", cluster.vpcConfig.subnetIds);
      await note("group", cluster.vpcConfig.clusterSecurityGroupId);
      return {};
    });
    await stack.preview();
    expect(seen).toEqual({
      id: false,
      arn: false,
      cidrBlock: true,
      enableDnsSupport: true,
      region: true,
      name: true,
      endpoint: false,
      access: false,
      group: false,
    });
    expect(await world.clouds.list()).toEqual([]);
  });

  it("tell two providers of one cloud apart", async () => {
    const stack = await world.stack("a.virginia.network", async () => {
      const east = virginia();
      const west = new Provider("oregon", {
        region: "us-west-2",
        allowedAccountIds: ["444455556666"],
        assumeRoles: [{ roleArn: "arn:aws:iam::444455556666:role/deploy" }],
      });
      new Vpc("east", { cidrBlock: "10.0.0.0/16" }, { provider: east });
      new Vpc("west", { cidrBlock: "10.1.0.0/16" }, { provider: west });
      return {
        east: getCallerIdentityOutput({}, { provider: east }).accountId,
        zones: getAvailabilityZonesOutput({}, { provider: west }).names,
      };
    });
    const result = await stack.up();
    expect(result.outputs["east"]?.value).toBe("111122223333");
    expect(result.outputs["zones"]?.value).toEqual(["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]);
    const vpcs = await world.clouds.list({ type: "aws:ec2/vpc:Vpc" });
    expect(vpcs.map(({ account, region }) => `${account} ${region}`).sort()).toEqual([
      "111122223333 us-east-1",
      "444455556666 us-west-2",
    ]);
  });

  it("refuse a provider whose account is not allowed, before anything is made", async () => {
    const stack = await world.stack("a.virginia.network", async () => {
      const provider = new Provider("virginia", {
        region: "us-east-1",
        allowedAccountIds: ["111122223333"],
        assumeRoles: [{ roleArn: "arn:aws:iam::999999999999:role/deploy" }],
      });
      new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
      return {};
    });
    await expect(stack.up()).rejects.toThrow(/AWS account ID not allowed: 999999999999/);
    expect(await world.clouds.list()).toEqual([]);
  });

  it("refuse wrong inputs in the preview, with what would be right", async () => {
    let inputs: Record<string, unknown> = { cidrBlok: "10.0.0.0/16", cidrBlock: "10.0.0.0/16" };
    const stack = await world.stack("a.virginia.network", async () => {
      new AnyResource("aws:ec2/vpc:Vpc", "vpc", inputs, { provider: virginia() });
      return {};
    });
    await expect(stack.preview()).rejects.toThrow(
      /takes no input \\?"cidrBlok\\?"; did you mean \\?"cidrBlock\\?"\?/,
    );
    inputs = { cidrBlock: "10.0.0.1/16" };
    await expect(stack.preview()).rejects.toThrow(
      /is not a valid IPv4 CIDR block; did you mean \\?"10.0.0.0\/16\\?"\?/,
    );
    inputs = { cidrBlock: "10.0.0.0/16", tags: "Owner=me" };
    await expect(stack.preview()).rejects.toThrow(/expected a map, got a string/);
  });

  it("refuse a reference that leads nowhere, in the cloud's own words", async () => {
    const stack = await world.stack("a.virginia.network", async () => {
      new Subnet("subnet", { vpcId: "vpc-00000000", cidrBlock: "10.0.0.0/24" }, { provider: virginia() });
      return {};
    });
    await expect(stack.up()).rejects.toThrow(
      /creating EC2 Subnet: operation error EC2: CreateSubnet, https response error StatusCode: 400, RequestID: [0-9a-f-]+, api error InvalidVpcID.NotFound: The vpc ID 'vpc-00000000' does not exist/,
    );
  });

  it("refuse to delete what another stack still uses", async () => {
    let vpcId = "";
    const network = await world.stack("a.virginia.network", async () => {
      return { vpc: new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider: virginia() }).id };
    });
    vpcId = (await network.up()).outputs["vpc"]?.value as string;
    const data = await world.stack("a.virginia.data", async () => {
      new SecurityGroup("group", { vpcId, description: "db" }, { provider: virginia() });
      return {};
    });
    await data.up();
    await expect(network.destroy()).rejects.toThrow(
      /api error DependencyViolation: The vpc 'vpc-0\w+' has dependencies/,
    );
    await data.destroy();
    await network.destroy();
    expect(await world.clouds.list()).toEqual([]);
  });

  it("show drift after a change by hand, and mend it", async () => {
    const stack = await world.stack("a.virginia.network", async () => {
      new Vpc("vpc", { cidrBlock: "10.0.0.0/16", tags: { Owner: "me" } }, { provider: virginia() });
      return {};
    });
    await stack.up();
    await world.clouds.edit(
      { type: "aws:ec2/vpc:Vpc" },
      { tags: { Owner: "stranger" }, enableDnsHostnames: true },
    );
    await stack.refresh();
    const mended = await stack.up();
    expect(mended.summary.resourceChanges).toEqual({ update: 1, same: 2 });
    expect((await world.clouds.show({ type: "aws:ec2/vpc:Vpc" })).properties["tags"]).toEqual({
      Owner: "me",
    });

    await world.clouds.remove({ type: "aws:ec2/vpc:Vpc" });
    await stack.refresh();
    expect((await stack.up()).summary.resourceChanges).toEqual({ create: 1, same: 2 });
  });

  it("keep a secret out of everything that is written, and mark it wherever it turns up", async () => {
    const canary = "canary-4711-secret";
    const stack = await world.stack("a.virginia.data", async () => {
      const provider = virginia();
      const database = new Instance(
        "db",
        {
          identifier: "orders",
          engine: "postgres",
          instanceClass: "db.t4g.medium",
          allocatedStorage: 20,
          username: "orders",
          password: secret(canary),
          skipFinalSnapshot: true,
          tags: { token: secret(canary) },
        },
        { provider },
      );
      const role = new Role(
        "role",
        { assumeRolePolicy: trust(), description: interpolate`has ${secret(canary)}` },
        { provider },
      );
      return { endpoint: database.endpoint, tags: database.tagsAll, description: role.description };
    });
    const up = await stack.up();
    expect(up.outputs["endpoint"]).toMatchObject({ secret: false });
    expect(up.outputs["tags"]).toEqual({ value: { token: canary }, secret: true });
    expect(up.outputs["description"]).toEqual({ value: `has ${canary}`, secret: true });
    expect(up.stdout).not.toContain(canary);
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 4 });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
    expect(everythingWritten(world.folder)).toContain("orders");
    expect(everythingWritten(world.folder)).not.toContain(canary);
  });

  it("run a Helm release and custom resources in a simulated cluster, and take them along with it", async () => {
    const stack = await world.stack("a.virginia.gitops", async () => {
      const provider = virginia();
      const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }, { provider });
      const subnets = ["a", "b"].map((zone, index) => {
        const place = {
          vpcId: vpc.id,
          cidrBlock: `10.0.${index}.0/24`,
          availabilityZone: `us-east-1${zone}`,
        };
        return new Subnet(zone, place, { provider }).id;
      });
      const role = new Role("role", { assumeRolePolicy: trust() }, { provider });
      const cluster = new Cluster(
        "main",
        { roleArn: role.arn, vpcConfig: { subnetIds: subnets } },
        { provider },
      );
      const inside = {
        provider: new KubernetesProvider("inside", { kubeconfig: kubeconfig(cluster.endpoint) }),
      };
      const namespace = new Namespace("argocd", { metadata: { name: "argocd" } }, inside);
      const release = new Release(
        "argocd",
        {
          chart: "argo-cd",
          version: "8.0.0",
          namespace: namespace.metadata.name,
          repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
        },
        inside,
      );
      new CustomResource(
        "root",
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "Application",
          metadata: { name: "root", namespace: "argocd" },
          spec: { project: "default" },
        },
        { ...inside, dependsOn: release },
      );
      new PersistentVolumeClaim(
        "claim",
        { metadata: { namespace: namespace.metadata.name }, spec: { accessModes: ["ReadWriteOnce"] } },
        inside,
      );
      return { status: release.status, cluster: cluster.name };
    });
    await stack.preview();
    const up = await stack.up();
    expect(up.outputs["status"]?.value).toMatchObject({
      chart: "argo-cd",
      namespace: "argocd",
      status: "deployed",
      revision: 1,
    });
    expect((await stack.up()).summary.resourceChanges).toEqual({
      same: up.summary.resourceChanges?.["create"],
    });
    expect(await world.clouds.list({ cloud: "kubernetes" })).toHaveLength(4);

    await world.clouds.remove({ type: "aws:eks/cluster:Cluster" });
    expect(await world.clouds.list({ cloud: "kubernetes" })).toEqual([]);
    await expect(stack.refresh()).rejects.toThrow(/cluster is unreachable/);
  });

  it("answer connection refused where no cluster is", async () => {
    const stack = await world.stack("a.virginia.gitops", async () => {
      const provider = new KubernetesProvider("inside", {
        kubeconfig: kubeconfig(output("https://gone.example.com")),
      });
      new Namespace("apps", {}, { provider });
      return {};
    });
    await expect(stack.up()).rejects.toThrow(
      /cluster is unreachable.*gone\.example\.com: connect: connection refused/,
    );
  });

  it("take any type of the SDKs, with a made-up name and plausible outputs", async () => {
    const stack = await world.stack("a.virginia.other", async () => {
      const provider = virginia();
      const google = new GcpProvider("iowa", { project: "a-project", region: "us-central1" });
      const queue = new Queue("jobs", { visibilityTimeoutSeconds: 30 }, { provider });
      const topic = new Topic("events", {}, { provider: google });
      const network = new Network("main", { autoCreateSubnetworks: false }, { provider: google });
      new Subnetwork("private", { network: network.id, ipCidrRange: "10.0.0.0/20" }, { provider: google });
      const policy = getPolicyDocumentOutput(
        { statements: [{ actions: ["s3:GetObject"], resources: ["*"] }] },
        { provider },
      );
      return {
        name: queue.name,
        arn: queue.arn,
        topic: topic.id,
        network: network.selfLink,
        policy: policy.json,
      };
    });
    const { outputs } = await stack.up();
    expect(outputs["name"]?.value).toMatch(/^jobs-[0-9a-f]{7}$/);
    expect(outputs["arn"]?.value).toMatch(/^arn:aws:sqs:us-east-1:111122223333:/);
    expect(outputs["topic"]?.value).toMatch(/^projects\/a-project\/pubsub\/topics\/events-[0-9a-f]{7}$/);
    expect(outputs["network"]?.value).toMatch(
      /compute\/v1\/projects\/a-project\/global\/networks\/main-[0-9a-f]{7}$/,
    );
    expect(JSON.parse(outputs["policy"]?.value)).toMatchObject({ Statement: [{ Action: "s3:GetObject" }] });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 7 });
    await stack.destroy();
    expect(await world.clouds.list()).toEqual([]);
  });
});

function trust(): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }],
  });
}

function kubeconfig(server: Output<string>): Output<string> {
  return server.apply((url) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "main",
      clusters: [{ name: "main", cluster: { server: url } }],
      contexts: [{ name: "main", context: { cluster: "main", user: "main" } }],
      users: [
        {
          name: "main",
          user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws" } },
        },
      ],
    }),
  );
}
