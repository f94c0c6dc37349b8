/** The queue in which Karpenter hears that a node is about to go, and the rules that fill it. */
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import type { Output, Resource } from "@pulumi/pulumi";
import { awsNames } from "../../limits/aws.ts";
import type { ClusterContext } from "./aws-roles.ts";

/** Events that mean the end of a node: https://karpenter.sh/v1.15/concepts/disruption/#interruption, as of 2026-11-21. */
const events = {
  "spot-interruption": { source: "aws.ec2", detail: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", detail: "EC2 Instance Rebalance Recommendation" },
  "state-change": { source: "aws.ec2", detail: "EC2 Instance State-change Notification" },
  health: { source: "aws.health", detail: "AWS Health Event" },
  "capacity-reservation": {
    source: "aws.ec2",
    detail: "EC2 Capacity Reservation Instance Interruption Warning",
  },
} as const;

/** A message older than five minutes is about a node that is gone. */
const retentionSeconds = 300;

export interface Interruptions {
  readonly queueName: Output<string>;
  readonly queueArn: Output<string>;
  /** What must be there before messages arrive. */
  readonly delivery: readonly Resource[];
}

export function createInterruptions(context: ClusterContext): Interruptions {
  const name = `${context.name}-interruptions`;
  const queue = new Queue(
    name,
    {
      name: context.physicalName("interruptions", awsNames.queue),
      messageRetentionSeconds: retentionSeconds,
      sqsManagedSseEnabled: true,
    },
    context.child,
  );
  const policy = new QueuePolicy(
    name,
    { queueUrl: queue.url, policy: queue.arn.apply(deliveryPolicy) },
    context.child,
  );
  const targets = Object.entries(events).map(([key, { source, detail }]) => {
    const rule = new EventRule(
      `${name}-${key}`,
      {
        name: context.physicalName(key, awsNames.eventRule),
        description: `${detail}: to Karpenter of ${context.name}`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [detail] }),
      },
      context.child,
    );
    return new EventTarget(
      `${name}-${key}`,
      { rule: rule.name, targetId: "karpenter", arn: queue.arn },
      { ...context.child, dependsOn: [policy] },
    );
  });
  return { queueName: queue.name, queueArn: queue.arn, delivery: [policy, ...targets] };
}

function deliveryPolicy(arn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Deliver",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "sqs.amazonaws.com"] },
        Action: "sqs:SendMessage",
        Resource: arn,
      },
      {
        Sid: "OnlyEncrypted",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
