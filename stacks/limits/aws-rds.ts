/** Facts of the Amazon RDS documentation that a PostgreSQL database keeps to. Data: each with its source and date. */

/** When the tables of this file were written down. */
export const asOf = "2026-11-21";

export interface DatabaseMajor {
  /** Last day of standard support. From then on RDS charges for Extended Support. */
  readonly standardSupportEnds: string;
  /** Majors that RDS upgrades a live database to in place. */
  readonly upgradesTo: readonly string[];
}

/**
 * Majors that a new database may have. Ends:
 * https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html; upgrades:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html
 * The row of 18, the ends of 15 to 17 and the paths to 18 are from memory: the pages at hand were older.
 */
export const databaseMajors: Readonly<Record<string, DatabaseMajor>> = {
  "14": { standardSupportEnds: "2027-02-28", upgradesTo: ["15", "16", "17", "18"] },
  "15": { standardSupportEnds: "2028-02-29", upgradesTo: ["16", "17", "18"] },
  "16": { standardSupportEnds: "2029-02-28", upgradesTo: ["17", "18"] },
  "17": { standardSupportEnds: "2030-02-28", upgradesTo: ["18"] },
  "18": { standardSupportEnds: "2031-02-28", upgradesTo: [] },
};

/** Majors past standard support, with its last day. Same calendar; the end of 13 is from memory. */
export const endedMajors: Readonly<Record<string, string>> = {
  "10": "2023-04-17",
  "11": "2024-02-29",
  "12": "2025-02-28",
  "13": "2026-02-28",
};

/**
 * gp3 storage of RDS for PostgreSQL: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 * Below `stripedFrom` GiB IOPS and throughput are fixed at 3,000 and 125 MiB/s; from there on the volume is striped,
 * starts at the lower ends and can be given more. `iopsPerGib` and `throughputPerIops` bound the ratios.
 */
export const gp3 = {
  /** GiB. */
  smallest: 20,
  largest: 65_536,
  stripedFrom: 400,
  iops: { from: 12_000, to: 64_000 },
  /** MiB/s. */
  throughput: { from: 500, to: 4_000 },
  iopsPerGib: 500,
  throughputPerIops: 0.25,
} as const;

/**
 * Percent by which the maximum of storage autoscaling must be above the allocated storage, at least:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
export const autoscalingHeadroom = 10;

/** Days: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export const backupRetention = { from: 0, to: 35 } as const;

/** Minutes: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html */
export const shortestWindow = 30;

/**
 * Days of Performance Insights data: 7 are free; the advanced mode of Database Insights wants 15 months.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Considerations.html
 */
export const insightsRetentionDays = { standard: 7, advanced: 465 } as const;

/** Days that a log group can keep: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const logRetentionDays = [7, 14, 30, 90, 365] as const;

/** Logs of PostgreSQL that RDS exports: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html */
export const exportedLogs = ["postgresql", "upgrade"] as const;

/**
 * Names that a master user cannot have: roles of RDS, and words of SQL that PostgreSQL reserves.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html and
 * https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
export const reservedUsers = {
  names: ["admin", "rdsadmin", "rdsproxyadmin", "public", "none"],
  prefixes: ["pg_", "rds_", "rdsrepl"],
} as const;

/** Databases that exist already or that RDS keeps for itself: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export const reservedDatabases = ["postgres", "template0", "template1", "rdsadmin"] as const;

export const sqlWords: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc both case cast check collate column constraint create current_user " +
    "default deferrable desc distinct do else end except false fetch for foreign from grant group having in " +
    "initially intersect into lateral leading limit localtime not null offset on only or order placing primary " +
    "references returning select session_user some symmetric table then to trailing true union unique user using " +
    "variadic when where window with"
  ).split(" "),
);

export interface DatabaseShape {
  readonly vcpus: number;
  /** GiB. */
  readonly memory: number;
}

type Sizes = "burstable" | "general";

interface DatabaseFamily {
  readonly sizes: readonly string[];
  readonly kind: Sizes;
  /** GiB of memory for each vCPU; burstable classes have a table of their own. */
  readonly memoryPerVcpu: number;
}

const burstable = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];
const upTo16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const upTo24 = [...upTo16, "24xlarge"];
const upTo32 = [...upTo24, "32xlarge"];

const family = (
  memoryPerVcpu: number,
  sizes: readonly string[],
  kind: Sizes = "general",
): DatabaseFamily => ({
  sizes,
  kind,
  memoryPerVcpu,
});

/**
 * Families that RDS for PostgreSQL offers, the newest of each purpose first:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html
 * Sizes are from memory; which region has which is not held here.
 */
export const databaseFamilies: Readonly<Record<string, DatabaseFamily>> = {
  t4g: family(0, burstable, "burstable"),
  t3: family(0, burstable, "burstable"),
  m8g: family(4, [...upTo24, "48xlarge"]),
  m7g: family(4, upTo16),
  m7i: family(4, [...upTo24, "48xlarge"]),
  m6g: family(4, upTo16),
  m6gd: family(4, upTo16),
  m6i: family(4, upTo32),
  m6id: family(4, upTo32),
  m6in: family(4, upTo32),
  m6idn: family(4, upTo32),
  m5: family(4, upTo24),
  m5d: family(4, upTo24),
  r8g: family(8, [...upTo24, "48xlarge"]),
  r7g: family(8, upTo16),
  r7i: family(8, [...upTo24, "48xlarge"]),
  r6g: family(8, upTo16),
  r6gd: family(8, upTo16),
  r6i: family(8, upTo32),
  r6id: family(8, upTo32),
  r6in: family(8, upTo32),
  r6idn: family(8, upTo32),
  r5: family(8, upTo24),
  r5b: family(8, upTo24),
  r5d: family(8, upTo24),
  x2g: family(16, upTo16),
  x2idn: family(16, ["16xlarge", "24xlarge", "32xlarge"]),
  x2iedn: family(32, ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"]),
};

/** Families that RDS no longer makes new databases of: same page, "previous generation". */
export const retiredFamilies: ReadonlySet<string> = new Set(["m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2"]);

/** Memory of burstable classes, GiB: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
export const burstableMemory: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};
