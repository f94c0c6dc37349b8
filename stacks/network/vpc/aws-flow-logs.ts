/** Flow logs of a VPC: a log group that forgets, and the role that may write to it and nothing else. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import type { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { allow, trust } from "../../access/aws.ts";
import type { BuildContext } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import type { vpc } from "./contract.ts";

type VpcContext = BuildContext<(typeof vpc)["fields"]>;

const logGroupPrefix = "/terrane/";

export function createFlowLogs(context: VpcContext, network: Vpc): void {
  const name = `${context.name}-flow-logs`;
  const keyId = context.references.encryption?.outputs.logKeyId;
  const group = new LogGroup(
    name,
    {
      name: `${logGroupPrefix}${context.physicalName("flow-logs", {
        maxLength: awsNames.logGroup.maxLength - logGroupPrefix.length,
      })}`,
      retentionInDays: context.fields.flowLogRetentionDays,
      ...(keyId === undefined ? {} : { kmsKeyId: keyId }),
    },
    context.child,
  );
  const role = new Role(
    name,
    {
      name: context.physicalName("flow-logs", awsNames.iamRole),
      assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", ["sts:AssumeRole"]),
    },
    context.child,
  );
  const policy = new RolePolicy(
    name,
    {
      // One that the provider makes up could not be told from the program: policies take no tags.
      name,
      role: role.name,
      policy: group.arn.apply((arn) =>
        allow(
          ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
          [arn, `${arn}:*`],
        ),
      ),
    },
    context.child,
  );
  new FlowLog(
    name,
    {
      vpcId: network.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: context.physicalName("flow-logs", awsNames.nameTag) },
    },
    { ...context.child, dependsOn: [policy] },
  );
}
