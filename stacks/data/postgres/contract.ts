/** A managed PostgreSQL database. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { optionalReference, reference } from "../../../src/catalog/reference.ts";
import { connection } from "../../capabilities.ts";
import { encryption } from "../../foundation/encryption/contract.ts";
import { vpc } from "../../network/vpc/contract.ts";

export const postgres = defineComponent({
  name: "postgres",
  domain: "data",
  summary:
    "A managed PostgreSQL database in the network's database subnets; the password stays with the cloud.",
  fields: z.strictObject({
    network: reference(vpc).describe("Network it stands in."),
    encryption: optionalReference(encryption).describe("Keys to encrypt with; without it, the cloud's own."),
    version: z.enum(["15", "16", "17"]).default("17").describe("Major version of PostgreSQL, quoted."),
    size: z.string().default("db.t4g.medium").describe("Instance class in the cloud's own words."),
    storage: z.int().min(20).max(65536).default(20).describe("Storage, GiB."),
    replication: z
      .enum(["none", "physical", "logical"])
      .default("none")
      .describe("Replication to the standby site."),
    multiZone: z.boolean().default(false).describe("A standby in another zone."),
    backupRetentionDays: z.int().min(0).max(35).default(7).describe("Days that automatic backups are kept."),
    deletionProtection: z.boolean().default(false).describe("The cloud refuses to delete it."),
  }),
  outputs: z.strictObject({
    endpoint: z.string().describe("Host name."),
    port: z.int().describe("TCP port."),
    secretId: z.string().describe("Where the cloud keeps the password."),
    accessGroupId: z.string().describe("Security group or tag that admits clients."),
  }),
  provides: [connection],
  defaults: {
    byClass: {
      prod: { multiZone: true, backupRetentionDays: 30, deletionProtection: true },
      staging: { backupRetentionDays: 14 },
    },
  },
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("Cloud SQL comes with the recovery release."),
    azure: upcoming("Azure Database for PostgreSQL comes with the recovery release."),
    kubernetes: unsupported("A database inside the cluster would share the cluster's fate."),
  },
});
