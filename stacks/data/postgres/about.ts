/** What the reference says of the database. Data. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const asOf = "2026-11-21";

export const about: ComponentAbout = {
  purpose:
    "A PostgreSQL database that the cloud runs, patches and backs up. It stands in subnets without a route to the " +
    "internet and admits nobody by itself: each consumer's stack owns the rule that lets it in. The password is made, " +
    "kept and rotated by the cloud; terrane hands on where it is kept, never what it is. Schemas, users beside the " +
    "master user, and extensions belong to the application.",
  makes: [
    {
      what: "RDS instance for PostgreSQL on encrypted gp3 storage",
      why: "One instance is what most services need; gp3 separates speed from size, and grows by itself.",
    },
    {
      what: "Standby in another zone",
      why: "A zone that fails costs about a minute instead of a restore.",
      when: "`multiZone` is on: class prod",
    },
    {
      what: "Secret in Secrets Manager with user and password",
      why: "RDS makes and rotates it, so that no program, plan or state ever holds it.",
    },
    {
      what: "Parameter group of the major version's family",
      why: "Refuses connections without TLS and logs changes of the schema, slow statements, lock waits and spilled sorts. A major upgrade makes the new family's group first, moves the instance, then deletes the old one.",
    },
    {
      what: "Log groups for `postgresql` and `upgrade`",
      why: "Made before the instance, since those that RDS makes itself keep logs for ever.",
    },
    {
      what: "IAM role for Enhanced Monitoring",
      why: "Operating system measurements show what the hypervisor's cannot: which process has the memory.",
      when: "`monitoringSeconds` is not 0: classes prod and staging",
    },
    {
      what: "DB subnet group and a security group without rules",
      why: "The group is what consumers' rules refer to; it exists before any of them.",
    },
  ],
  decided: [
    {
      what: "TLS",
      value: "`rds.force_ssl` = 1",
      why: "The default only from PostgreSQL 15 on.",
      source: `${guide}/PostgreSQL.Concepts.General.SSL.html`,
      asOf,
    },
    {
      what: "Certificate authority",
      value: "rds-ca-rsa2048-g1",
      why: "Stated, so that a new default restarts nothing by itself.",
      source: `${guide}/UsingWithRDS.SSL.html`,
      asOf,
    },
    {
      what: "Slow statement",
      value: "1 second",
      why: "Few enough lines to read, and the ones that users feel.",
      source: "https://www.postgresql.org/docs/current/runtime-config-logging.html",
      asOf,
    },
    {
      what: "Retention of Database Insights",
      value: "7 days (standard), 465 days (advanced)",
      why: "7 days are free; the advanced mode wants 15 months. Performance Insights itself ended on 2026-07-31 and lives on under this name.",
      source: `${guide}/USER_DatabaseInsights.Considerations.html`,
      asOf,
    },
    {
      what: "Longest retention of backups",
      value: "35 days",
      why: "RDS's limit; within it the database can be restored to any second up to the last five minutes.",
      source: `${guide}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
      asOf,
    },
    {
      what: "Storage",
      value: "20 to 65,536 GiB; IOPS and throughput of one's own from 400 GiB on",
      why: "Limits of gp3 on RDS for PostgreSQL.",
      source: `${guide}/CHAP_Storage.html#gp3-storage`,
      asOf,
    },
    {
      what: "Audit extension",
      value: "none",
      why: "pgaudit writes every statement it is told to, personal data included, and needs a role of the application's choice. `log_statement = ddl` says who changed the schema; what must be audited beyond that is the application's to decide.",
      source: `${guide}/Appendix.PostgreSQL.CommonDBATasks.pgaudit.html`,
      asOf,
    },
  ],
  notes: [
    "In prod, changes that restart the database wait for `maintenanceWindow` (`applyChanges: in-maintenance-window`): after an `up` the state holds what was asked for, the database follows in the window.",
    "A major upgrade cannot wait: set `applyChanges: immediately` for it. It takes the database away for minutes and does not go back; take a snapshot, and try it in staging first.",
    "`replication` is a static parameter: after turning it on for a live database, restart the database once.",
    "Storage grows and never shrinks; less than is there is refused before anything runs.",
    "`database`, `user` and the key of `encryption` cannot change on a live database: RDS would replace it.",
    "Destroying one with `deletionProtection` is refused by RDS: set it to false, run `terrane up`, then destroy. In prod a final snapshot and the automatic backups stay behind.",
    "A major version past standard support goes on under RDS Extended Support, billed by vCPU and hour: nothing is upgraded behind your back. `version` names the ends.",
    "Logged statements may hold literals; whoever reads the log group reads them.",
    "With `encryption`, the final snapshot is encrypted with the environment's key: once the key's `deletionWindowDays` are over, nobody reads it any more. Copy it under another key first (`aws rds copy-db-snapshot --kms-key-id`).",
    "Without `encryption`, AWS's own keys encrypt storage, secret and insights: they cannot be shared with other accounts.",
  ],
  example:
    'orders: { type: postgres, network: vpc, encryption: keys, version: "17", byClass: { prod: { storage: 200 } } }',
};
