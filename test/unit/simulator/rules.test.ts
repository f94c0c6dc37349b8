import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../src/values/value.ts";
import { iowa, openSmallWorld, type SmallWorld, seeRefused, virginia } from "./world.ts";

let world: SmallWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});
afterEach(() => world.clouds.close());

const refusal = (code: string, message: RegExp = /./) => ({
  code: "cloud-error",
  details: expect.objectContaining({ code }),
  message: expect.stringMatching(message),
});

const refusedAws = (names: readonly string[], inputs: Properties, code: string, message?: RegExp) =>
  seeRefused(world, names, () => inputs, { code, ...(message === undefined ? {} : { message }) });

const zones = ["vpc", "subnet", "subnet-b"];

describe("EKS refuses a cluster", () => {
  it.each<[string, Properties, RegExp]>([
    [
      "whose public endpoint takes private addresses",
      { publicAccessCidrs: ["203.0.113.0/24", "10.0.0.0/8"] },
      /not allowed in publicAccessCidrs: \[10\.0\.0\.0\/8\]/,
    ],
    [
      "that nobody could reach",
      { endpointPublicAccess: false },
      /Private and public endpoint access cannot be false/,
    ],
  ])("%s", async (_what, network, message) => {
    await world.need("aws", [...zones, "role"]);
    const vpcConfig = { subnetIds: [world.ref("subnet"), world.ref("subnet-b")], ...network };
    const inputs = { name: "main", roleArn: world.ref("role", "arn"), vpcConfig };
    await expect(world.make("main", "aws:eks/cluster:Cluster", inputs)).rejects.toMatchObject(
      refusal("InvalidParameterException", message),
    );
  });

  it.each([
    ["10.0.128.0/20", /overlaps with the VPC CIDR 10\.0\.0\.0\/16/],
    ["203.0.113.0/24", /is not within/],
    ["10.8.0.0/28", /between \/12 and \/24/],
  ])("whose services are in %s", async (serviceIpv4Cidr, message) => {
    await refusedAws(
      [...zones, "role", "cluster"],
      { kubernetesNetworkConfig: { serviceIpv4Cidr } },
      "InvalidParameterException",
      message,
    );
  });
});

it("EKS lets the whole internet in where it is told to", async () => {
  await world.need("aws", [...zones, "role"]);
  const subnetIds = [world.ref("subnet"), world.ref("subnet-b")];
  const vpcConfig = { subnetIds, publicAccessCidrs: ["0.0.0.0/0"] };
  const inputs = { name: "main", roleArn: world.ref("role", "arn"), vpcConfig };
  await expect(world.make("main", "aws:eks/cluster:Cluster", inputs)).resolves.toBe("main");
});

