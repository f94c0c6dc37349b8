import { expect, test } from "vitest";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { addonVersions } from "../../../stacks/limits/aws-eks.ts";
import { renderComponent } from "../../support/render-component.ts";
import { at, sites, testTags } from "../../support/specs.ts";

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

test("the API answers inside the network only, until ranges are named", async () => {
  const closed = await renderComponent(base);
  expect(closed.only("Cluster").inputs["vpcConfig"]).toEqual({
    subnetIds: ["private-1", "private-2"],
    endpointPrivateAccess: true,
    endpointPublicAccess: false,
  });
  const open = await renderComponent({
    ...base,
    site: { ...sites.aws, runner: "outside" },
    fields: { publicAccessCidrs: ["203.0.113.0/24"] },
  });
  expect(open.only("Cluster").inputs["vpcConfig"]).toMatchObject({
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: ["203.0.113.0/24"],
  });
});

test("services get the range of the address plan", async () => {
  const { only } = await renderComponent({ ...base, fields: { serviceRange: "172.21.0.0/16" } });
  expect(only("Cluster").inputs["kubernetesNetworkConfig"]).toEqual({
    ipFamily: "ipv4",
    serviceIpv4Cidr: "172.21.0.0/16",
  });
});

test.each([
  {
    environmentClass: "prod",
    logs: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    days: 365,
  },
  {
    environmentClass: "staging",
    logs: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    days: 90,
  },
  { environmentClass: "dev", logs: ["api", "audit", "authenticator"], days: 30 },
  { environmentClass: "sandbox", logs: ["audit"], days: 7 },
] as const)("class $environmentClass keeps logs of the control plane for $days days", async (expected) => {
  const { only } = await renderComponent({ ...base, environmentClass: expected.environmentClass });
  const group = only("LogGroup");
  expect(only("Cluster").inputs["enabledClusterLogTypes"]).toEqual(expected.logs);
  expect(group.inputs).toMatchObject({
    name: `/aws/eks/${only("Cluster").inputs["name"]}/cluster`,
    retentionInDays: expected.days,
  });
  expect(only("Cluster").dependsOn).toContain(group.urn);
});

test("without logs there is no group", async () => {
  const { ofType } = await renderComponent({ ...base, fields: { controlPlaneLogs: [] } });
  expect(ofType("LogGroup")).toEqual([]);
});

