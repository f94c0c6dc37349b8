import { expect, test } from "vitest";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { discoveryTagKey } from "../../../stacks/network/vpc/discovery.ts";
import { renderComponent } from "../../support/render-component.ts";
import { at, sites } from "../../support/specs.ts";

const base = { contract: vpc, fields: { cidr: "10.4.0.0/16" } } as const;
const names = (resources: readonly { readonly name: string }[]) => resources.map(({ name }) => name);

test("has three tiers of subnets in each zone, none of which gives public addresses out", async () => {
  const { ofType } = await renderComponent(base);
  const subnets = ofType("Subnet").map(({ name, inputs }) => [
    name,
    inputs["availabilityZoneId"],
    inputs["cidrBlock"],
  ]);
  expect(subnets).toEqual([
    ["vpc-database-use1-az1", "use1-az1", "10.4.160.0/22"],
    ["vpc-database-use1-az2", "use1-az2", "10.4.164.0/22"],
    ["vpc-database-use1-az4", "use1-az4", "10.4.168.0/22"],
    ["vpc-private-use1-az1", "use1-az1", "10.4.0.0/20"],
    ["vpc-private-use1-az2", "use1-az2", "10.4.16.0/20"],
    ["vpc-private-use1-az4", "use1-az4", "10.4.32.0/20"],
    ["vpc-public-use1-az1", "use1-az1", "10.4.128.0/22"],
    ["vpc-public-use1-az2", "use1-az2", "10.4.132.0/22"],
    ["vpc-public-use1-az4", "use1-az4", "10.4.136.0/22"],
  ]);
  expect(ofType("Subnet").map(({ inputs }) => inputs["mapPublicIpOnLaunch"])).not.toContain(true);
});

test("resolves names inside the network and closes the group that everything falls back to", async () => {
  const { only } = await renderComponent(base);
  expect(only("Vpc").inputs).toMatchObject({
    cidrBlock: "10.4.0.0/16",
    enableDnsSupport: true,
    enableDnsHostnames: true,
  });
  expect(only("DefaultSecurityGroup").inputs).toMatchObject({ vpcId: "vpc-vpc", ingress: [], egress: [] });
});

test.each([
  { environmentClass: "prod", gateways: ["vpc-nat-use1-az1", "vpc-nat-use1-az2", "vpc-nat-use1-az4"] },
  { environmentClass: "staging", gateways: ["vpc-nat-use1-az1"] },
  { environmentClass: "dev", gateways: ["vpc-nat-use1-az1"] },
  { environmentClass: "sandbox", gateways: ["vpc-nat-use1-az1"] },
] as const)(
  "class $environmentClass has the NAT gateways $gateways",
  async ({ environmentClass, gateways }) => {
    const { ofType } = await renderComponent({ ...base, environmentClass });
    expect(names(ofType("NatGateway"))).toEqual(gateways);
    expect(names(ofType("Eip"))).toEqual(gateways);
  },
);

test("each private table leads to its own zone's gateway, or to the only one there is", async () => {
  const targets = async (natGateways: string) => {
    const { ofType } = await renderComponent({ ...base, fields: { ...base.fields, natGateways } });
    const routes = ofType("Route").filter(({ inputs }) => "natGatewayId" in inputs);
    return routes.map(({ inputs }) => [inputs["routeTableId"], inputs["natGatewayId"]]);
  };
  expect(await targets("per-zone")).toEqual([
    ["routetable-vpc-private-use1-az1", "natgateway-vpc-nat-use1-az1"],
    ["routetable-vpc-private-use1-az2", "natgateway-vpc-nat-use1-az2"],
    ["routetable-vpc-private-use1-az4", "natgateway-vpc-nat-use1-az4"],
  ]);
  expect(await targets("single")).toEqual([
    ["routetable-vpc-private-use1-az1", "natgateway-vpc-nat-use1-az1"],
    ["routetable-vpc-private-use1-az2", "natgateway-vpc-nat-use1-az1"],
    ["routetable-vpc-private-use1-az4", "natgateway-vpc-nat-use1-az1"],
  ]);
  expect(await targets("none")).toEqual([]);
});

test("going from one gateway to one per zone removes nothing and renames nothing", async () => {
  const single = await renderComponent({ ...base, fields: { ...base.fields, natGateways: "single" } });
  const perZone = await renderComponent({ ...base, fields: { ...base.fields, natGateways: "per-zone" } });
  const urns = new Set(perZone.resources.map(({ urn }) => urn));
  expect(single.resources.filter(({ urn }) => !urns.has(urn))).toEqual([]);
});

test("only the public table leads to the internet directly, and the database table leads nowhere", async () => {
  const { ofType } = await renderComponent(base);
  const direct = ofType("Route").filter(({ inputs }) => "gatewayId" in inputs);
  expect(direct.map(({ inputs }) => inputs["routeTableId"])).toEqual(["routetable-vpc-public"]);
  expect(
    ofType("Route").filter(({ inputs }) => inputs["routeTableId"] === "routetable-vpc-database"),
  ).toEqual([]);
  const associations = ofType("RouteTableAssociation").map(({ inputs }) => [
    inputs["subnetId"],
    inputs["routeTableId"],
  ]);
  expect(Object.fromEntries(associations)).toMatchObject({
    "subnet-vpc-public-use1-az2": "routetable-vpc-public",
    "subnet-vpc-private-use1-az2": "routetable-vpc-private-use1-az2",
    "subnet-vpc-database-use1-az2": "routetable-vpc-database",
  });
  expect(associations).toHaveLength(9);
});

