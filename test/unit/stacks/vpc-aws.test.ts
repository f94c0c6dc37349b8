import { expect, test } from "vitest";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { renderComponent } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

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
