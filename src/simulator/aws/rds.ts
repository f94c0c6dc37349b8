/** Amazon RDS: DB instances. */
import type { Properties } from "../../values/value.ts";
import { alphanumeric } from "../draw.ts";
import { type CloudView, defineModel, type ReferenceRule, type Subject, textAt } from "../model.ts";
import { subnetType } from "./ec2.ts";
import { missingSecurityGroup, securityGroupType } from "./ec2-security.ts";
import { roleType } from "./iam.ts";
import { keyType } from "./kms.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";
import { chosenZone, lowercaseName, parameterGroupType, subnetGroupType, subnetsOf } from "./rds-groups.ts";
import { checkInstance, fullVersion, instanceRules } from "./rds-rules.ts";
import { secretType } from "./secretsmanager.ts";

const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

export const dbInstanceType = "aws:rds/instance:Instance";

const instance = defineModel({
  type: dbInstanceType,
  service: "RDS",
  calls: { create: "CreateDBInstance", update: "ModifyDBInstance", delete: "DeleteDBInstance" },
  source: `${api}/API_CreateDBInstance.html`,
  stateful: true,
  autoName: autoName("identifier", 63),
  id: (subject) => `db-${subject.draw("id", 26, alphanumeric)}`,
  displayName: (subject) => identifierOf(subject),
  aliases: (outputs) => [textAt(outputs, "identifier") ?? ""].filter((each) => each !== ""),
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    applyImmediately: false,
    autoMinorVersionUpgrade: true,
    backupRetentionPeriod: 0,
    backupTarget: "region",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    copyTagsToSnapshot: false,
    deleteAutomatedBackups: true,
    deletionProtection: false,
    iamDatabaseAuthenticationEnabled: false,
    monitoringInterval: 0,
    multiAz: false,
    networkType: "IPV4",
    performanceInsightsEnabled: false,
    publiclyAccessible: false,
    skipFinalSnapshot: false,
    storageEncrypted: false,
    storageType: "gp2",
    port: portOf(inputs),
    licenseModel: "postgresql-license",
  }),
  outputs: instanceOutputs,
  immutable: [
    ...immutable(
      `${api}/API_ModifyDBInstance.html`,
      "availabilityZone",
      "backupTarget",
      "characterSetName",
      "customIamInstanceProfile",
      "dbName",
      "engine",
      "kmsKeyId",
      "ncharCharacterSetName",
      "performanceInsightsKmsKeyId",
      "snapshotIdentifier",
      "storageEncrypted",
      "timezone",
      "username",
    ),
    // Moving to a group in another VPC is an update of its own kind; the provider updates in place.
    regionImmutable,
  ],
  unordered: ["vpcSecurityGroupIds", "enabledCloudwatchLogsExports"],
  references: [
    {
      input: "dbSubnetGroupName",
      to: subnetGroupType,
      missing: (value) => ({
        code: "DBSubnetGroupNotFoundFault",
        message: `DB subnet group '${value}' does not exist.`,
      }),
      source: `${api}/API_CreateDBInstance.html`,
    },
    {
      input: "vpcSecurityGroupIds.*",
      to: securityGroupType,
      missing: missingSecurityGroup,
      source: `${api}/API_CreateDBInstance.html`,
    },
    {
      input: "parameterGroupName",
      to: parameterGroupType,
      // The default groups stand in every account, and in no list.
      values: (subject) => {
        const name = textAt(subject.inputs, "parameterGroupName") ?? "default.";
        return name.startsWith("default.") ? [] : [name];
      },
      missing: (value) => ({
        code: "DBParameterGroupNotFound",
        message: `DBParameterGroup not found: ${value}`,
      }),
      source: `${api}/API_CreateDBInstance.html`,
    },
    ...["kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"].map(keyReference),
    {
      input: "monitoringRoleArn",
      to: roleType,
      missing: (value) => ({
        code: "InvalidParameterValue",
        message: `IAM role ARN value is invalid or does not exist: ${value}`,
      }),
      onDelete: "ignore",
      source: `${api}/API_CreateDBInstance.html`,
    },
    {
      input: "subnets of dbSubnetGroupName",
      to: subnetType,
      values: subnetsOf,
      source: `${guide}/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "identifier"),
      refusal: () => ({ code: "DBInstanceAlreadyExists", message: "DB instance already exists" }),
      source: `${api}/API_CreateDBInstance.html`,
    },
  ],
  checkInputs: (inputs) => [...lowercaseName(inputs, "identifier"), ...checkInstance(inputs)],
  rules: instanceRules,
  deleteRules: [
    {
      check: (object) =>
        object.outputs["deletionProtection"] === true
          ? {
              code: "InvalidParameterCombination",
              message:
                "Cannot delete protected DB Instance, please disable deletion protection and try again.",
            }
          : undefined,
      source: `${api}/API_DeleteDBInstance.html`,
    },
    {
      check: (object) =>
        object.outputs["skipFinalSnapshot"] !== true &&
        textAt(object.outputs, "finalSnapshotIdentifier") === undefined
          ? {
              code: "InvalidParameterCombination",
              message: "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
            }
          : undefined,
      source: `${api}/API_DeleteDBInstance.html`,
    },
  ],
  quota: {
    limit: 40,
    refusal: () => ({ code: "InstanceQuotaExceeded", message: "DB Instance quota exceeded" }),
    source: `${guide}/CHAP_Limits.html`,
  },
  sides: (subject, outputs) => {
    const arn = managedSecretArn(subject);
    if (subject.inputs["manageMasterUserPassword"] !== true) return [];
    const inputs = { name: arn.slice(arn.lastIndexOf(":") + 1), description: `of ${textAt(outputs, "arn")}` };
    return [{ type: secretType, id: arn, name: inputs.name, inputs, outputs: { ...inputs, arn } }];
  },
  seconds: { create: 420, update: 120, delete: 300 },
});

export const rdsModels = [instance];

const ports: Readonly<Record<string, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

function portOf(inputs: Properties): number {
  return ports[textAt(inputs, "engine") ?? "postgres"] ?? 5432;
}

function identifierOf(subject: Pick<Subject, "inputs" | "resourceName">): string {
  return textAt(subject.inputs, "identifier") ?? subject.resourceName;
}

function managedSecretArn(subject: Subject): string {
  const { place } = subject;
  return arnOf("secretsmanager", place, `secret:rds!${subject.id}-${subject.draw("secret", 6)}`);
}

function instanceOutputs(subject: Subject, view: CloudView): Properties {
  const { inputs, place } = subject;
  const identifier = identifierOf(subject);
  const address = `${identifier}.c${subject.draw("host", 11)}.${place.region}.rds.simulated`;
  const port = typeof inputs["port"] === "number" ? inputs["port"] : portOf(inputs);
  const engine = textAt(inputs, "engine") ?? "postgres";
  const version = textAt(inputs, "engineVersion") ?? "17.6";
  return {
    arn: arnOf("rds", place, `db:${identifier}`),
    identifier,
    address,
    endpoint: `${address}:${port}`,
    engine,
    engineVersion: version,
    engineVersionActual: fullVersion(version),
    hostedZoneId: `Z${subject.draw("zone", 13, alphanumeric)}`,
    resourceId: subject.id,
    status: "available",
    availabilityZone: textAt(inputs, "availabilityZone") ?? chosenZone(subject, view),
    backupWindow: textAt(inputs, "backupWindow") ?? "03:00-03:30",
    maintenanceWindow: textAt(inputs, "maintenanceWindow") ?? "sun:04:00-sun:04:30",
    parameterGroupName: textAt(inputs, "parameterGroupName") ?? `default.${engine}${version.split(".")[0]}`,
    optionGroupName: textAt(inputs, "optionGroupName") ?? `default:${engine}-${version.split(".")[0]}`,
    listenerEndpoints: [],
    replicas: [],
    masterUserSecrets:
      inputs["manageMasterUserPassword"] === true
        ? [
            {
              secretArn: managedSecretArn(subject),
              secretStatus: "active",
              kmsKeyId:
                textAt(inputs, "masterUserSecretKmsKeyId") ?? arnOf("kms", place, "alias/aws/secretsmanager"),
            },
          ]
        : [],
  };
}

function keyReference(input: string): ReferenceRule {
  return {
    input,
    to: keyType,
    missing: (value) => ({
      code: "KMSKeyNotAccessibleFault",
      message: `The specified KMS key [${value}] does not exist.`,
    }),
    onDelete: "ignore",
    source: `${api}/API_CreateDBInstance.html`,
  };
}