describe("AWS refuses to make", () => {
  it.each<[string, readonly string[], Properties, string]>([
    ["a VPC outside of /16 to /28", ["vpc"], { cidrBlock: "10.0.0.0/8" }, "InvalidVpc.Range"],
    ["a subnet outside of its VPC", ["vpc", "subnet"], { cidrBlock: "10.1.0.0/24" }, "InvalidSubnet.Range"],
    [
      "a subnet over another one",
      ["vpc", "subnet", "subnet-b"],
      { cidrBlock: "10.0.0.128/25" },
      "InvalidSubnet.Conflict",
    ],
    [
      "a subnet in a zone that the region lacks",
      ["vpc", "subnet"],
      { availabilityZone: "us-east-1z" },
      "InvalidParameterValue",
    ],
    [
      "a NAT gateway without an internet gateway",
      ["vpc", "subnet", "address", "nat"],
      {},
      "Gateway.NotAttached",
    ],
    [
      "a NAT gateway on an address in use",
      ["vpc", "subnet", "gateway", "address", "nat", "nat"],
      {},
      "Resource.AlreadyAssociated",
    ],
    ["a second internet gateway for a VPC", ["vpc", "gateway", "gateway"], {}, "Resource.AlreadyAssociated"],
    ["a route twice", ["vpc", "gateway", "table", "route", "route"], {}, "RouteAlreadyExists"],
    [
      "a second table for a subnet",
      ["vpc", "subnet", "table", "association", "association"],
      {},
      "Resource.AlreadyAssociated",
    ],
    ["a security group of a taken name", ["vpc", "group", "group"], {}, "InvalidGroup.Duplicate"],
    ["a rule twice", ["vpc", "group", "ingress", "ingress"], {}, "InvalidPermission.Duplicate"],
    [
      "a rule from two sources",
      ["vpc", "group", "ingress"],
      { prefixListId: "pl-1" },
      "InvalidParameterCombination",
    ],
    [
      "a rule for a group that is not there",
      ["vpc", "group", "ingress"],
      { securityGroupId: "sg-0" },
      "InvalidGroup.NotFound",
    ],
    ["a role of a taken name", ["role", "role"], {}, "EntityAlreadyExists"],
    ["a role that nobody may assume", ["role"], { assumeRolePolicy: "{}" }, "MalformedPolicyDocument"],
    [
      "an attachment of a policy that is not there",
      ["role", "policy", "attachment"],
      { policyArn: "arn:aws:iam::111122223333:policy/none" },
      "NoSuchEntity",
    ],
    [
      "a DB subnet group in one zone",
      ["vpc", "subnet", "subnet-b", "db-subnets"],
      { subnetIds: [] },
      "DBSubnetGroupDoesNotCoverEnoughAZs",
    ],
    [
      "a database without a password",
      ["database"],
      {
        manageMasterUserPassword: false,
        dbSubnetGroupName: "",
        vpcSecurityGroupIds: [],
        parameterGroupName: "",
      },
      "InvalidParameterValue",
    ],
    [
      "a cluster of a version that is not offered",
      [...zones, "role", "cluster"],
      { version: "1.21" },
      "InvalidParameterException",
    ],
    [
      "a cluster in one zone",
      [...zones, "role", "cluster"],
      { vpcConfig: { subnetIds: [] } },
      "InvalidParameterException",
    ],
    [
      "nodes whose sizes contradict each other",
      [...zones, "role", "cluster", "nodes"],
      { scalingConfig: { minSize: 3, desiredSize: 2, maxSize: 4 } },
      "InvalidParameterException",
    ],
    [
      "nodes of a cluster that is not there",
      [...zones, "role", "cluster", "nodes"],
      { clusterName: "none" },
      "ResourceNotFoundException",
    ],
    [
      "an add-on that EKS does not offer",
      [...zones, "role", "cluster", "addon"],
      { addonName: "nothing" },
      "InvalidParameterException",
    ],
    [
      "a version of an add-on that is not for the cluster's",
      [...zones, "role", "cluster", "addon"],
      { addonName: "kube-proxy", addonVersion: "v1.35.0-eksbuild.2" },
      "InvalidParameterException",
    ],
    [
      "an add-on with settings that are no JSON",
      [...zones, "role", "cluster", "addon"],
      { configurationValues: "{" },
      "InvalidParameterException",
    ],
    [
      "a launch template of a type that there is not",
      ["template"],
      { instanceType: "m7g.canary" },
      "InvalidInstanceType",
    ],
    [
      "a launch template with a key and no encryption",
      ["template"],
      { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { kmsKeyId: "key" } }] },
      "InvalidParameterValue",
    ],
    [
      "nodes whose processor is not the image's",
      [...zones, "role", "cluster", "template", "templated-nodes"],
      { amiType: "AL2023_x86_64_STANDARD" },
      "InvalidParameterException",
    ],
    [
      "nodes with a disk besides that of their template",
      [...zones, "role", "cluster", "template", "templated-nodes"],
      { diskSize: 50 },
      "InvalidParameterException",
    ],
    [
      "nodes of a template's version that is not there",
      [...zones, "role", "cluster", "template", "templated-nodes"],
      { launchTemplate: { id: "lt-0", version: "1" } },
      "InvalidRequestException",
    ],
    [
      "an access entry for the role of a node group",
      [...zones, "role", "cluster", "nodes", "entry"],
      {},
      "ResourceInUseException",
    ],
    ["a queue of a taken name", ["queue", "queue"], {}, "QueueAlreadyExists"],
    ["a queue's policy that is none", ["queue", "queue-policy"], { policy: "{}" }, "InvalidAttributeValue"],
    [
      "a rule for events of no form",
      ["event-rule"],
      { eventPattern: '{"source":"aws.ec2"}' },
      "InvalidEventPatternException",
    ],
    [
      "a target of a rule that is not there",
      ["event-rule", "queue", "event-target"],
      { rule: "none" },
      "ResourceNotFoundException",
    ],
    [
      "an access policy for a principal without an entry",
      [...zones, "role", "cluster", "entry-policy"],
      {},
      "ResourceNotFoundException",
    ],
    [
      "an alias of a key that is not there",
      ["key", "key-alias"],
      { targetKeyId: "none" },
      "NotFoundException",
    ],
  ])("%s", async (_what, names, inputs, code) => {
    if (names[0] === "database") {
      await expect(
        world.make("db", "aws:rds/instance:Instance", {
          engine: "postgres",
          allocatedStorage: 20,
          username: "a",
          ...inputs,
        }),
      ).rejects.toMatchObject(refusal(code));
    } else await refusedAws(names, inputs, code);
  });

  it("a database of a taken identifier, and one with a reserved user", async () => {
    await world.need("aws", [...zones, "db-subnets", "group", "parameters", "database"]);
    const same = world.make("again", "aws:rds/instance:Instance", { identifier: "orders" });
    await expect(same).rejects.toMatchObject(
      refusal("DBInstanceAlreadyExists", /CreateDBInstance.*DB instance already exists/),
    );
    const reserved = {
      identifier: "b",
      engine: "postgres",
      allocatedStorage: 20,
      username: "rdsadmin",
      password: "x",
    };
    await expect(world.make("reserved", "aws:rds/instance:Instance", reserved)).rejects.toMatchObject(
      refusal("InvalidParameterValue", /reserved word/),
    );
  });

  it("a cluster whose network cannot resolve names", async () => {
    await world.need("aws", ["role"]);
    await world.make("vpc", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    await world.need("aws", ["subnet"]);
    await world.need("aws", ["subnet-b"]);
    await expect(world.need("aws", ["cluster"])).rejects.toMatchObject(
      refusal("InvalidParameterException", /DNS/),
    );
  });

  it("more than its quota allows, unless the quota was raised", async () => {
    for (const octet of [1, 2, 3, 4, 5])
      await world.make(`v${octet}`, "aws:ec2/vpc:Vpc", { cidrBlock: `10.${octet}.0.0/16` });
    const sixth = (where: SmallWorld) => where.make("v6", "aws:ec2/vpc:Vpc", { cidrBlock: "10.6.0.0/16" });
    await expect(sixth(world)).rejects.toMatchObject(refusal("VpcLimitExceeded"));
    await world.make(
      "west",
      "aws:ec2/vpc:Vpc",
      { cidrBlock: "10.7.0.0/16" },
      { ...virginia, region: "us-west-2" },
    );
    const raised = await openSmallWorld({ quotas: { "aws:ec2/vpc:Vpc": 1 } });
    await raised.make("v1", "aws:ec2/vpc:Vpc", { cidrBlock: "10.1.0.0/16" });
    await expect(sixth(raised)).rejects.toMatchObject(refusal("VpcLimitExceeded"));
    await raised.clouds.close();
  });

  it("more than its quota allows in one network, whatever other networks hold", async () => {
    const small = await openSmallWorld({ quotas: { "aws:ec2/subnet:Subnet": 2 } });
    const subnet = (network: string, third: number) =>
      small.make(`${network}-${third}`, "aws:ec2/subnet:Subnet", {
        vpcId: small.ref(network),
        cidrBlock: `10.0.${third}.0/24`,
      });
    for (const network of ["one", "other"]) {
      await small.make(network, "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
      await subnet(network, 0);
      await subnet(network, 1);
    }
    await expect(subnet("one", 2)).rejects.toMatchObject(refusal("SubnetLimitExceeded"));
    await small.remove("one-0");
    await subnet("one", 2);
    await small.clouds.close();
  });
});

