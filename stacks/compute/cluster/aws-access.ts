/** Who may use the cluster: access entries and their policies, for all of it or for namespaces. */
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import type { ClusterContext } from "./aws-roles.ts";
import { principalKey } from "./principal.ts";

/** https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const policies = {
  view: "AmazonEKSViewPolicy",
  edit: "AmazonEKSEditPolicy",
  admin: "AmazonEKSAdminPolicy",
} as const;

/** One entry for a principal, however many things it may do: EKS takes no second one. */
export function createAccess(context: ClusterContext, control: Cluster): void {
  const { administrators, access } = context.fields;
  const entries = new Map<string, AccessEntry>();
  const admit = (name: string, principalArn: string): AccessEntry => {
    const options = { clusterName: control.name, principalArn, type: "STANDARD" };
    const entry = entries.get(principalArn) ?? new AccessEntry(name, options, context.child);
    entries.set(principalArn, entry);
    return entry;
  };
  for (const principal of new Set(administrators)) {
    const name = `${context.name}-admin-${principalKey(principal)}`;
    const entry = admit(name, principal);
    associate(context, entry, { name, policy: "AmazonEKSClusterAdminPolicy", namespaces: [] });
  }
  for (const { principal, level, namespaces } of access) {
    const name = `${context.name}-access-${principalKey(principal)}`;
    const entry = admit(name, principal);
    associate(context, entry, { name: `${name}-${level}`, policy: policies[level], namespaces });
  }
}

interface Grant {
  readonly name: string;
  readonly policy: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
}

function associate(context: ClusterContext, entry: AccessEntry, { name, policy, namespaces }: Grant): void {
  new AccessPolicyAssociation(
    name,
    {
      clusterName: entry.clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope:
        namespaces.length === 0 ? { type: "cluster" } : { type: "namespace", namespaces: [...namespaces] },
    },
    context.child,
  );
}
