/** The network on Google Cloud: one VPC network, one subnetwork per tier for all zones, Cloud NAT, flow logs. */
import { Network } from "@pulumi/gcp/compute/network.js";
import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import { ProjectBucketConfig } from "@pulumi/gcp/logging/projectBucketConfig.js";
import { ProjectSink } from "@pulumi/gcp/logging/projectSink.js";
import { interpolate } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { type Cidr, parseCidr } from "../../../src/values/cidr.ts";
import { type BuildContext, implement } from "../../component.ts";
import { gcpNames } from "../../limits/gcp.ts";
import { vpc } from "./contract.ts";
import { type Tier, tierRange } from "./layout.ts";

type VpcContext = BuildContext<(typeof vpc)["fields"]>;

export const implementation = implement(vpc, (context) => {
  const parsed = context.fields.cidr === undefined ? undefined : parseCidr(context.fields.cidr);
  if (!parsed?.ok) throw new TerraneError("internal", `component "${context.name}" has no address range`);
  const network = new Network(
    context.name,
    {
      name: context.physicalName("", gcpNames.compute),
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
    },
    context.child,
  );
  const subnets = {
    public: createSubnetwork(context, network, parsed.cidr, "public"),
    private: createSubnetwork(context, network, parsed.cidr, "private"),
    database: createSubnetwork(context, network, parsed.cidr, "database"),
  };
  if (context.fields.natGateways !== "none") createNat(context, network, subnets.private);
  if (context.fields.flowLogs) keepFlowLogs(context, network);
  return {
    networkId: network.id,
    // A network here has no range of its own: the one it was cut from is what others must stay clear of.
    cidr: context.fields.cidr as string,
    publicSubnetIds: [subnets.public.id],
    privateSubnetIds: [subnets.private.id],
    databaseSubnetIds: [subnets.database.id],
    // Subnetworks span the region's zones, routes are the network's own, and Google's services are reached without
    // endpoints: `privateIpGoogleAccess` below.
    zones: [],
    publicRouteTableIds: [],
    privateRouteTableIds: [],
    databaseRouteTableIds: [],
    endpointIds: {},
    discoveryTag: context.physicalName("", gcpNames.compute),
  };
});

function createSubnetwork(context: VpcContext, network: Network, range: Cidr, tier: Tier): Subnetwork {
  return new Subnetwork(
    `${context.name}-${tier}`,
    {
      name: context.physicalName(tier, gcpNames.compute),
      network: network.id,
      region: context.site.region,
      ipCidrRange: tierRange(range, tier),
      privateIpGoogleAccess: true,
      ...(context.fields.flowLogs
        ? {
            logConfig: {
              aggregationInterval: "INTERVAL_1_MIN",
              flowSampling: 0.5,
              metadata: "INCLUDE_ALL_METADATA",
            },
          }
        : {}),
    },
    context.child,
  );
}

// Cloud NAT belongs to the region, no zone can take it down: `single` and `per-zone` are the same here.
function createNat(context: VpcContext, network: Network, subnet: Subnetwork): void {
  const router = new Router(
    `${context.name}-nat`,
    { name: context.physicalName("nat", gcpNames.compute), network: network.id, region: context.site.region },
    context.child,
  );
  new RouterNat(
    `${context.name}-nat`,
    {
      name: context.physicalName("nat", gcpNames.compute),
      router: router.name,
      region: context.site.region,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: subnet.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    context.child,
  );
}

// The project's default log bucket keeps 30 days whatever is asked for, so the network's flows get one of their own.
function keepFlowLogs(context: VpcContext, network: Network): void {
  const name = `${context.name}-flow-logs`;
  const bucket = new ProjectBucketConfig(
    name,
    {
      project: context.site.account ?? network.project,
      location: context.site.region,
      bucketId: context.physicalName("flow-logs", gcpNames.logBucket),
      retentionDays: context.fields.flowLogRetentionDays,
    },
    context.child,
  );
  new ProjectSink(
    name,
    {
      name: context.physicalName("flow-logs", gcpNames.logSink),
      destination: interpolate`logging.googleapis.com/${bucket.id}`,
      filter: interpolate`log_id("compute.googleapis.com/vpc_flows") AND jsonPayload.src_vpc.vpc_name="${network.name}"`,
      uniqueWriterIdentity: true,
    },
    context.child,
  );
}
