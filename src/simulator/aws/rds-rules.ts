/** Amazon RDS: what it refuses of a DB instance. Each rule answers in RDS's own codes, and cites where it stands. */
import type { Properties } from "../../values/value.ts";
import {
  type CloudView,
  type InputFailure,
  type Refusal,
  type Rule,
  type Subject,
  textAt,
  textsAt,
} from "../model.ts";
import { roleType, trusts } from "./iam.ts";
import { keyType } from "./kms.ts";
import { checkBetween } from "./naming.ts";
import { parameterGroupType } from "./rds-groups.ts";
import { windows } from "./rds-windows.ts";

const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** Newest minor of each major, as of 2026-11: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html */
const newestMinor: Readonly<Record<string, string>> = {
  "11": "22",
  "12": "22",
  "13": "23",
  "14": "20",
  "15": "15",
  "16": "11",
  "17": "7",
  "18": "1",
};

/** The version that runs where the caller names a major only. */
export function fullVersion(version: string): string {
  return version.includes(".") ? version : `${version}.${newestMinor[version] ?? "0"}`;
}

export const instanceRules: readonly Rule[] = [
  { on: ["create"], check: newInstance, source: `${api}/API_CreateDBInstance.html` },
  { on: ["create"], check: unknownVersion, source: `${api}/API_CreateDBInstance.html` },
  { on: ["update"], check: upgrade, source: `${guide}/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html` },
  { check: instanceClass, source: `${guide}/Concepts.DBInstanceClass.html` },
  { check: parameterFamily, source: `${guide}/USER_WorkingWithParamGroups.html` },
  { on: ["update"], check: shrunk, source: `${guide}/USER_PIOPS.ModifyingExisting.html` },
  { check: storage, source: `${guide}/CHAP_Storage.html` },
  { check: speed, source: `${guide}/CHAP_Storage.html#gp3-storage` },
  { check: autoscaling, source: `${guide}/USER_PIOPS.Autoscaling.html` },
  { check: keys, source: `${guide}/Overview.Encryption.html` },
  { check: monitoring, source: `${guide}/USER_Monitoring.OS.Enabling.html` },
  { check: insights, source: `${guide}/USER_DatabaseInsights.Considerations.html` },
  { check: logs, source: `${guide}/USER_LogAccess.Concepts.PostgreSQL.html` },
  {
    check: windows,
    source: `${guide}/USER_WorkingWithAutomatedBackups.html#USER_WorkingWithAutomatedBackups.BackupWindow`,
  },
];

/** What the provider says without asking RDS. */
export function checkInstance(inputs: Properties): readonly InputFailure[] {
  return [
    ...masterPassword(inputs),
    ...checkBetween(inputs, "backupRetentionPeriod", 0, 35),
    ...insightsRetention(inputs),
  ];
}

const combination = (message: string): Refusal => ({ code: "InvalidParameterCombination", message });
const invalid = (message: string): Refusal => ({ code: "InvalidParameterValue", message });

const engineOf = (inputs: Properties): string => textAt(inputs, "engine") ?? "postgres";
const versionOf = (inputs: Properties): string => textAt(inputs, "engineVersion") ?? "17";
const majorOf = (inputs: Properties): string => versionOf(inputs).split(".")[0] ?? "";
const storageTypeOf = (inputs: Properties): string => textAt(inputs, "storageType") ?? "gp2";

/** A replica or a restored copy takes from its origin what it does not say itself. */
function isCopy(inputs: Properties): boolean {
  const origins = ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import"];
  return origins.some((name) => inputs[name] !== undefined);
}

const reservedUsers = ["admin", "rdsadmin", "postgres_admin", "public", "none"];
/** Those that a PostgreSQL server begins with, RDS's own, and one that RDS takes for a word: API_CreateDBInstance. */
const reservedDatabases = ["postgres", "template0", "template1", "rdsadmin", "db"];