test.each([
  { environmentClass: "prod", days: 365 },
  { environmentClass: "staging", days: 90 },
  { environmentClass: "dev", days: 30 },
  { environmentClass: "sandbox", days: 7 },
] as const)("class $environmentClass keeps flow logs for $days days", async ({ environmentClass, days }) => {
  const { only } = await renderComponent({ ...base, environmentClass });
  expect(only("LogGroup").inputs["retentionInDays"]).toBe(days);
});

test("the role of the flow logs may write to their log group and nothing else", async () => {
  const { only } = await renderComponent(base);
  const policy = JSON.parse(only("RolePolicy").inputs["policy"] as string);
  expect(policy.Statement).toHaveLength(1);
  expect(policy.Statement[0].Resource).toEqual([
    "arn:aws:::loggroup-vpc-flow-logs",
    "arn:aws:::loggroup-vpc-flow-logs:*",
  ]);
  expect(only("FlowLog").inputs).toMatchObject({ vpcId: "vpc-vpc", trafficType: "ALL" });
});

test("without flow logs there is neither log group nor role", async () => {
  const { ofType } = await renderComponent({ ...base, fields: { ...base.fields, flowLogs: false } });
  expect([...ofType("FlowLog"), ...ofType("LogGroup"), ...ofType("Role"), ...ofType("RolePolicy")]).toEqual(
    [],
  );
});

test("S3 and DynamoDB are reached by routes of all private and database tables, at no charge", async () => {
  const { ofType, outputs } = await renderComponent(base);
  const tables = [
    "routetable-vpc-private-use1-az1",
    "routetable-vpc-private-use1-az2",
    "routetable-vpc-private-use1-az4",
    "routetable-vpc-database",
  ];
  const endpoints = ofType("VpcEndpoint").map(
    ({ name, inputs: { policy: _policy, tags: _tags, ...inputs } }) => [name, inputs],
  );
  expect(Object.fromEntries(endpoints)).toEqual({
    "vpc-s3": {
      vpcId: "vpc-vpc",
      serviceName: "com.amazonaws.us-east-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: tables,
    },
    "vpc-dynamodb": {
      vpcId: "vpc-vpc",
      serviceName: "com.amazonaws.us-east-1.dynamodb",
      vpcEndpointType: "Gateway",
      routeTableIds: tables,
    },
  });
  expect(outputs["endpointIds"]).toEqual({
    kind: "known",
    value: { s3: "vpcendpoint-vpc-s3", dynamodb: "vpcendpoint-vpc-dynamodb" },
  });
});

test("through S3's endpoint anybody reads what a bucket admits, and only this account does more", async () => {
  const { ofType } = await renderComponent(base);
  const statements = Object.fromEntries(
    ofType("VpcEndpoint").map(({ name, inputs }) => [name, JSON.parse(inputs["policy"] as string).Statement]),
  );
  const own = {
    Sid: "OwnPrincipals",
    Effect: "Allow",
    Principal: "*",
    Resource: ["*"],
    Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
  };
  expect(statements).toEqual({
    "vpc-s3": [
      { Sid: "ReadObjects", Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: ["*"] },
      { ...own, Action: ["s3:*"] },
    ],
    "vpc-dynamodb": [{ ...own, Action: ["dynamodb:*"] }],
  });
});

test("a preview of a site with an account knows its endpoints' policies", async () => {
  const site = { ...sites.aws, account: "444455556666" };
  const { ofType } = await renderComponent({ ...base, site, preview: true });
  for (const { inputs } of ofType("VpcEndpoint")) {
    expect(inputs["policy"]).toContain('"aws:PrincipalAccount":"444455556666"');
  }
});

test("services are given addresses in the private subnets, under their own names, behind one group", async () => {
  const fields = { ...base.fields, interfaceEndpoints: ["ecr.api", "sts"] };
  const { ofType, only, outputs } = await renderComponent({ ...base, fields });
  const interfaces = ofType("VpcEndpoint").filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
  expect(names(interfaces)).toEqual(["vpc-endpoint-ecr-api", "vpc-endpoint-sts"]);
  expect(interfaces[0]?.inputs).toMatchObject({
    serviceName: "com.amazonaws.us-east-1.ecr.api",
    privateDnsEnabled: true,
    subnetIds: ["subnet-vpc-private-use1-az1", "subnet-vpc-private-use1-az2", "subnet-vpc-private-use1-az4"],
    securityGroupIds: ["securitygroup-vpc-endpoints"],
  });
  expect(interfaces[0]?.inputs).not.toHaveProperty("policy");
  expect(only("SecurityGroup").inputs).not.toHaveProperty("egress");
  expect(only("SecurityGroupIngressRule").inputs).toMatchObject({
    securityGroupId: "securitygroup-vpc-endpoints",
    cidrIpv4: "10.4.0.0/16",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
  });
  expect(outputs["endpointIds"]).toMatchObject({
    value: { "ecr.api": "vpcendpoint-vpc-endpoint-ecr-api", sts: "vpcendpoint-vpc-endpoint-sts" },
  });
});

