/** Limits of Amazon RDS that a PostgreSQL database keeps to. Data. */
import { limitsAsOf } from "./limit.ts";

/** When the limits of this file were written down. */
export const asOf = "2026-11-21";
const limit = limitsAsOf(asOf);

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const calendar =
  "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html";

export interface DatabaseMajor {
  /** Last day of standard support. From then on RDS charges for Extended Support. */
  readonly standardSupportEnds: string;
  /** Majors that RDS upgrades a live database to in place. */
  readonly upgradesTo: readonly string[];
}

const majors: Readonly<Record<string, DatabaseMajor>> = {
  "14": { standardSupportEnds: "2027-02-28", upgradesTo: ["15", "16", "17", "18"] },
  "15": { standardSupportEnds: "2028-02-29", upgradesTo: ["16", "17", "18"] },
  "16": { standardSupportEnds: "2029-02-28", upgradesTo: ["17", "18"] },
  "17": { standardSupportEnds: "2030-02-28", upgradesTo: ["18"] },
  "18": { standardSupportEnds: "2031-02-28", upgradesTo: [] },
};

export const databaseMajors = limit({
  what: "Majors that a new database may have",
  byName: majors,
  source: [calendar, `${guide}/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html`],
  note: "The row of 18, the ends of 15 to 17 and the paths to 18 are from memory: the pages at hand were older.",
});

const ended: Readonly<Record<string, string>> = {
  "10": "2023-04-17",
  "11": "2024-02-29",
  "12": "2025-02-28",
  "13": "2026-02-28",
};

export const endedMajors = limit({
  what: "Majors past standard support, with its last day",
  byName: ended,
  source: calendar,
  note: "The end of 13 is from memory.",
});

const gp3 = `${guide}/CHAP_Storage.html#gp3-storage` as const;

export const storageSize = limit({ what: "gp3 storage, GiB", from: 20, to: 65_536, source: gp3 });

/** Below it IOPS and throughput are fixed at 3,000 and 125 MiB/s; from there on the volume is striped. */
export const stripedStorage = limit({
  what: "gp3 storage that can be given IOPS and throughput, GiB",
  least: 400,
  source: gp3,
});

export const storageIops = limit({
  what: "I/O operations a second of striped gp3 storage",
  from: 12_000,
  to: 64_000,
  source: gp3,
});

export const storageThroughput = limit({
  what: "Throughput of striped gp3 storage, MiB/s",
  from: 500,
  to: 4_000,
  source: gp3,
});

export const iopsPerGib = limit({
  what: "I/O operations a second for each GiB of gp3 storage",
  most: 500,
  source: gp3,
});

export const throughputPerIops = limit({
  what: "MiB/s for each I/O operation a second of gp3 storage",
  most: 0.25,
  source: gp3,
});

export const autoscalingHeadroom = limit({
  what: "Percent by which the maximum of storage autoscaling is above the allocated storage",
  least: 10,
  source: `${guide}/USER_PIOPS.Autoscaling.html`,
});

export const backupRetention = limit({
  what: "Days that automated backups are kept; 0: there are none",
  from: 0,
  to: 35,
  source: `${api}/API_CreateDBInstance.html`,
});

export const windowLength = limit({
  what: "Minutes of a backup or maintenance window",
  least: 30,
  source: `${guide}/USER_UpgradeDBInstance.Maintenance.html`,
});

export const insightsRetention = limit({
  what: "Days of Database Insights: 7 are free, the advanced mode wants 15 months",
  byName: { standard: 7, advanced: 465 },
  source: `${guide}/USER_DatabaseInsights.Considerations.html`,
});

export const logRetention = limit({
  what: "Days that a log group may keep what a database logs",
  oneOf: [7, 14, 30, 90, 365],
  source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  note: "The five of CloudWatch's 23 that fit a database's log.",
});

export const exportedLogs = limit({
  what: "Logs of PostgreSQL that RDS exports",
  oneOf: ["postgresql", "upgrade"],
  source: `${guide}/USER_LogAccess.Concepts.PostgreSQL.html`,
});

const rolesPage = `${guide}/Appendix.PostgreSQL.CommonDBATasks.Roles.html` as const;

export const reservedUsers = limit({
  what: "Names that a master user cannot have, besides reserved words of SQL: roles of RDS",
  oneOf: ["admin", "rdsadmin", "rdsproxyadmin", "public", "none"],
  source: rolesPage,
});

export const reservedUserPrefixes = limit({
  what: "Beginnings that the name of a master user cannot have",
  oneOf: ["pg_", "rds_", "rdsrepl"],
  source: rolesPage,
});

export const reservedDatabases = limit({
  what: "Databases that exist already or that RDS keeps for itself",
  oneOf: ["postgres", "template0", "template1", "rdsadmin"],
  source: `${api}/API_CreateDBInstance.html`,
});

const sqlKeywords =
  "all analyse analyze and any array as asc both case cast check collate column constraint create current_user " +
  "default deferrable desc distinct do else end except false fetch for foreign from grant group having in " +
  "initially intersect into lateral leading limit localtime not null offset on only or order placing primary " +
  "references returning select session_user some symmetric table then to trailing true union unique user using " +
  "variadic when where window with";

export const sqlWords = limit({
  what: "Words of SQL that PostgreSQL reserves",
  oneOf: sqlKeywords.split(" "),
  source: "https://www.postgresql.org/docs/current/sql-keywords-appendix.html",
});

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

/** The newest of each purpose first. */
const families: Readonly<Record<string, DatabaseFamily>> = {
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

export const databaseFamilies = limit({
  what: "Families of instance classes that RDS for PostgreSQL offers, with their sizes",
  byName: families,
  source: `${guide}/Concepts.DBInstanceClass.Support.html`,
  note: "Sizes are from memory; which region has which is not held here.",
});

export const retiredFamilies = limit({
  what: "Families that RDS no longer makes new databases of",
  oneOf: ["m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2"],
  source: `${guide}/Concepts.DBInstanceClass.Support.html`,
});

const burstableSizes: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

export const burstableMemory = limit({
  what: "Memory of burstable classes, GiB",
  byName: burstableSizes,
  source: `${guide}/Concepts.DBInstanceClass.Summary.html`,
});
