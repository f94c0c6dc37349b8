/** Roles of a cluster on AWS: each for one service, with managed policies and at most one of its own. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import { type Statement, trust } from "../../access/aws.ts";
import type { BuildContext } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import type { cluster } from "./contract.ts";

export type ClusterContext = BuildContext<(typeof cluster)["fields"]>;

interface RoleParts {
  /** Ends the names of the role and of what is attached to it. */
  readonly suffix: string;
  /** Who assumes it. */
  readonly service: string;
  readonly managed?: readonly string[];
  /** A policy document. */
  readonly own?: Input<string>;
  /** Beside `sts:AssumeRole`. */
  readonly actions?: readonly string[];
  readonly condition?: Statement["Condition"];
}

export interface RoleWithPolicies {
  readonly arn: Output<string>;
  readonly name: Output<string>;
  /** What must be there before the role is of use. */
  readonly policies: readonly Resource[];
}

export function createRole(context: ClusterContext, parts: RoleParts): RoleWithPolicies {
  const name = `${context.name}-${parts.suffix}`;
  const role = new Role(
    name,
    {
      name: context.physicalName(parts.suffix, awsNames.iamRole),
      assumeRolePolicy: trust(parts.service, ["sts:AssumeRole", ...(parts.actions ?? [])], parts.condition),
    },
    context.child,
  );
  const attached = (parts.managed ?? []).map(
    (policy) =>
      new RolePolicyAttachment(
        `${name}-${policy.slice(policy.lastIndexOf("/") + 1)}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        context.child,
      ),
  );
  const own =
    parts.own === undefined
      ? []
      : [new RolePolicy(name, { name, role: role.name, policy: parts.own }, context.child)];
  return { arn: role.arn, name: role.name, policies: [...attached, ...own] };
}

interface PodRoleParts extends Pick<RoleParts, "suffix" | "managed" | "own"> {
  readonly serviceAccount: string;
}

/** Where everything that works with a role of its own runs. */
export const systemNamespace = "kube-system";

/**
 * A role for the pods of one service account of this cluster, by EKS Pod Identity. Without the condition, an association
 * in any other cluster of the account could take it: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function createPodRole(context: ClusterContext, parts: PodRoleParts): RoleWithPolicies {
  const { serviceAccount, ...role } = parts;
  return createRole(context, {
    ...role,
    service: "pods.eks.amazonaws.com",
    actions: ["sts:TagSession"],
    condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-name": clusterName(context),
        "aws:RequestTag/kubernetes-namespace": systemNamespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
    },
  });
}

/** The cluster's name at the cloud: known before there is one. */
export function clusterName(context: ClusterContext): string {
  return context.physicalName("", awsNames.cluster);
}