describe("AWS refuses to change", () => {
  it("a cluster by two minor versions, or back", async () => {
    await world.need("aws", [...zones, "role", "cluster"]);
    await expect(world.update("cluster", { version: "1.35" })).rejects.toMatchObject(
      refusal("InvalidParameterException", /from 1.33 to 1.35/),
    );
    await expect(world.update("cluster", { version: "1.32" })).rejects.toMatchObject(
      refusal("InvalidParameterException"),
    );
    await world.update("cluster", { version: "1.34" });
  });

  it("the storage of a database to less", async () => {
    await world.need("aws", [...zones, "db-subnets", "group", "parameters", "database"], {
      allocatedStorage: 100,
    });
    await expect(world.update("database", { allocatedStorage: 50 })).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /reduced/),
    );
  });
});

describe("AWS refuses to move", () => {
  const other = async () => {
    await world.make("vpc-2", "aws:ec2/vpc:Vpc", {
      ...{ cidrBlock: "10.2.0.0/16", enableDnsSupport: true, enableDnsHostnames: true },
    });
    const ids = ["us-east-1a", "us-east-1b"].map((availabilityZone, place) =>
      world.make(`subnet-2${place}`, "aws:ec2/subnet:Subnet", {
        ...{ vpcId: world.ref("vpc-2"), cidrBlock: `10.2.${place}.0/24`, availabilityZone },
      }),
    );
    return await Promise.all(ids);
  };

  it("a DB subnet group or a cluster to another network", async () => {
    await world.need("aws", [...zones, "db-subnets", "role", "cluster"]);
    const subnetIds = await other();
    await expect(world.update("db-subnets", { subnetIds })).rejects.toMatchObject(
      refusal("InvalidParameterValue", /not in the same Vpc/),
    );
    await expect(world.update("cluster", { vpcConfig: { subnetIds } })).rejects.toMatchObject(
      refusal("InvalidParameterException", /in the VPC of the cluster/),
    );
  });

  it("a DB subnet group away from where a database stands, but from nowhere else", async () => {
    await world.need("aws", [...zones, "db-subnets", "group", "parameters", "database"], {
      availabilityZone: "us-east-1a",
    });
    const more = (zone: string, third: number) =>
      world.make(`more-${zone}`, "aws:ec2/subnet:Subnet", {
        ...{ vpcId: world.ref("vpc"), cidrBlock: `10.0.${third}.0/24`, availabilityZone: zone },
      });
    const [a, b] = [await more("us-east-1a", 100), await more("us-east-1b", 101)];
    await world.update("db-subnets", { subnetIds: [world.ref("subnet"), b] });
    await expect(world.update("db-subnets", { subnetIds: [a, b] })).rejects.toMatchObject(
      refusal("SubnetAlreadyInUse", /currently in use: subnet-/),
    );
  });
});

