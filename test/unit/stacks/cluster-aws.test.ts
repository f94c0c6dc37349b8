import { expect, test } from "vitest";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { renderComponent } from "../../support/render-component.ts";
import { at, sites } from "../../support/specs.ts";

const base = { contract: cluster, references: { network: at("vpc"), connects: [at("orders")] } } as const;

test("the control plane stands in the private subnets and knows principals by access entries only", async () => {
  const { only } = await renderComponent(base);
  expect(only("Cluster").inputs).toMatchObject({
    version: "1.35",
    roleArn: "arn:aws:::role-cluster-control",
    vpcConfig: { subnetIds: ["private-1", "private-2"], endpointPrivateAccess: true },
    accessConfig: { authenticationMode: "API" },
    bootstrapSelfManagedAddons: false,
  });
});

test.each([
  { runner: "outside", isPublic: true },
  { runner: "inside", isPublic: false },
] as const)("a runner $runner the network has a public endpoint: $isPublic", async ({ runner, isPublic }) => {
  const { only } = await renderComponent({ ...base, site: { ...sites.aws, runner } });
  expect(only("Cluster").inputs["vpcConfig"]).toMatchObject({ endpointPublicAccess: isPublic });
});

test.each([
  { environmentClass: "prod", nodes: 3 },
  { environmentClass: "staging", nodes: 2 },
  { environmentClass: "dev", nodes: 2 },
  { environmentClass: "sandbox", nodes: 1 },
] as const)("class $environmentClass has $nodes nodes", async ({ environmentClass, nodes }) => {
  const { only } = await renderComponent({ ...base, environmentClass });
  expect(only("NodeGroup").inputs["scalingConfig"]).toEqual({
    minSize: nodes,
    desiredSize: nodes,
    maxSize: nodes,
  });
});

test("no nodes at all is a group that could have one", async () => {
  const { only } = await renderComponent({ ...base, fields: { nodes: 0 } });
  expect(only("NodeGroup").inputs["scalingConfig"]).toEqual({ minSize: 0, desiredSize: 0, maxSize: 1 });
});

test.each([
  ["m7g.large", "AL2023_ARM_64_STANDARD"],
  ["c7gn.xlarge", "AL2023_ARM_64_STANDARD"],
  ["m7i.large", "AL2023_x86_64_STANDARD"],
  ["g5.xlarge", "AL2023_x86_64_STANDARD"],
])("nodes of type %s start from %s", async (nodeType, amiType) => {
  const { only } = await renderComponent({ ...base, fields: { nodeType } });
  expect(only("NodeGroup").inputs).toMatchObject({ amiType, instanceTypes: [nodeType] });
});

test("what nodes need is there before them, and what runs on nodes comes after", async () => {
  const { ofType, only } = await renderComponent(base);
  const addon = (name: string) => ofType("Addon").find(({ inputs }) => inputs["addonName"] === name);
  const nodes = only("NodeGroup");
  for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) {
    expect(nodes.dependsOn).toContain(addon(name)?.urn);
  }
  expect(addon("coredns")?.dependsOn).toContain(nodes.urn);
});

test("roles have the managed policies of their service before they are used", async () => {
  const { ofType, only } = await renderComponent(base);
  const attachments = (role: string) =>
    ofType("RolePolicyAttachment").filter(({ name }) => name.startsWith(`cluster-${role}-`));
  expect(attachments("control").map(({ inputs }) => inputs["policyArn"])).toEqual([
    "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
  ]);
  expect(attachments("nodes").map(({ inputs }) => inputs["policyArn"])).toEqual([
    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
  ]);
  expect(only("Cluster").dependsOn).toEqual(
    expect.arrayContaining(attachments("control").map(({ urn }) => urn)),
  );
  expect(only("NodeGroup").dependsOn).toEqual(
    expect.arrayContaining(attachments("nodes").map(({ urn }) => urn)),
  );
});

test("owns the rule that lets its nodes reach what it connects to", async () => {
  const { only } = await renderComponent(base);
  expect(only("SecurityGroupIngressRule").inputs).toMatchObject({
    securityGroupId: "sg-orders",
    referencedSecurityGroupId: "sg-cluster",
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
  });
});

test("without connections there is no rule", async () => {
  const { ofType } = await renderComponent({ ...base, references: { network: at("vpc") } });
  expect(ofType("SecurityGroupIngressRule")).toEqual([]);
});

test("administrators keep their entries whatever their order in the list", async () => {
  const one = "arn:aws:iam::123456789012:role/platform/Admins";
  const two = "arn:aws:iam::123456789012:user/someone.else@example.com";
  const urns = async (administrators: string[]) => {
    const { ofType } = await renderComponent({ ...base, fields: { administrators } });
    const entries = [...ofType("AccessEntry"), ...ofType("AccessPolicyAssociation")];
    return entries.map(({ urn, inputs }) => [urn, inputs["principalArn"]]);
  };
  const inOrder = await urns([one, two]);
  expect(await urns([two, one, two])).toEqual(inOrder);
  expect(inOrder).toHaveLength(4);
});

test("the kubeconfig fetches its credentials when used and holds none", async () => {
  const { outputs } = await renderComponent({
    ...base,
    site: { ...sites.aws, assumeRole: "arn:aws:iam::123456789012:role/deploy" },
  });
  const kubeconfig = outputs["kubeconfig"];
  if (kubeconfig?.kind !== "known") throw new Error("the kubeconfig is not known");
  const { clusters, users } = JSON.parse(kubeconfig.value as string);
  expect(clusters[0].cluster).toEqual({
    server: "https://cluster.eks.example",
    "certificate-authority-data": "Q0E=",
  });
  expect(Object.keys(users[0].user)).toEqual(["exec"]);
  expect(users[0].user.exec).toMatchObject({ command: "aws" });
  expect(users[0].user.exec.args.join(" ")).toMatch(
    /^--region us-east-1 eks get-token --cluster-name payments-dev-cluster-[0-9a-f]{6} --output json --role-arn arn:aws:iam::123456789012:role\/deploy$/,
  );
});
