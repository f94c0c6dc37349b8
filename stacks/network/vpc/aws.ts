/** The network on AWS: one VPC, three tiers of subnets per zone, gateways, route tables, endpoints, flow logs. */
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { all, type CustomResource, type Output } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { type Cidr, formatCidr, parseCidr } from "../../../src/values/cidr.ts";
import { type BuildContext, implement } from "../../component.ts";
import { awsNames, zonesByRegion } from "../../limits/aws.ts";
import { createGatewayEndpoints, createInterfaceEndpoints } from "./aws-endpoints.ts";
import { createFlowLogs } from "./aws-flow-logs.ts";
import { vpc } from "./contract.ts";
import { discoveryTagKey } from "./discovery.ts";
import { type Tier, zoneRange } from "./layout.ts";

type VpcContext = BuildContext<(typeof vpc)["fields"]>;

const everywhere = "0.0.0.0/0";

// The load balancer controller of a cluster finds its subnets by these tags, and a node provisioner its own.
const subnetTags: { readonly [T in Tier]: (context: VpcContext) => Readonly<Record<string, string>> } = {
  public: () => ({ "kubernetes.io/role/elb": "1" }),
  private: (context) => ({
    "kubernetes.io/role/internal-elb": "1",
    [discoveryTagKey]: discoveryTag(context),
  }),
  database: () => ({}),
};

export const implementation = implement(vpc, (context) => {
  const range = readRange(context);
  const zones = (zonesByRegion.byName[context.site.region] ?? []).slice(0, context.fields.zones);
  const network = createNetwork(context, range);
  const internet = new InternetGateway(
    `${context.name}-internet`,
    { vpcId: network.id, tags: nameTag(context, "internet") },
    context.child,
  );
  const subnets = {
    public: createSubnets(context, network, range, "public", zones),
    private: createSubnets(context, network, range, "private", zones),
    database: createSubnets(context, network, range, "database", zones),
  };
  const gateways = createNatGateways(context, internet, subnets.public);
  const tables = {
    public: createPublicRoutes(context, network, internet, subnets.public),
    private: createPrivateRoutes(context, network, subnets.private, gateways),
    database: createDatabaseRoutes(context, network, subnets.database),
  };
  const endpoints = {
    ...createGatewayEndpoints(context, network, [...tables.private, ...tables.database]),
    ...createInterfaceEndpoints(context, network, [...subnets.private.values()]),
  };
  if (context.fields.flowLogs) createFlowLogs(context, network);
  return {
    networkId: network.id,
    cidr: network.cidrBlock,
    publicSubnetIds: idsOf(subnets.public.values()),
    privateSubnetIds: idsOf(subnets.private.values()),
    databaseSubnetIds: idsOf(subnets.database.values()),
    zones: [...zones],
    publicRouteTableIds: idsOf(tables.public),
    privateRouteTableIds: idsOf(tables.private),
    databaseRouteTableIds: idsOf(tables.database),
    endpointIds: all(endpoints),
    discoveryTag: discoveryTag(context),
  };
});

function idsOf(resources: Iterable<CustomResource>): Output<string>[] {
  return [...resources].map((resource) => resource.id);
}

/** The network's own name: known before anything is made, and of no other network. */
function discoveryTag(context: VpcContext): string {
  return context.physicalName("", awsNames.nameTag);
}

function readRange({ name, fields }: VpcContext): Cidr {
  const parsed = fields.cidr === undefined ? undefined : parseCidr(fields.cidr);
  if (!parsed?.ok) throw new TerraneError("internal", `component "${name}" has no address range`);
  return parsed.cidr;
}

function nameTag(context: VpcContext, suffix: string): Record<string, string> {
  return { Name: context.physicalName(suffix, awsNames.nameTag) };
}

function createNetwork(context: VpcContext, range: Cidr): Vpc {
  const network = new Vpc(
    context.name,
    {
      cidrBlock: formatCidr(range),
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: nameTag(context, ""),
    },
    context.child,
  );
  // Without rules the group that everything falls back to admits nothing.
  new DefaultSecurityGroup(
    `${context.name}-default`,
    { vpcId: network.id, ingress: [], egress: [], tags: nameTag(context, "closed") },
    context.child,
  );
  return network;
}