describe("AWS refuses to delete", () => {
  it.each<[string, readonly string[], string, string]>([
    ["a VPC with subnets", ["vpc", "subnet"], "vpc", "DependencyViolation"],
    ["a subnet with a cluster", [...zones, "role", "cluster"], "subnet", "DependencyViolation"],
    [
      "a subnet with a NAT gateway",
      ["vpc", "subnet", "gateway", "address", "nat"],
      "subnet",
      "DependencyViolation",
    ],
    [
      "a gateway of a network with public addresses",
      ["vpc", "subnet", "gateway", "address", "nat"],
      "gateway",
      "DependencyViolation",
    ],
    [
      "an address in use",
      ["vpc", "subnet", "gateway", "address", "nat"],
      "address",
      "InvalidIPAddress.InUse",
    ],
    ["a role with policies", ["role", "policy", "attachment"], "role", "DeleteConflict"],
    ["a policy in use", ["role", "policy", "attachment"], "policy", "DeleteConflict"],
    [
      "a DB subnet group in use",
      [...zones, "db-subnets", "group", "parameters", "database"],
      "db-subnets",
      "InvalidDBSubnetGroupStateFault",
    ],
    [
      "a security group in use",
      [...zones, "db-subnets", "group", "parameters", "database"],
      "group",
      "DependencyViolation",
    ],
    [
      "a subnet with a database",
      [...zones, "db-subnets", "group", "parameters", "database"],
      "subnet-b",
      "DependencyViolation",
    ],
    ["a cluster with nodes", [...zones, "role", "cluster", "nodes"], "cluster", "ResourceInUseException"],
  ])("%s", async (_what, names, target, code) => {
    await world.need("aws", names);
    const before = await world.clouds.list();
    await expect(world.remove(target)).rejects.toMatchObject(refusal(code));
    expect(await world.clouds.list()).toEqual(before);
  });

  it("a protected database, and one whose last snapshot has no name", async () => {
    const names = [...zones, "db-subnets", "group", "parameters", "database"];
    await world.need("aws", names, { deletionProtection: true });
    await expect(world.remove("database")).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /protected/),
    );
    await world.update("database", { deletionProtection: false, skipFinalSnapshot: false });
    await expect(world.remove("database")).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /FinalDBSnapshotIdentifier/),
    );
  });

  it("a security group that another group's rule names, but not one that only has rules of its own", async () => {
    await world.need("aws", ["vpc", "group", "ingress"]);
    const other = await world.make("other", "aws:ec2/securityGroup:SecurityGroup", {
      vpcId: world.ref("vpc"),
      name: "other",
    });
    await world.make("cross", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
      securityGroupId: world.ref("group"),
      referencedSecurityGroupId: other,
      ipProtocol: "tcp",
      fromPort: 1,
      toPort: 1,
    });
    await expect(world.remove("other")).rejects.toMatchObject(refusal("DependencyViolation"));
    await world.remove("group");
    await world.remove("other");
    expect(
      await world.clouds.list({ type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" }),
    ).toEqual([]);
  });
});

