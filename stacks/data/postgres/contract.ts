/** A managed PostgreSQL database. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { optionalReference, reference } from "../../../src/catalog/reference.ts";
import { connection } from "../../capabilities.ts";
import { encryption } from "../../foundation/encryption/contract.ts";
import { backupRetention, databaseMajors, logRetention, storageSize } from "../../limits/aws-rds.ts";
import { vpc } from "../../network/vpc/contract.ts";
import { checkDatabase } from "./check.ts";
import { checkDatabaseChange } from "./check-change.ts";
import { databaseName, majorVersion, userName } from "./names.ts";
import { dailyWindow, weeklyWindow } from "./window.ts";

export const postgres = defineComponent({
  name: "postgres",
  domain: "data",
  summary:
    "A managed PostgreSQL database in the network's database subnets; the password stays with the cloud.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    network: reference(vpc).describe("Network it stands in, for life."),
    encryption: optionalReference(encryption).describe(
      "Keys to encrypt with; without it, the cloud's own. A later change replaces the database.",
    ),
    version: majorVersion.default("17").meta({
      description: "Major version of PostgreSQL, quoted.",
      enum: Object.keys(databaseMajors.byName),
    }),
    size: z.string().min(1).default("db.t4g.medium").describe("Instance class in the cloud's own words."),
    database: databaseName
      .optional()
      .describe(
        "Name of a database to start with; without it there is only `postgres`. Cannot change later.",
      ),
    user: userName.default("terrane").describe("Name of the master user. Cannot change later."),
    storage: z
      .int()
      .min(storageSize.from)
      .max(storageSize.to)
      .default(storageSize.from)
      .describe("Storage, GiB; grows, never shrinks."),
    maxStorage: z
      .int()
      .min(0)
      .max(storageSize.to)
      .optional()
      .describe(
        "GiB that storage may grow to by itself; default: five times `storage`. 0: it does not grow.",
      ),
    iops: z
      .int()
      .optional()
      .describe("I/O operations a second; from 400 GiB of storage on. Default: the cloud's."),
    throughput: z.int().optional().describe("MiB/s; from 400 GiB of storage on. Default: the cloud's."),
    replication: z
      .enum(["none", "physical", "logical"])
      .default("none")
      .describe("Replication to the standby site."),
    multiZone: z.boolean().default(false).describe("A standby in another zone."),
    backupRetentionDays: z
      .int()
      .min(backupRetention.from)
      .max(backupRetention.to)
      .default(7)
      .describe(
        "Days that it can be taken back to any second of; 0: automatic backups are off. A final snapshot is kept in prod.",
      ),
    backupWindow: z
      .string()
      .regex(dailyWindow, "a daily window, UTC: 03:00-04:00")
      .default("03:00-04:00")
      .describe("When the daily backup is made, UTC."),
    maintenanceWindow: z
      .string()
      .regex(weeklyWindow, "a weekly window, UTC: sun:05:00-sun:06:00")
      .default("sun:05:00-sun:06:00")
      .describe("When the cloud may restart it, UTC; must not overlap the backup window."),
    applyChanges: z
      .enum(["immediately", "in-maintenance-window"])
      .default("immediately")
      .describe("When a change that restarts the database happens."),
    deletionProtection: z.boolean().default(false).describe("The cloud refuses to delete it."),
    insights: z
      .enum(["none", "standard", "advanced"])
      .default("standard")
      .describe(
        "Database Insights: load by query for 7 days, or with locks and plans for 15 months (billed).",
      ),
    monitoringSeconds: z
      .union([0, 1, 5, 10, 15, 30, 60].map((seconds) => z.literal(seconds)))
      .default(0)
      .describe("Seconds between two measurements of the operating system; 0: none."),
    logRetentionDays: z
      .union(logRetention.oneOf.map((days) => z.literal(days)))
      .default(30)
      .describe("Days that the database's logs are kept."),
  }),
  outputs: z.strictObject({
    endpoint: z.string().describe("Host name."),
    port: z.int().describe("TCP port."),
    secretId: z.string().describe("Where the cloud keeps user and password: on AWS the secret's ARN."),
    databaseName: z.string().describe("Database to connect to."),
    userName: z.string().describe("Master user."),
    accessGroupId: z.string().describe("Security group or tag that admits clients."),
  }),
  provides: [connection],
  defaults: {
    byClass: {
      prod: {
        size: "db.m7g.large",
        multiZone: true,
        backupRetentionDays: 30,
        deletionProtection: true,
        applyChanges: "in-maintenance-window",
        insights: "advanced",
        monitoringSeconds: 60,
        logRetentionDays: 365,
      },
      staging: { backupRetentionDays: 14, monitoringSeconds: 60, logRetentionDays: 90 },
      sandbox: { backupRetentionDays: 1, logRetentionDays: 7 },
    },
  },
  check: (fields, place) => (place.cloud === "aws" ? checkDatabase(fields) : []),
  // A subnet group stays in its network: https://github.com/hashicorp/terraform-provider-aws/issues/27459, 2026-11-21.
  lasting: ["network"],
  checkChange: (before, after) => checkDatabaseChange(before, after),
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("Cloud SQL comes with the recovery release."),
    azure: upcoming("Azure Database for PostgreSQL comes with the recovery release."),
    kubernetes: unsupported("A database inside the cluster would share the cluster's fate."),
  },
});
