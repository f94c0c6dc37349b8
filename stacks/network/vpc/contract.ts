/** A private network with public, private and database subnets in several zones. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { optionalReference } from "../../../src/catalog/reference.ts";
import { addressRange } from "../../../src/model/text.ts";
import { encryption } from "../../foundation/encryption/contract.ts";
import { interfaceEndpointServices, interfaceEndpointsPerNetwork } from "../../limits/aws-network.ts";
import { checkRange, checkRangeChange, checkZones } from "./checks.ts";

export const vpc = defineComponent({
  name: "vpc",
  domain: "network",
  summary:
    "A private network: public, private and database subnets in each zone, gateways, routes, flow logs.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    encryption: optionalReference(encryption).describe(
      "Keys to encrypt flow logs with; without it, the cloud's own.",
    ),
    zones: z
      .int()
      .min(1)
      .max(6)
      .default(3)
      .describe("Number of availability zones. On Google Cloud every subnet spans all zones of the region."),
    cidr: addressRange
      .optional()
      .describe("Address range, for life; without it, the next free block of the address pool."),
    natGateways: z
      .enum(["none", "single", "per-zone"])
      .default("single")
      .describe(
        "NAT gateways: none, one for all zones, or one in each. Google Cloud has one kind, which no zone can take down.",
      ),
    interfaceEndpoints: z
      .array(z.enum(interfaceEndpointServices.oneOf))
      .max(interfaceEndpointsPerNetwork.most)
      .refine(areDistinct, "a service is named twice")
      .default([])
      .describe(
        "AWS services that get addresses of their own in the private subnets, billed by the hour and zone. S3 and DynamoDB are always reached inside. On Google Cloud every subnet reaches all services of Google already.",
      ),
    flowLogs: z.boolean().default(true).describe("Record flows."),
    flowLogRetentionDays: z
      .union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)])
      .default(30)
      .describe("Days that flow logs are kept."),
  }),
  outputs: z.strictObject({
    networkId: z.string().describe("Id of the network."),
    cidr: z.string().describe("Address range of the network."),
    publicSubnetIds: z.array(z.string()).describe("Subnets with a route from the internet."),
    privateSubnetIds: z.array(z.string()).describe("Subnets for workloads."),
    databaseSubnetIds: z
      .array(z.string())
      .describe("Subnets for databases, without a route to the internet."),
    zones: z
      .array(z.string())
      .describe("Zones of the subnets, in their order; none where a subnet spans all zones of its region."),
    publicRouteTableIds: z.array(z.string()).describe("Tables of the public subnets; AWS only."),
    privateRouteTableIds: z
      .array(z.string())
      .describe("Tables of the private subnets, one a zone; AWS only."),
    databaseRouteTableIds: z.array(z.string()).describe("Tables of the database subnets; AWS only."),
    endpointIds: z
      .record(z.string(), z.string())
      .describe("Endpoints of the cloud's services inside the network, by service; AWS only."),
    discoveryTag: z
      .string()
      .describe(
        "How node provisioners find the private subnets: the value of their tag `karpenter.sh/discovery`. The network's name.",
      ),
  }),
  defaults: {
    byClass: {
      prod: { natGateways: "per-zone", flowLogRetentionDays: 365 },
      staging: { flowLogRetentionDays: 90 },
      sandbox: { flowLogRetentionDays: 7 },
    },
  },
  addressBlocks: [{ field: "cidr", prefix: 16, purpose: "network" }],
  check: ({ zones, cidr }, place) => [...checkZones(zones, place), ...checkRange(cidr, place)],
  checkChange: (before, after) => checkRangeChange(before.cidr, after.cidr),
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: supported(() => import("./gcp.ts")),
    azure: upcoming("Azure comes with the recovery release."),
    kubernetes: unsupported("A network belongs to a cloud, not to a cluster."),
  },
});

function areDistinct(services: readonly string[]): boolean {
  return new Set(services).size === services.length;
}