describe("Google Cloud refuses", () => {
  it("ranges of one network that overlap, whatever the region", async () => {
    await world.need("gcp", ["network", "subnetwork"]);
    const inputs = {
      name: "other",
      network: world.ref("network", "selfLink"),
      ipCidrRange: "10.4.0.0/20",
      region: "europe-west1",
    };
    await expect(
      world.make("other", "gcp:compute/subnetwork:Subnetwork", inputs, iowa),
    ).rejects.toMatchObject(
      refusal("invalid", /googleapi: Error 400: Invalid IPCidrRange: 10.4.0.0\/20 conflicts/),
    );
  });

  it("a network that is not there, a taken name, and the end of a network in use", async () => {
    await world.need("gcp", ["network", "subnetwork"]);
    const lost = {
      name: "a",
      network: "projects/a-project/global/networks/none",
      ipCidrRange: "10.9.0.0/24",
    };
    await expect(world.make("a", "gcp:compute/subnetwork:Subnetwork", lost, iowa)).rejects.toMatchObject(
      refusal("notFound", /Error 404/),
    );
    await expect(
      world.make("b", "gcp:compute/network:Network", { name: "main" }, iowa),
    ).rejects.toMatchObject(refusal("alreadyExists", /409/));
    await expect(world.remove("network")).rejects.toMatchObject(refusal("resourceInUseByAnotherResource"));
  });
});
