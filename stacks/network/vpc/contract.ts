/** A private network with public, private and database subnets in several zones. */
import { z } from "zod";
import { defineComponent, supported, upcoming } from "../../../src/catalog/component.ts";
import { addressRange } from "../../../src/model/text.ts";

export const vpc = defineComponent({
  name: "vpc",
  domain: "network",
  summary:
    "A private network: public, private and database subnets in each zone, gateways, routes, flow logs.",
  fields: z.strictObject({
    zones: z.int().min(1).max(6).default(3).describe("Number of availability zones."),
    cidr: addressRange
      .optional()
      .describe("Address range; without it, the next free block of the address pool."),
    natGateways: z
      .enum(["none", "single", "per-zone"])
      .default("single")
      .describe("NAT gateways: none, one for all zones, or one in each."),
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
  addressBlock: { field: "cidr", prefix: 16 },
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: supported(() => import("./gcp.ts")),
    azure: upcoming("Azure comes with the recovery release."),
    kubernetes: upcoming("A network belongs to a cloud, not to a cluster."),
  },
});