test("keys of the environment encrypt Kubernetes secrets, logs, disks and volumes", async () => {
  const { only, ofType } = await renderComponent({
    ...base,
    references: { ...base.references, encryption: at("encryption") },
  });
  expect(only("Cluster").inputs["encryptionConfig"]).toEqual({
    provider: { keyArn: "arn:aws:kms:us-east-1:111122223333:key/cluster" },
    resources: ["secrets"],
  });
  expect(only("LogGroup").inputs["kmsKeyId"]).toBe("arn:aws:kms:us-east-1:111122223333:key/log");
  expect(only("LaunchTemplate").inputs["blockDeviceMappings"]).toMatchObject([
    { ebs: { encrypted: "true", kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/cluster" } },
  ]);
  expect(only("StorageClass").inputs["parameters"]).toMatchObject({
    encrypted: "true",
    kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/cluster",
  });
  expect(only("EC2NodeClass").inputs["spec"]).toMatchObject({
    blockDeviceMappings: [
      { ebs: { encrypted: true, kmsKeyID: "arn:aws:kms:us-east-1:111122223333:key/cluster" } },
    ],
  });
  const policyOf = (name: string) =>
    ofType("RolePolicy").find((each) => each.name === name)?.inputs["policy"] as string;
  expect(policyOf("cluster-volumes")).toContain("kms:CreateGrant");
  expect(policyOf("cluster-karpenter")).toContain("kms:CreateGrant");
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

test.each([
  ["m7g.large", "AL2023_ARM_64_STANDARD"],
  ["c7gn.xlarge", "AL2023_ARM_64_STANDARD"],
  ["m7i.large", "AL2023_x86_64_STANDARD"],
  ["m7i-flex.large", "AL2023_x86_64_STANDARD"],
])("nodes of type %s start from %s", async (nodeType, amiType) => {
  const { only } = await renderComponent({ ...base, fields: { nodeType } });
  expect(only("NodeGroup").inputs["amiType"]).toBe(amiType);
  expect(only("LaunchTemplate").inputs["instanceType"]).toBe(nodeType);
});

test("another machine type rolls the nodes over; other processors make a group beside the old one", async () => {
  const nameWith = async (nodeType: string) => {
    const { only } = await renderComponent({ ...base, fields: { nodeType } });
    return only("NodeGroup").inputs["nodeGroupName"];
  };
  expect(await nameWith("m7g.xlarge")).toBe(await nameWith("m7g.large"));
  expect(await nameWith("m7i.large")).not.toBe(await nameWith("m7g.large"));
});

test("nodes have encrypted disks, tags, and metadata that pods cannot reach", async () => {
  const { only } = await renderComponent(base);
  const { inputs } = only("LaunchTemplate");
  expect(inputs["metadataOptions"]).toEqual({
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
  });
  expect(inputs["blockDeviceMappings"]).toEqual([
    {
      deviceName: "/dev/xvda",
      ebs: { volumeType: "gp3", volumeSize: 50, encrypted: "true", deleteOnTermination: "true" },
    },
  ]);
  expect(inputs["tagSpecifications"]).toMatchObject(
    ["instance", "volume", "network-interface"].map((resourceType) => ({
      resourceType,
      tags: { ...testTags, "terrane:environment": "payments-dev", "terrane:incarnation": "0123abcd" },
    })),
  );
});

test("system nodes take nothing else where Karpenter adds nodes, and everything where nothing does", async () => {
  const within = await renderComponent(base);
  expect(within.only("NodeGroup").inputs).toMatchObject({
    labels: { "terrane.dev/nodes": "system" },
    taints: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
  });
  const without = await renderComponent({ ...base, fields: { autoscaling: "none" } });
  expect(without.only("NodeGroup").inputs).not.toHaveProperty("taints");
  for (const type of [
    "Queue",
    "EventRule",
    "EC2NodeClass",
    "NodePool",
    "Release",
    "PodIdentityAssociation",
  ]) {
    expect(without.ofType(type)).toEqual([]);
  }
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
  ]);
  expect(only("Cluster").dependsOn).toEqual(
    expect.arrayContaining(attachments("control").map(({ urn }) => urn)),
  );
  expect(only("NodeGroup").dependsOn).toEqual(
    expect.arrayContaining(attachments("nodes").map(({ urn }) => urn)),
  );
});

test("a role for pods is for one service account of this cluster, and for no other cluster of the account", async () => {
  const { ofType, only } = await renderComponent(base);
  const conditions = ofType("Role").flatMap(({ name, inputs }) => {
    const [statement] = JSON.parse(inputs["assumeRolePolicy"] as string).Statement;
    return statement.Principal.Service === "pods.eks.amazonaws.com" ? [[name, statement.Condition]] : [];
  });
  const of = (serviceAccount: string) => ({
    StringEquals: {
      "aws:RequestTag/eks-cluster-name": only("Cluster").inputs["name"],
      "aws:RequestTag/kubernetes-namespace": "kube-system",
      "aws:RequestTag/kubernetes-service-account": serviceAccount,
    },
  });
  expect(Object.fromEntries(conditions)).toEqual({
    "cluster-cni": of("aws-node"),
    "cluster-volumes": of("ebs-csi-controller-sa"),
    "cluster-karpenter": of("karpenter"),
  });
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

test("add-ons run the versions pinned for the cluster's version, and work as roles of their own", async () => {
  for (const [version, addons] of Object.entries(addonVersions.byName)) {
    const { ofType } = await renderComponent({ ...base, fields: { version } });
    const made = ofType("Addon").map(({ inputs }) => [inputs["addonName"], inputs["addonVersion"]]);
    expect(Object.fromEntries(made)).toEqual(addons);
  }
  const { ofType } = await renderComponent(base);
  const addon = (name: string) => ofType("Addon").find(({ inputs }) => inputs["addonName"] === name)?.inputs;
  expect(addon("vpc-cni")?.["podIdentityAssociations"]).toEqual([
    { roleArn: "arn:aws:::role-cluster-cni", serviceAccount: "aws-node" },
  ]);
  expect(addon("aws-ebs-csi-driver")?.["podIdentityAssociations"]).toEqual([
    { roleArn: "arn:aws:::role-cluster-volumes", serviceAccount: "ebs-csi-controller-sa" },
  ]);
  expect(JSON.parse(addon("vpc-cni")?.["configurationValues"] as string)).toMatchObject({
    env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
  });
  expect(JSON.parse(addon("coredns")?.["configurationValues"] as string)).toMatchObject({
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
    nodeSelector: { "terrane.dev/nodes": "system" },
  });
});

test("administrators keep their entries whatever their order in the list", async () => {
  const one = "arn:aws:iam::123456789012:role/platform/Admins";
  const two = "arn:aws:iam::123456789012:user/someone.else@example.com";
  const urns = async (administrators: string[]) => {
    const { ofType } = await renderComponent({ ...base, fields: { administrators } });
    const entries = [...ofType("AccessEntry"), ...ofType("AccessPolicyAssociation")];
    return entries
      .filter(({ name }) => name.startsWith("cluster-admin-"))
      .map(({ urn, inputs }) => [urn, inputs["principalArn"]]);
  };
  const inOrder = await urns([one, two]);
  expect(await urns([two, one, two])).toEqual(inOrder);
  expect(inOrder).toHaveLength(4);
});

test("a principal has one entry and a policy for each thing it may do, in namespaces or everywhere", async () => {
  const admin = "arn:aws:iam::123456789012:role/Admins";
  const team = "arn:aws:iam::123456789012:role/Team";
  const { ofType } = await renderComponent({
    ...base,
    fields: {
      administrators: [admin],
      access: [
        { principal: team, level: "view", namespaces: [] },
        { principal: team, level: "edit", namespaces: ["shop", "shop-jobs"] },
        { principal: admin, level: "view", namespaces: [] },
      ],
    },
  });
  const entries = ofType("AccessEntry").filter(({ inputs }) => inputs["type"] === "STANDARD");
  expect(entries.map(({ inputs }) => inputs["principalArn"]).sort()).toEqual([admin, team]);
  const granted = ofType("AccessPolicyAssociation").map(({ inputs }) => [
    inputs["principalArn"],
    String(inputs["policyArn"]).split("/").at(-1),
    inputs["accessScope"],
  ]);
  expect(granted).toEqual(
    expect.arrayContaining([
      [admin, "AmazonEKSClusterAdminPolicy", { type: "cluster" }],
      [admin, "AmazonEKSViewPolicy", { type: "cluster" }],
      [team, "AmazonEKSViewPolicy", { type: "cluster" }],
      [team, "AmazonEKSEditPolicy", { type: "namespace", namespaces: ["shop", "shop-jobs"] }],
    ]),
  );
  expect(granted).toHaveLength(4);
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