function newInstance({ inputs }: Subject): Refusal | undefined {
  if (isCopy(inputs)) return undefined;
  for (const name of ["engine", "allocatedStorage", "username"]) {
    if (inputs[name] === undefined)
      return { code: "MissingParameter", message: `The request must contain the parameter ${name}` };
  }
  const managed = inputs["manageMasterUserPassword"] === true;
  if (!managed && inputs["password"] === undefined && inputs["passwordWo"] === undefined)
    return invalid("The parameter MasterUserPassword must be provided and must not be blank.");
  const user = String(inputs["username"]);
  if (reservedUsers.includes(user) || /^(pg_|rds)/.test(user))
    return invalid(`MasterUsername ${user} cannot be used as it is a reserved word used by the engine`);
  const name = textAt(inputs, "dbName");
  if (name !== undefined && reservedDatabases.includes(name))
    return invalid(`DBName ${name} cannot be used. It is a reserved word for this engine`);
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name))
    return invalid(
      "DBName must begin with a letter or underscore and contain only alphanumeric characters or underscores.",
    );
  return undefined;
}

function unknownVersion({ inputs }: Subject): Refusal | undefined {
  if (engineOf(inputs) !== "postgres" || newestMinor[majorOf(inputs)] !== undefined) return undefined;
  return combination(`Cannot find version ${versionOf(inputs)} for postgres`);
}

