import { expect, test } from "vitest";
import type { NameRules } from "../../../src/values/names.ts";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { postgres } from "../../../stacks/data/postgres/contract.ts";
import { ciIdentity } from "../../../stacks/foundation/ci-identity/contract.ts";
import { encryption } from "../../../stacks/foundation/encryption/contract.ts";
import { argocd } from "../../../stacks/gitops/argocd/contract.ts";
import { awsNames } from "../../../stacks/limits/aws.ts";
import { gcpNames } from "../../../stacks/limits/gcp.ts";
import { kubernetesNames } from "../../../stacks/limits/kubernetes.ts";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { renderComponent, upstreamAt } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

const longest = "a".repeat(40);
const site = { ...sites.aws, name: "s".repeat(40) };
const there = (component: string) => ({ component, site: site.name });

// Where each type keeps a name that the cloud limits.
const limited: Readonly<Record<string, { readonly input: string; readonly rules: NameRules }>> = {
  "aws:iam/role:Role": { input: "name", rules: awsNames.iamRole },
  "aws:iam/policy:Policy": { input: "name", rules: awsNames.iamPolicy },
  "aws:kms/alias:Alias": {
    input: "name",
    rules: { maxLength: "alias/".length + awsNames.keyAlias.maxLength },
  },
  "aws:cloudwatch/logGroup:LogGroup": { input: "name", rules: awsNames.logGroup },
  "aws:ec2/securityGroup:SecurityGroup": { input: "name", rules: awsNames.securityGroup },
  "aws:rds/instance:Instance": { input: "identifier", rules: awsNames.databaseInstance },
  "aws:rds/subnetGroup:SubnetGroup": { input: "name", rules: awsNames.databaseSubnetGroup },
  "aws:rds/parameterGroup:ParameterGroup": { input: "name", rules: awsNames.databaseParameterGroup },
  "aws:eks/cluster:Cluster": { input: "name", rules: awsNames.cluster },
  "aws:eks/nodeGroup:NodeGroup": { input: "nodeGroupName", rules: awsNames.nodeGroup },
  "gcp:compute/network:Network": { input: "name", rules: gcpNames.compute },
  "gcp:compute/subnetwork:Subnetwork": { input: "name", rules: gcpNames.compute },
  "gcp:compute/router:Router": { input: "name", rules: gcpNames.compute },
  "gcp:compute/routerNat:RouterNat": { input: "name", rules: gcpNames.compute },
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": { input: "bucketId", rules: gcpNames.logBucket },
  "gcp:logging/projectSink:ProjectSink": { input: "name", rules: gcpNames.logSink },
  "kubernetes:helm.sh/v3:Release": { input: "name", rules: kubernetesNames.release },
};

test("22: no name is too long for its cloud, however long the names of environment, site and component", async () => {
  const base = {
    name: longest,
    environment: longest,
    environmentClass: "prod",
    site,
    upstream: upstreamAt(site),
  } as const;
  const rendered = await Promise.all([
    renderComponent({ ...base, contract: encryption }),
    renderComponent({
      ...base,
      contract: ciIdentity,
      fields: { repository: "acme/payments", branch: "main" },
    }),
    renderComponent({
      ...base,
      contract: vpc,
      fields: { cidr: "10.4.0.0/16", interfaceEndpoints: ["elasticloadbalancing", "ecr.api"] },
    }),
    renderComponent({
      ...base,
      contract: vpc,
      fields: { cidr: "10.4.0.0/16" },
      site: { ...sites.gcp, name: site.name },
    }),
    renderComponent({
      ...base,
      contract: postgres,
      fields: { replication: "logical" },
      references: { network: there("vpc") },
    }),
    renderComponent({
      ...base,
      contract: cluster,
      references: { network: there("vpc"), connects: [there("orders")] },
    }),
    renderComponent({
      ...base,
      contract: argocd,
      fields: { repository: "https://git.example.com/payments/deploy" },
      references: { cluster: there("cluster"), expose: [there("orders")] },
    }),
  ]);
  const resources = rendered.flatMap((each) => each.resources);
  for (const [type, { input, rules }] of Object.entries(limited)) {
    const names = resources.filter((each) => each.type === type).map(({ inputs }) => inputs[input] as string);
    expect(names.length, type).toBeGreaterThan(0);
    for (const name of names) expect(name.length, `${type} ${name}`).toBeLessThanOrEqual(rules.maxLength);
    expect(new Set(names).size, type).toBe(names.length);
  }
  for (const { type, inputs } of resources) {
    const { Name } = (inputs["tags"] ?? {}) as Record<string, string>;
    if (Name !== undefined) expect(Name.length).toBeLessThanOrEqual(awsNames.nameTag.maxLength);
    const { name, labels } = (inputs["metadata"] ?? {}) as { name?: string; labels?: Record<string, string> };
    if (name !== undefined)
      expect(name.length, type).toBeLessThanOrEqual(kubernetesNames.namespace.maxLength);
    for (const value of Object.values(labels ?? {})) expect(value.length).toBeLessThanOrEqual(63);
  }
});
