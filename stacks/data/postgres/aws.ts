/** The database on AWS: one RDS instance in the database subnets; its password never leaves Secrets Manager. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { TerraneError } from "../../../src/errors.ts";
import { type BuildContext, implement } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { postgres } from "./contract.ts";

type PostgresContext = BuildContext<(typeof postgres)["fields"]>;

const port = 5432;
/** Changing it would replace the instance. `admin`, `rdsadmin` and `postgres` roles are the engine's own. */
const masterUser = "terrane";

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
  const { fields, environment } = context;
  const isProd = environment.class === "prod";
  const parameters = createParameters(context);
  return new Instance(
    context.name,
    {
      identifier: context.physicalName("", awsNames.databaseInstance),
      engine: "postgres",
      engineVersion: fields.version,
      // The document names the major version, and the plan shows the jump: no second switch for it.
      allowMajorVersionUpgrade: true,
      autoMinorVersionUpgrade: true,
      instanceClass: fields.size,
      allocatedStorage: fields.storage,
      storageType: "gp3",
      storageEncrypted: true,
      username: masterUser,
      manageMasterUserPassword: true,
      port,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [access.id],
      publiclyAccessible: false,
      multiAz: fields.multiZone,
      ...(parameters === undefined ? {} : { parameterGroupName: parameters.name }),
      backupRetentionPeriod: fields.backupRetentionDays,
      copyTagsToSnapshot: true,
      deletionProtection: fields.deletionProtection,
      // Production changes that restart the database wait for its maintenance window.
      applyImmediately: !isProd,
      deleteAutomatedBackups: !isProd,
      skipFinalSnapshot: !isProd,
      ...(isProd
        ? { finalSnapshotIdentifier: context.physicalName("final", awsNames.databaseSnapshot) }
        : {}),
    },
    context.child,
  );
}

// Logical replication is a parameter of the instance; nothing else differs from the engine's defaults.
function createParameters(context: PostgresContext): ParameterGroup | undefined {
  if (context.fields.replication !== "logical") return undefined;
  const family = `postgres${context.fields.version}`;
  return new ParameterGroup(
    `${context.name}-${family}`,
    {
      name: context.physicalName(family, awsNames.databaseParameterGroup),
      description: `Parameters of ${context.name}`,
      family,
      parameters: [{ name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" }],
    },
    context.child,
  );
}