/** One subnet per zone, by zone. */
function createSubnets(
  context: VpcContext,
  network: Vpc,
  range: Cidr,
  tier: Tier,
  zones: readonly string[],
): ReadonlyMap<string, Subnet> {
  const subnets = zones.map((zone, place): [string, Subnet] => [
    zone,
    new Subnet(
      `${context.name}-${tier}-${zone}`,
      {
        vpcId: network.id,
        cidrBlock: zoneRange(range, tier, place),
        availabilityZoneId: zone,
        // Addresses are given out by load balancers and NAT gateways, never to whatever starts here.
        mapPublicIpOnLaunch: false,
        tags: { ...nameTag(context, `${tier}-${zone}`), ...subnetTags[tier](context) },
      },
      context.child,
    ),
  ]);
  return new Map(subnets);
}

/** NAT gateways by the zone they stand in: none, the first zone's, or each zone's. */
function createNatGateways(
  context: VpcContext,
  internet: InternetGateway,
  subnets: ReadonlyMap<string, Subnet>,
): ReadonlyMap<string, NatGateway> {
  const counts = { none: 0, single: 1, "per-zone": subnets.size };
  const chosen = [...subnets].slice(0, counts[context.fields.natGateways]);
  return new Map(
    chosen.map(([zone, subnet]): [string, NatGateway] => {
      const address = new Eip(
        `${context.name}-nat-${zone}`,
        { domain: "vpc", tags: nameTag(context, `nat-${zone}`) },
        { ...context.child, dependsOn: [internet] },
      );
      const gateway = new NatGateway(
        `${context.name}-nat-${zone}`,
        { subnetId: subnet.id, allocationId: address.id, tags: nameTag(context, `nat-${zone}`) },
        { ...context.child, dependsOn: [internet] },
      );
      return [zone, gateway];
    }),
  );
}

function createPublicRoutes(
  context: VpcContext,
  network: Vpc,
  internet: InternetGateway,
  subnets: ReadonlyMap<string, Subnet>,
): readonly RouteTable[] {
  const table = createRouteTable(context, network, "public");
  new Route(
    `${context.name}-public-internet`,
    { routeTableId: table.id, destinationCidrBlock: everywhere, gatewayId: internet.id },
    context.child,
  );
  associate(context, table, "public", subnets);
  return [table];
}

// A table per zone also with a single gateway: going from one to one per zone then changes routes, no table.
function createPrivateRoutes(
  context: VpcContext,
  network: Vpc,
  subnets: ReadonlyMap<string, Subnet>,
  gateways: ReadonlyMap<string, NatGateway>,
): readonly RouteTable[] {
  const [shared] = gateways.values();
  return [...subnets].map(([zone, subnet]) => {
    const table = createRouteTable(context, network, `private-${zone}`);
    const gateway = gateways.get(zone) ?? shared;
    if (gateway !== undefined) {
      new Route(
        `${context.name}-private-${zone}-nat`,
        { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId: gateway.id },
        context.child,
      );
    }
    associate(context, table, "private", new Map([[zone, subnet]]));
    return table;
  });
}

function createDatabaseRoutes(
  context: VpcContext,
  network: Vpc,
  subnets: ReadonlyMap<string, Subnet>,
): readonly RouteTable[] {
  const table = createRouteTable(context, network, "database");
  associate(context, table, "database", subnets);
  return [table];
}

function createRouteTable(context: VpcContext, network: Vpc, suffix: string): RouteTable {
  return new RouteTable(
    `${context.name}-${suffix}`,
    { vpcId: network.id, tags: nameTag(context, suffix) },
    context.child,
  );
}

function associate(
  context: VpcContext,
  table: RouteTable,
  tier: Tier,
  subnets: ReadonlyMap<string, Subnet>,
): void {
  for (const [zone, subnet] of subnets) {
    new RouteTableAssociation(
      `${context.name}-${tier}-${zone}`,
      { routeTableId: table.id, subnetId: subnet.id },
      context.child,
    );
  }
}
