/** A private network with public, private and database subnets in several zones. */
import { z } from "zod";
import {
  defineComponent,
  type FieldRefusal,
  type Place,
  supported,
  unsupported,
  upcoming,
} from "../../../src/catalog/component.ts";
import { addressRange } from "../../../src/model/text.ts";
import { parseCidr } from "../../../src/values/cidr.ts";
import { networkLimits as awsLimits, zonesByRegion } from "../../limits/aws.ts";
import { networkLimits as gcpLimits } from "../../limits/gcp.ts";
import { longestNetworkPrefix } from "./layout.ts";

export const vpc = defineComponent({
  name: "vpc",
  domain: "network",
  summary:
    "A private network: public, private and database subnets in each zone, gateways, routes, flow logs.",
  fields: z.strictObject({
    zones: z
      .int()
      .min(1)
      .max(6)
      .default(3)
      .describe("Number of availability zones. On Google Cloud every subnet spans all zones of the region."),
    cidr: addressRange
      .optional()
      .describe("Address range; without it, the next free block of the address pool."),
    natGateways: z
      .enum(["none", "single", "per-zone"])
      .default("single")
      .describe(
        "NAT gateways: none, one for all zones, or one in each. Google Cloud has one kind, which no zone can take down.",
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
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: supported(() => import("./gcp.ts")),
    azure: upcoming("Azure comes with the recovery release."),
    kubernetes: unsupported("A network belongs to a cloud, not to a cluster."),
  },
});

function checkZones(zones: number, { cloud, region }: Place): readonly FieldRefusal[] {
  if (cloud !== "aws") return [];
  const known = zonesByRegion[region];
  if (known === undefined) {
    const message = `the availability zones of ${region} are not known (list of 2026-11-21)`;
    return [{ field: "zones", code: "bad-value", message, allowed: Object.keys(zonesByRegion).join(", ") }];
  }
  if (zones <= known.length) return [];
  const message = `${region} has ${known.length} zones that can host every component, not ${zones} (list of 2026-11-21)`;
  return [
    {
      field: "zones",
      code: "bad-value",
      message,
      allowed: `1 to ${known.length}`,
      nearest: `${known.length}`,
    },
  ];
}

// On Google Cloud a tier is one subnet, elsewhere one in each zone.
const prefixes: { readonly [cloud: string]: { readonly from: number; readonly to: number } } = {
  aws: { from: awsLimits.smallestPrefix, to: longestNetworkPrefix(awsLimits.subnetLargestPrefix) },
  gcp: { from: gcpLimits.smallestPrefix, to: longestNetworkPrefix(gcpLimits.subnetLargestPrefix, 1) },
};

function checkRange(text: string | undefined, { cloud }: Place): readonly FieldRefusal[] {
  const parsed = text === undefined ? undefined : parseCidr(text);
  const limit = prefixes[cloud];
  if (parsed === undefined || !parsed.ok || limit === undefined) return [];
  const { prefix } = parsed.cidr;
  if (prefix >= limit.from && prefix <= limit.to) return [];
  const message = `a /${prefix} is too ${prefix < limit.from ? "large" : "small"} for a network with three tiers`;
  return [{ field: "cidr", code: "bad-value", message, allowed: `/${limit.from} to /${limit.to}` }];
}
