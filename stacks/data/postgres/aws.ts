/** The database on AWS: one RDS instance in the database subnets; its password never leaves Secrets Manager. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { TerraneError } from "../../../src/errors.ts";
import { implement } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { exportedLogs, insightsRetention, storageSize } from "../../limits/aws-rds.ts";
import { createLogGroups, createMonitoringRole } from "./aws-observation.ts";
import { createParameterGroup } from "./aws-parameters.ts";
import { postgres } from "./contract.ts";
import type { PostgresContext } from "./implementation.ts";

const port = 5432;
/** Storage grows by itself up to this many times what the document asks for. */
const growth = 5;
/**
 * The CA whose certificate the server shows; stated, so that a new default of AWS restarts nothing by itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html, as of 2026-11-21.
 */
const certificateAuthority = "rds-ca-rsa2048-g1";

export const implementation = implement(postgres, (context) => {
  const { outputs: network } = context.references.network;
  const subnets = new SubnetGroup(
    context.name,
    {
      name: context.physicalName("", awsNames.databaseSubnetGroup),
      description: `Database subnets of ${context.name}`,
      subnetIds: network.databaseSubnetIds,
    },
    context.child,
  );
  // Says nothing of rules: each consumer's stack owns the rule that lets it in.
  const access = new SecurityGroup(
    `${context.name}-access`,
    {
      name: context.physicalName("access", awsNames.securityGroup),
      description: `Clients of ${context.name}`,
      vpcId: network.networkId,
      tags: { Name: context.physicalName("access", awsNames.nameTag) },
    },
    context.child,
  );
  const instance = createInstance(context, subnets, access);
  return {
    endpoint: instance.address,
    port: instance.port,
    secretId: instance.masterUserSecrets.apply((secrets) => readSecretArn(context.name, secrets)),
    databaseName: context.fields.database ?? "postgres",
    userName: context.fields.user,
    accessGroupId: access.id,
  };
});

function readSecretArn(
  name: string,
  secrets: readonly { readonly secretArn?: string }[] | undefined,
): string {
  const arn = secrets?.[0]?.secretArn;
  if (arn === undefined) throw new TerraneError("cloud-error", `RDS named no secret for "${name}"`);
  return arn;
}

function createInstance(context: PostgresContext, subnets: SubnetGroup, access: SecurityGroup): Instance {
  const { fields } = context;
  const identifier = context.physicalName("", awsNames.databaseInstance);
  const parameters = createParameterGroup(context);
  const logGroups = createLogGroups(context, identifier);
  const monitoring = createMonitoringRole(context);
  return new Instance(
    context.name,
    {
      identifier,
      engine: "postgres",
      engineVersion: fields.version,
      // The document names the major version, and the plan shows the jump: no second switch for it.
      allowMajorVersionUpgrade: true,
      autoMinorVersionUpgrade: true,
      instanceClass: fields.size,
      ...(fields.database === undefined ? {} : { dbName: fields.database }),
      username: fields.user,
      manageMasterUserPassword: true,
      port,
      caCertIdentifier: certificateAuthority,
      parameterGroupName: parameters.name,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [access.id],
      publiclyAccessible: false,
      multiAz: fields.multiZone,
      ...storageOf(context),
      ...observationOf(context),
      ...(monitoring === undefined ? {} : { monitoringRoleArn: monitoring.role.arn }),
      ...lifetimeOf(context),
    },
    // RDS would make the log groups itself, to be kept for ever; and it tries the role while it makes the instance.
    {
      ...context.child,
      dependsOn: [...logGroups, ...(monitoring === undefined ? [] : [monitoring.attachment])],
    },
  );
}

function storageOf({ fields, references }: PostgresContext) {
  const key = references.encryption?.outputs.databaseKeyId;
  return {
    allocatedStorage: fields.storage,
    maxAllocatedStorage: fields.maxStorage ?? Math.min(storageSize.to, fields.storage * growth),
    storageType: "gp3",
    ...(fields.iops === undefined ? {} : { iops: fields.iops }),
    ...(fields.throughput === undefined ? {} : { storageThroughput: fields.throughput }),
    storageEncrypted: true,
    ...(key === undefined ? {} : { kmsKeyId: key, masterUserSecretKmsKeyId: key }),
  };
}

function observationOf({ fields, references }: PostgresContext) {
  const key = references.encryption?.outputs.databaseKeyId;
  const logs = {
    enabledCloudwatchLogsExports: [...exportedLogs.oneOf],
    monitoringInterval: fields.monitoringSeconds,
  };
  if (fields.insights === "none") return { ...logs, performanceInsightsEnabled: false };
  return {
    ...logs,
    databaseInsightsMode: fields.insights,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: insightsRetention.byName[fields.insights],
    ...(key === undefined ? {} : { performanceInsightsKmsKeyId: key }),
  };
}

function lifetimeOf(context: PostgresContext) {
  const { fields } = context;
  const isProd = context.environment.class === "prod";
  return {
    backupRetentionPeriod: fields.backupRetentionDays,
    backupWindow: fields.backupWindow,
    maintenanceWindow: fields.maintenanceWindow,
    copyTagsToSnapshot: true,
    deletionProtection: fields.deletionProtection,
    applyImmediately: fields.applyChanges === "immediately",
    deleteAutomatedBackups: !isProd,
    skipFinalSnapshot: !isProd,
    ...(isProd ? { finalSnapshotIdentifier: context.physicalName("final", awsNames.databaseSnapshot) } : {}),
  };
}