function upgrade({ inputs, old }: Subject): Refusal | undefined {
  const before = versionOf(old?.inputs ?? inputs);
  const after = versionOf(inputs);
  if (engineOf(inputs) !== "postgres" || before === after) return undefined;
  const [from, to] = [Number(majorOf(old?.inputs ?? inputs)), Number(majorOf(inputs))];
  if (newestMinor[String(to)] === undefined) return combination(`Cannot find version ${after} for postgres`);
  if (to < from)
    return combination(`Cannot upgrade postgres from ${fullVersion(before)} to ${fullVersion(after)}`);
  if (to > from && inputs["allowMajorVersionUpgrade"] !== true)
    return combination(
      "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    );
  return undefined;
}

const retired = /^db\.(m[1-4]|r[34]|t[12])\./;

function instanceClass({ inputs }: Subject): Refusal | undefined {
  const name = textAt(inputs, "instanceClass") ?? "";
  if (!/^db\.[a-z0-9-]+\.[a-z0-9]+(\.[a-z0-9.]+)?$/.test(name))
    return invalid(`Invalid DB Instance class: ${name}`);
  if (!retired.test(name)) return undefined;
  const engine = engineOf(inputs);
  return combination(
    `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${name}, ` +
      `Engine=${engine}, EngineVersion=${fullVersion(versionOf(inputs))}, LicenseModel=postgresql-license.`,
  );
}

function parameterFamily(subject: Subject, view: CloudView): Refusal | undefined {
  const { inputs } = subject;
  const name = textAt(inputs, "parameterGroupName");
  const group = name === undefined ? undefined : view.find(parameterGroupType, name, subject.place);
  const family = textAt(group?.inputs ?? {}, "family");
  const wanted = `${engineOf(inputs)}${majorOf(inputs)}`;
  if (engineOf(inputs) !== "postgres" || family === undefined || family === wanted) return undefined;
  return combination(
    `The Parameter Group ${name} with DBParameterGroupFamily ${family} can't be used for this instance. ` +
      `Please use a Parameter Group with DBParameterGroupFamily ${wanted}`,
  );
}

function shrunk({ inputs, old }: Subject): Refusal | undefined {
  const before = Number(old?.inputs["allocatedStorage"]);
  const after = Number(inputs["allocatedStorage"]);
  if (!(after < before)) return undefined;
  return combination(
    `Invalid storage size for engine name ${engineOf(inputs)} and storage type ${storageTypeOf(inputs)}: ${after}. Storage can't be reduced from ${before}.`,
  );
}

function storage({ inputs }: Subject): Refusal | undefined {
  const size = inputs["allocatedStorage"];
  const type = storageTypeOf(inputs);
  const least = type === "io1" || type === "io2" ? 100 : 20;
  if (typeof size !== "number" || (size >= least && size <= 65_536)) return undefined;
  return invalid(
    `Invalid storage size for engine name ${engineOf(inputs)} and storage type ${type}: ${size}`,
  );
}

function speed({ inputs }: Subject): Refusal | undefined {
  const { iops, storageThroughput: throughput, allocatedStorage: size } = inputs;
  if (storageTypeOf(inputs) !== "gp3" || typeof size !== "number") return undefined;
  if (iops === undefined && throughput === undefined) return undefined;
  const engine = engineOf(inputs);
  if (size < 400)
    return combination(
      `You can't specify IOPS or storage throughput for engine ${engine} and a storage size less than 400.`,
    );
  const operations = typeof iops === "number" ? iops : 12_000;
  if (operations < 12_000 || operations > Math.min(64_000, size * 500))
    return combination(`Invalid iops value for engine name ${engine} and storage type gp3: ${operations}`);
  if (typeof throughput !== "number") return undefined;
  if (throughput >= 500 && throughput <= Math.min(4_000, operations / 4)) return undefined;
  return combination(
    `Invalid storage throughput value for engine name ${engine} and storage type gp3: ${throughput}`,
  );
}

function autoscaling({ inputs }: Subject): Refusal | undefined {
  const { maxAllocatedStorage: most, allocatedStorage: size } = inputs;
  if (typeof most !== "number" || most === 0 || typeof size !== "number") return undefined;
  const isRoom = most * 10 >= size * 11 || most === 65_536;
  if (isRoom && most <= 65_536) return undefined;
  return combination(
    `Invalid max storage size for engine name ${engineOf(inputs)} and storage type ${storageTypeOf(inputs)}: ${most}`,
  );
}

function keys(subject: Subject, view: CloudView): Refusal | undefined {
  const { inputs, place } = subject;
  if (inputs["kmsKeyId"] !== undefined && inputs["storageEncrypted"] !== true)
    return combination("A KMS key identifier can only be specified for an encrypted DB instance.");
  for (const name of ["kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"]) {
    const key = textAt(inputs, name);
    const found = key === undefined ? undefined : view.find(keyType, key, place);
    if (found?.outputs["isEnabled"] !== false) continue;
    return {
      code: "KMSKeyNotAccessibleFault",
      message: `The specified KMS key [${key}] is not enabled, or you don't have access to it.`,
    };
  }
  return undefined;
}

function monitoring(subject: Subject, view: CloudView): Refusal | undefined {
  const { inputs, place } = subject;
  const interval = inputs["monitoringInterval"];
  const arn = inputs["monitoringRoleArn"];
  if (typeof interval !== "number" || interval === 0) return undefined;
  if (![1, 5, 10, 15, 30, 60].includes(interval)) return invalid(`Invalid MonitoringInterval: ${interval}`);
  if (arn === undefined)
    return combination(
      "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
    );
  const role = typeof arn === "string" ? view.find(roleType, arn, place) : undefined;
  if (role === undefined || trusts(role, "monitoring.rds.amazonaws.com")) return undefined;
  return invalid(
    "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
  );
}

function insights({ inputs }: Subject): Refusal | undefined {
  const isOn = inputs["performanceInsightsEnabled"] === true;
  const days = inputs["performanceInsightsRetentionPeriod"];
  if (
    /^(mysql|mariadb)$/.test(engineOf(inputs)) &&
    isOn &&
    /^db\.t\w+\.(micro|small)$/.test(String(inputs["instanceClass"]))
  )
    return combination("Performance Insights not supported for this configuration.");
  if (inputs["databaseInsightsMode"] !== "advanced") return undefined;
  if (isOn && typeof days === "number" && days >= 465) return undefined;
  return combination(
    "To enable the Advanced mode of Database Insights, modify your instance to enable Performance Insights and set " +
      "the retention period for Performance Insights to at least 465 days.",
  );
}

const exported: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgresql", "upgrade", "iam-db-auth-error"],
};

function logs({ inputs }: Subject): Refusal | undefined {
  const engine = engineOf(inputs);
  const known = exported[engine];
  const wrong = textsAt(inputs, "enabledCloudwatchLogsExports").filter(
    (log) => known?.includes(log) === false,
  );
  if (wrong.length === 0) return undefined;
  return combination(
    `You cannot use the log types '${wrong.join(", ")}' with engine version ${engine} ${fullVersion(versionOf(inputs))}. ` +
      "For information on supported log types, see the documentation.",
  );
}

function masterPassword(inputs: Properties): readonly InputFailure[] {
  const given = ["password", "passwordWo"].find((name) => inputs[name] !== undefined);
  if (given === undefined || inputs["manageMasterUserPassword"] !== true) return [];
  return [{ input: given, reason: `"manage_master_user_password": conflicts with ${given}` }];
}

function insightsRetention(inputs: Properties): readonly InputFailure[] {
  const days = inputs["performanceInsightsRetentionPeriod"];
  if (typeof days !== "number" || days === 7 || days === 731 || (days > 0 && days % 31 === 0)) return [];
  const input = "performanceInsightsRetentionPeriod";
  return [
    { input, reason: `expected performance_insights_retention_period to be divisible by 31, got: ${days}` },
  ];
}