test("without services there is no group for them, and the order of services changes no name", async () => {
  expect((await renderComponent(base)).ofType("SecurityGroup")).toEqual([]);
  const urns = async (interfaceEndpoints: string[]) => {
    const { resources } = await renderComponent({ ...base, fields: { ...base.fields, interfaceEndpoints } });
    return resources.map(({ urn }) => urn).sort();
  };
  expect(await urns(["sqs", "ec2", "ssm"])).toEqual(await urns(["ssm", "sqs", "ec2"]));
});

test("node provisioners find the private subnets alone, by a value that the outputs hand on", async () => {
  const { ofType, outputs, only } = await renderComponent(base);
  const found = ofType("Subnet").filter(
    ({ inputs }) => (inputs["tags"] as Record<string, string>)[discoveryTagKey] !== undefined,
  );
  expect(names(found)).toEqual(["vpc-private-use1-az1", "vpc-private-use1-az2", "vpc-private-use1-az4"]);
  const values = new Set(
    found.map(({ inputs }) => (inputs["tags"] as Record<string, string>)[discoveryTagKey]),
  );
  expect(outputs["discoveryTag"]).toEqual({ kind: "known", value: [...values][0] });
  expect(only("Vpc").inputs["tags"]).toMatchObject({ Name: [...values][0] });
});

test("flow logs are encrypted with the environment's key where there is one", async () => {
  const encrypted = await renderComponent({ ...base, references: { encryption: at("encryption") } });
  expect(encrypted.only("LogGroup").inputs["kmsKeyId"]).toBe("arn:aws:kms:us-east-1:111122223333:key/log");
  expect((await renderComponent(base)).only("LogGroup").inputs).not.toHaveProperty("kmsKeyId");
});

test("hands out the route tables of each tier, in the order of its zones", async () => {
  const { outputs } = await renderComponent(base);
  expect(outputs).toMatchObject({
    zones: { value: ["use1-az1", "use1-az2", "use1-az4"] },
    publicRouteTableIds: { value: ["routetable-vpc-public"] },
    privateRouteTableIds: {
      value: [
        "routetable-vpc-private-use1-az1",
        "routetable-vpc-private-use1-az2",
        "routetable-vpc-private-use1-az4",
      ],
    },
    databaseRouteTableIds: { value: ["routetable-vpc-database"] },
  });
});

test("fewer zones leave the subnets of the others where they are", async () => {
  const three = await renderComponent(base);
  const two = await renderComponent({ ...base, fields: { ...base.fields, zones: 2 } });
  const ranges = new Map(three.ofType("Subnet").map(({ urn, inputs }) => [urn, inputs["cidrBlock"]]));
  expect(two.ofType("Subnet")).toHaveLength(6);
  for (const { urn, inputs } of two.ofType("Subnet")) expect(inputs["cidrBlock"]).toBe(ranges.get(urn));
});

test("a preview knows the range and nothing that only the cloud can give", async () => {
  const { outputs } = await renderComponent({ ...base, preview: true });
  expect(outputs).toEqual({
    networkId: { kind: "unknown", secret: false },
    cidr: { kind: "known", value: "10.4.0.0/16" },
    publicSubnetIds: { kind: "unknown", secret: false },
    privateSubnetIds: { kind: "unknown", secret: false },
    databaseSubnetIds: { kind: "unknown", secret: false },
    zones: { kind: "known", value: ["use1-az1", "use1-az2", "use1-az4"] },
    publicRouteTableIds: { kind: "unknown", secret: false },
    privateRouteTableIds: { kind: "unknown", secret: false },
    databaseRouteTableIds: { kind: "unknown", secret: false },
    endpointIds: { kind: "unknown", secret: false },
    discoveryTag: { kind: "known", value: "payments-dev-vpc-cf66ce" },
  });
});

test.each([
  { title: "more zones than the region has", fields: { zones: 4 }, region: "eu-west-1", names: "zones" },
  { title: "an unknown region", fields: {}, region: "us-esat-1", names: "zones" },
  { title: "a range AWS does not take", fields: { cidr: "10.0.0.0/8" }, region: "us-east-1", names: "cidr" },
  {
    title: "a range too small for the tiers",
    fields: { cidr: "10.0.0.0/24" },
    region: "us-east-1",
    names: "cidr",
  },
])("$title is refused before anything is made", async ({ fields, region, names: field }) => {
  const site = { ...sites.aws, region };
  const render = renderComponent({ contract: vpc, site, fields: { ...base.fields, ...fields } });
  await expect(render).rejects.toMatchObject({
    code: "bad-value",
    problems: [
      {
        code: "bad-value",
        message: expect.stringContaining(`vpc@virginia.${field}`),
        allowed: expect.any(String),
      },
    ],
  });
});
