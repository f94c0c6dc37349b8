/** The cluster on AWS: EKS with system nodes in the private subnets, add-ons, access, and Karpenter for everything else. */
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { all, type Output } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { implement } from "../../component.ts";
import { openApi } from "./api.ts";
import { createAccess } from "./aws-access.ts";
import { createClusterAddons, createNodeAddons } from "./aws-addons.ts";
import { createControlPlane } from "./aws-control-plane.ts";
import { createKarpenter } from "./aws-karpenter.ts";
import { createSystemNodes } from "./aws-nodes.ts";
import type { ClusterContext } from "./aws-roles.ts";
import { cluster } from "./contract.ts";
import { makeKubeconfig } from "./kubeconfig.ts";
import { createStorageClass } from "./storage-class.ts";

export const implementation = implement(cluster, (context) => {
  const control = createControlPlane(context);
  const daemons = createNodeAddons(context, control);
  const nodes = createSystemNodes(context, control, daemons);
  const addons = createClusterAddons(context, control, nodes.group);
  createAccess(context, control);
  connect(context, control);
  const certificateAuthority = control.certificateAuthority.apply(({ data }) => data ?? "");
  const kubeconfig = describeAccess(context, control, certificateAuthority);
  const api = openApi(context.name, context.child.parent, kubeconfig);
  createStorageClass(context, api, addons);
  if (context.fields.autoscaling === "karpenter") {
    createKarpenter(context, { control, api, ready: [nodes.group, ...daemons, ...addons] });
  }
  return {
    clusterName: control.name,
    endpoint: control.endpoint,
    certificateAuthority,
    kubeconfig,
    oidcIssuer: control.identities.apply((identities) => identities?.[0]?.oidcs?.[0]?.issuer ?? ""),
    clusterSecurityGroupId: control.vpcConfig.clusterSecurityGroupId,
    nodeRole: nodes.role,
  };
});

/** Lets the nodes reach what the cluster connects to: the rule is ours, the group is the other's. */
function connect(context: ClusterContext, control: Cluster): void {
  for (const { component, site, outputs } of context.references.connects) {
    if (site.name !== context.site.name) {
      throw new TerraneError(
        "not-in-this-release",
        `"${context.name}" connects to "${component}@${site.name}": connections between sites come with the recovery release`,
      );
    }
    new SecurityGroupIngressRule(
      `${context.name}-to-${component}`,
      {
        securityGroupId: outputs.accessGroupId,
        referencedSecurityGroupId: control.vpcConfig.clusterSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: outputs.port,
        toPort: outputs.port,
        description: `${context.name} to ${component}`,
      },
      context.child,
    );
  }
}

function describeAccess(
  context: ClusterContext,
  control: Cluster,
  certificateAuthority: Output<string>,
): Output<string> {
  return all([control.name, control.endpoint, certificateAuthority]).apply(([name, endpoint, certificate]) =>
    makeKubeconfig({
      name,
      endpoint,
      certificateAuthority: certificate,
      command: "aws",
      arguments: [
        ...["--region", context.site.region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
        ...(context.site.assumeRole === undefined ? [] : ["--role-arn", context.site.assumeRole]),
      ],
    }),
  );
}
