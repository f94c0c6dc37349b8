/** What watches the database on AWS: its log groups, and the role that reports on its operating system. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { awsNames } from "../../limits/aws.ts";
import { exportedLogs } from "../../limits/aws-rds.ts";
import type { PostgresContext } from "./implementation.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html, as of 2026-11-21. */
const monitoringPolicy = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole";

/** Before the instance: what RDS makes itself on the first line is never deleted and not encrypted with our key. */
export function createLogGroups(context: PostgresContext, identifier: string): readonly LogGroup[] {
  const key = context.references.encryption?.outputs.logKeyId;
  return exportedLogs.oneOf.map(
    (log) =>
      new LogGroup(
        `${context.name}-${log}-log`,
        {
          // The name is RDS's choice: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
          name: `/aws/rds/instance/${identifier}/${log}`,
          retentionInDays: context.fields.logRetentionDays,
          ...(key === undefined ? {} : { kmsKeyId: key }),
        },
        context.child,
      ),
  );
}

export interface MonitoringRole {
  readonly role: Role;
  readonly attachment: RolePolicyAttachment;
}

export function createMonitoringRole(context: PostgresContext): MonitoringRole | undefined {
  if (context.fields.monitoringSeconds === 0) return undefined;
  const role = new Role(
    `${context.name}-monitoring`,
    {
      name: context.physicalName("monitoring", awsNames.iamRole),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "monitoring.rds.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      }),
    },
    context.child,
  );
  const attachment = new RolePolicyAttachment(
    `${context.name}-monitoring`,
    { role: role.name, policyArn: monitoringPolicy },
    context.child,
  );
  return { role, attachment };
}
