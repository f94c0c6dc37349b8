/**
 * One case per modelled type: what it needs, sound inputs, a change in place and a change that replaces. A type without
 * one of the two says so by leaving it out.
 */
import type { Properties } from "../../src/values/value.ts";

/** Gives the id, or another output, of a case that was made before. */
export type Ref = (name: string, output?: string) => string;

export interface ModelCase {
  readonly type: string;
  /** Names of the cases to make first, in order. */
  readonly needs?: readonly string[];
  readonly inputs: (ref: Ref) => Properties;
  /** Inputs that change in place. */
  readonly update?: (ref: Ref) => Properties;
  /** Inputs whose change makes a new object. */
  readonly replace?: (ref: Ref) => Properties;
}

/** Trusts everything that the cases below let work as a role. */
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Principal: { Service: ["eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"] },
    },
  ],
});
export const pipelineTrust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: {
        Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
      },
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:acme/payments:ref:refs/heads/main",
        },
      },
    },
  ],
});
const allowAll = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const keyPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Effect: "Allow",
      Principal: { Service: "logs.us-east-1.amazonaws.com" },
      Action: ["kms:Encrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:log-group:/shop/*",
        },
      },
    },
  ],
});
const inNamespace = { metadata: { name: "thing", namespace: "apps", labels: { app: "a" } } };
const nodeClassSpec = {
  role: "nodes",
  amiSelectorTerms: [{ alias: "al2023@latest" }],
  subnetSelectorTerms: [{ id: "subnet-1" }],
  securityGroupSelectorTerms: [{ id: "sg-1" }],
};
const nodePoolSpec = {
  weight: 10,
  template: {
    spec: {
      nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
      requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["arm64"] }],
    },
  },
};
const subnetsOfTwoZones = ["vpc", "subnet", "subnet-b"];

const aws: Readonly<Record<string, ModelCase>> = {
  vpc: {
    type: "aws:ec2/vpc:Vpc",
    inputs: () => ({ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { Name: "main" } }),
    update: () => ({ tags: { Name: "renamed" } }),
    replace: () => ({ cidrBlock: "10.1.0.0/16" }),
  },
  subnet: {
    type: "aws:ec2/subnet:Subnet",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc"), cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" }),
    update: () => ({ mapPublicIpOnLaunch: true }),
    replace: () => ({ availabilityZone: "us-east-1b" }),
  },
  "subnet-b": {
    type: "aws:ec2/subnet:Subnet",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc"), cidrBlock: "10.0.1.0/24", availabilityZone: "us-east-1b" }),
  },
  gateway: {
    type: "aws:ec2/internetGateway:InternetGateway",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc") }),
    update: () => ({ tags: { Name: "gateway" } }),
    replace: () => ({ region: "us-west-2" }),
  },
  address: {
    type: "aws:ec2/eip:Eip",
    inputs: () => ({ domain: "vpc" }),
    update: () => ({ tags: { Name: "nat" } }),
    replace: () => ({ publicIpv4Pool: "mine" }),
  },
  nat: {
    type: "aws:ec2/natGateway:NatGateway",
    needs: ["vpc", "subnet", "gateway", "address"],
    inputs: (ref) => ({ subnetId: ref("subnet"), allocationId: ref("address") }),
    update: () => ({ tags: { Name: "nat" } }),
    replace: (ref) => ({ subnetId: `${ref("subnet")}0` }),
  },
  table: {
    type: "aws:ec2/routeTable:RouteTable",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc") }),
    update: () => ({ tags: { Name: "public" } }),
    replace: () => ({ vpcId: "vpc-0" }),
  },
  "gateway-endpoint": {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    needs: ["vpc", "table"],
    inputs: (ref) => ({
      vpcId: ref("vpc"),
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: [ref("table")],
    }),
    update: () => ({ routeTableIds: [] }),
    replace: () => ({ serviceName: "com.amazonaws.us-east-1.dynamodb" }),
  },
  "interface-endpoint": {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    needs: ["vpc", "subnet", "subnet-b", "group"],
    inputs: (ref) => ({
      vpcId: ref("vpc"),
      serviceName: "com.amazonaws.us-east-1.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [ref("subnet"), ref("subnet-b")],
      securityGroupIds: [ref("group")],
    }),
    update: (ref) => ({ subnetIds: [ref("subnet")] }),
    replace: () => ({ vpcEndpointType: "Gateway" }),
  },
  route: {
    type: "aws:ec2/route:Route",
    needs: ["vpc", "gateway", "table"],
    inputs: (ref) => ({
      routeTableId: ref("table"),
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: ref("gateway"),
    }),
    replace: () => ({ destinationCidrBlock: "10.9.0.0/16" }),
  },
  association: {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    needs: ["vpc", "subnet", "table"],
    inputs: (ref) => ({ routeTableId: ref("table"), subnetId: ref("subnet") }),
    replace: () => ({ subnetId: "subnet-0" }),
  },
  group: {
    type: "aws:ec2/securityGroup:SecurityGroup",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc"), name: "db", description: "database" }),
    update: () => ({ tags: { Name: "db" } }),
    replace: () => ({ description: "other" }),
  },
  ingress: {
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    needs: ["vpc", "group"],
    inputs: (ref) => ({
      securityGroupId: ref("group"),
      cidrIpv4: "10.0.0.0/16",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
    }),
    update: () => ({ toPort: 5433 }),
    replace: () => ({ securityGroupId: "sg-0" }),
  },
  egress: {
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    needs: ["vpc", "group"],
    inputs: (ref) => ({ securityGroupId: ref("group"), cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }),
    update: () => ({ description: "all" }),
    replace: () => ({ securityGroupId: "sg-0" }),
  },
  "default-group": {
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    needs: ["vpc"],
    inputs: (ref) => ({ vpcId: ref("vpc") }),
    update: () => ({ tags: { Name: "closed" } }),
    replace: () => ({ vpcId: "vpc-0" }),
  },
  logs: {
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: () => ({ name: "/flow/main", retentionInDays: 30 }),
    update: () => ({ retentionInDays: 90 }),
    replace: () => ({ name: "/flow/other" }),
  },
  "flow-log": {
    type: "aws:ec2/flowLog:FlowLog",
    needs: ["vpc", "logs", "role"],
    inputs: (ref) => ({
      vpcId: ref("vpc"),
      trafficType: "ALL",
      logDestination: ref("logs", "arn"),
      iamRoleArn: ref("role", "arn"),
    }),
    update: () => ({ tags: { Name: "flows" } }),
    replace: () => ({ trafficType: "REJECT" }),
  },
  role: {
    type: "aws:iam/role:Role",
    inputs: () => ({ name: "worker", assumeRolePolicy: trust }),
    update: () => ({ maxSessionDuration: 7200 }),
    replace: () => ({ name: "other" }),
  },
  policy: {
    type: "aws:iam/policy:Policy",
    inputs: () => ({ name: "read", policy: allowAll }),
    update: () => ({ policy: allowAll.replace("s3:*", "s3:GetObject") }),
    replace: () => ({ path: "/team/" }),
  },
  "pipeline-role": {
    type: "aws:iam/role:Role",
    needs: ["policy", "oidc"],
    inputs: (ref) => ({
      name: "pipeline",
      permissionsBoundary: ref("policy", "arn"),
      assumeRolePolicy: pipelineTrust,
      maxSessionDuration: 7200,
    }),
    update: () => ({ maxSessionDuration: 3600 }),
  },
  "role-policy": {
    type: "aws:iam/rolePolicy:RolePolicy",
    needs: ["role"],
    inputs: (ref) => ({ role: ref("role"), name: "inline", policy: allowAll }),
    update: () => ({ policy: allowAll.replace("s3:*", "s3:GetObject") }),
    replace: () => ({ name: "other" }),
  },
  attachment: {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    needs: ["role", "policy"],
    inputs: (ref) => ({ role: ref("role"), policyArn: ref("policy", "arn") }),
    replace: () => ({ policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" }),
  },
  profile: {
    type: "aws:iam/instanceProfile:InstanceProfile",
    needs: ["role"],
    inputs: (ref) => ({ name: "nodes", role: ref("role") }),
    update: () => ({ tags: { Name: "nodes" } }),
    replace: () => ({ name: "other" }),
  },
  oidc: {
    type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    inputs: () => ({ url: "https://token.example.com", clientIdLists: ["sts.amazonaws.com"] }),
    update: () => ({ clientIdLists: ["other"] }),
    replace: () => ({ url: "https://other.example.com" }),
  },
  key: {
    type: "aws:kms/key:Key",
    inputs: () => ({ description: "data", deletionWindowInDays: 7 }),
    update: () => ({ enableKeyRotation: true }),
    replace: () => ({ keyUsage: "SIGN_VERIFY" }),
  },
  "key-policy": {
    type: "aws:kms/keyPolicy:KeyPolicy",
    needs: ["key"],
    inputs: (ref) => ({ keyId: ref("key"), policy: keyPolicy }),
    update: () => ({ policy: keyPolicy.replace("kms:*", "kms:Put*") }),
    replace: () => ({ keyId: "0" }),
  },
  "encrypted-logs": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    needs: ["key", "key-policy"],
    inputs: (ref) => ({ name: "/shop/main", kmsKeyId: ref("key", "arn") }),
    update: () => ({ retentionInDays: 90 }),
    replace: () => ({ name: "/shop/other" }),
  },
  "key-alias": {
    type: "aws:kms/alias:Alias",
    needs: ["key"],
    inputs: (ref) => ({ name: "alias/data", targetKeyId: ref("key") }),
    replace: () => ({ name: "alias/other" }),
  },
  secret: {
    type: "aws:secretsmanager/secret:Secret",
    inputs: () => ({ name: "token" }),
    update: () => ({ description: "a token" }),
    replace: () => ({ name: "other" }),
  },
  "db-subnets": {
    type: "aws:rds/subnetGroup:SubnetGroup",
    needs: subnetsOfTwoZones,
    inputs: (ref) => ({ name: "data", subnetIds: [ref("subnet"), ref("subnet-b")] }),
    update: () => ({ description: "of the database" }),
    replace: () => ({ name: "other" }),
  },
  parameters: {
    type: "aws:rds/parameterGroup:ParameterGroup",
    inputs: () => ({
      name: "pg17",
      family: "postgres17",
      parameters: [{ name: "log_statement", value: "ddl" }],
    }),
    update: () => ({ parameters: [{ name: "log_statement", value: "all" }] }),
    replace: () => ({ family: "postgres16" }),
  },
  database: {
    type: "aws:rds/instance:Instance",
    needs: [...subnetsOfTwoZones, "db-subnets", "group", "parameters"],
    inputs: (ref) => ({
      identifier: "orders",
      engine: "postgres",
      engineVersion: "17",
      instanceClass: "db.t4g.medium",
      allocatedStorage: 20,
      username: "orders",
      manageMasterUserPassword: true,
      storageEncrypted: true,
      skipFinalSnapshot: true,
      dbSubnetGroupName: ref("db-subnets"),
      vpcSecurityGroupIds: [ref("group")],
      parameterGroupName: ref("parameters"),
    }),
    update: () => ({ allocatedStorage: 40 }),
    replace: () => ({ storageEncrypted: false }),
  },
  cluster: {
    type: "aws:eks/cluster:Cluster",
    needs: [...subnetsOfTwoZones, "role"],
    inputs: (ref) => ({
      name: "main",
      roleArn: ref("role", "arn"),
      version: "1.33",
      accessConfig: { authenticationMode: "API" },
      vpcConfig: { subnetIds: [ref("subnet"), ref("subnet-b")] },
    }),
    update: () => ({ version: "1.34" }),
    replace: () => ({ name: "other" }),
  },
  nodes: {
    type: "aws:eks/nodeGroup:NodeGroup",
    needs: [...subnetsOfTwoZones, "role", "cluster"],
    inputs: (ref) => ({
      clusterName: ref("cluster"),
      nodeGroupName: "main",
      nodeRoleArn: ref("role", "arn"),
      subnetIds: [ref("subnet"), ref("subnet-b")],
      scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
    }),
    update: () => ({ scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 4 } }),
    replace: () => ({ instanceTypes: ["m7g.large"] }),
  },
  addon: {
    type: "aws:eks/addon:Addon",
    needs: [...subnetsOfTwoZones, "role", "cluster"],
    inputs: (ref) => ({ clusterName: ref("cluster"), addonName: "vpc-cni" }),
    update: () => ({ resolveConflictsOnUpdate: "OVERWRITE" }),
    replace: () => ({ addonName: "coredns" }),
  },
  entry: {
    type: "aws:eks/accessEntry:AccessEntry",
    needs: [...subnetsOfTwoZones, "role", "cluster"],
    inputs: (ref) => ({ clusterName: ref("cluster"), principalArn: ref("role", "arn") }),
    update: () => ({ kubernetesGroups: ["viewers"] }),
    replace: () => ({ type: "EC2_LINUX" }),
  },
  "entry-policy": {
    type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    needs: [...subnetsOfTwoZones, "role", "cluster", "entry"],
    inputs: (ref) => ({
      clusterName: ref("cluster"),
      principalArn: ref("role", "arn"),
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    }),
    replace: () => ({ accessScope: { type: "namespace", namespaces: ["apps"] } }),
  },
  identity: {
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    needs: [...subnetsOfTwoZones, "role", "cluster"],
    inputs: (ref) => ({
      clusterName: ref("cluster"),
      namespace: "apps",
      serviceAccount: "api",
      roleArn: ref("role", "arn"),
    }),
    update: () => ({ disableSessionTags: true }),
    replace: () => ({ serviceAccount: "other" }),
  },
  template: {
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    inputs: () => ({
      name: "nodes",
      instanceType: "m7g.large",
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3", encrypted: "true" } }],
    }),
    update: () => ({ instanceType: "m7g.xlarge" }),
    replace: () => ({ name: "other" }),
  },
  "templated-nodes": {
    type: "aws:eks/nodeGroup:NodeGroup",
    needs: [...subnetsOfTwoZones, "role", "cluster", "template"],
    inputs: (ref) => ({
      clusterName: ref("cluster"),
      nodeGroupName: "templated",
      nodeRoleArn: ref("role", "arn"),
      subnetIds: [ref("subnet"), ref("subnet-b")],
      amiType: "AL2023_ARM_64_STANDARD",
      launchTemplate: { id: ref("template"), version: "1" },
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 2 },
    }),
    update: () => ({ labels: { pool: "system" } }),
    replace: () => ({ launchTemplate: { id: "lt-0", version: "1" } }),
  },
  queue: {
    type: "aws:sqs/queue:Queue",
    inputs: () => ({ name: "interruptions", messageRetentionSeconds: 300, sqsManagedSseEnabled: true }),
    update: () => ({ visibilityTimeoutSeconds: 60 }),
    replace: () => ({ name: "other" }),
  },
  "queue-policy": {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    needs: ["queue"],
    inputs: (ref) => ({ queueUrl: ref("queue"), policy: allowAll }),
    update: () => ({ policy: allowAll.replace("s3:*", "sqs:SendMessage") }),
    replace: () => ({ queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/other" }),
  },
  "event-rule": {
    type: "aws:cloudwatch/eventRule:EventRule",
    inputs: () => ({ name: "spot", eventPattern: JSON.stringify({ source: ["aws.ec2"] }) }),
    update: () => ({ eventPattern: JSON.stringify({ source: ["aws.health"] }) }),
    replace: () => ({ name: "other" }),
  },
  "event-target": {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    needs: ["event-rule", "queue"],
    inputs: (ref) => ({ rule: ref("event-rule"), targetId: "queue", arn: ref("queue", "arn") }),
    update: () => ({ inputPath: "$.detail" }),
    replace: () => ({ targetId: "other" }),
  },
};

const gcp: Readonly<Record<string, ModelCase>> = {
  network: {
    type: "gcp:compute/network:Network",
    inputs: () => ({ name: "main", autoCreateSubnetworks: false }),
    update: () => ({ routingMode: "GLOBAL" }),
    replace: () => ({ mtu: 1500 }),
  },
  subnetwork: {
    type: "gcp:compute/subnetwork:Subnetwork",
    needs: ["network"],
    inputs: (ref) => ({
      name: "private",
      network: ref("network"),
      ipCidrRange: "10.0.0.0/20",
      secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.4.0.0/14" }],
    }),
    update: () => ({ ipCidrRange: "10.0.0.0/19" }),
    replace: () => ({ ipCidrRange: "10.0.0.0/21" }),
  },
  router: {
    type: "gcp:compute/router:Router",
    needs: ["network"],
    inputs: (ref) => ({ name: "main", network: ref("network") }),
    update: () => ({ description: "of the network" }),
    replace: () => ({ name: "other" }),
  },
  "router-nat": {
    type: "gcp:compute/routerNat:RouterNat",
    needs: ["network", "router"],
    inputs: (ref) => ({
      name: "main",
      router: ref("router", "name"),
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    }),
    update: () => ({ minPortsPerVm: 128 }),
    replace: () => ({ name: "other" }),
  },
  "log-bucket": {
    type: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    inputs: () => ({ project: "a-project", location: "us-central1", bucketId: "flows", retentionDays: 30 }),
    update: () => ({ retentionDays: 90 }),
    replace: () => ({ bucketId: "other" }),
  },
  "log-sink": {
    type: "gcp:logging/projectSink:ProjectSink",
    needs: ["log-bucket"],
    inputs: (ref) => ({
      name: "flows",
      destination: `logging.googleapis.com/${ref("log-bucket")}`,
      filter: 'log_id("compute.googleapis.com/vpc_flows")',
      uniqueWriterIdentity: true,
    }),
    update: () => ({ filter: "severity>=ERROR" }),
    replace: () => ({ name: "other" }),
  },
  firewall: {
    type: "gcp:compute/firewall:Firewall",
    needs: ["network"],
    inputs: (ref) => ({
      name: "ssh",
      network: ref("network"),
      allows: [{ protocol: "tcp", ports: ["22"] }],
      sourceRanges: ["10.0.0.0/8"],
    }),
    update: () => ({ priority: 900 }),
    replace: () => ({ direction: "EGRESS" }),
  },
  "gcp-address": {
    type: "gcp:compute/address:Address",
    inputs: () => ({ name: "nat" }),
    update: () => ({ labels: { owner: "me" } }),
    replace: () => ({ addressType: "INTERNAL" }),
  },
};

const kubernetes: Readonly<Record<string, ModelCase>> = {
  namespace: {
    type: "kubernetes:core/v1:Namespace",
    inputs: () => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } }),
    update: () => ({ metadata: { name: "apps", labels: { team: "a" } } }),
    replace: () => ({ metadata: { name: "other" } }),
  },
  config: {
    type: "kubernetes:core/v1:ConfigMap",
    needs: ["namespace"],
    inputs: () => ({ apiVersion: "v1", kind: "ConfigMap", ...inNamespace, data: { host: "a" } }),
    update: () => ({ metadata: { ...inNamespace.metadata, labels: { app: "b" } } }),
    replace: () => ({ data: { host: "b" } }),
  },
  "kubernetes-secret": {
    type: "kubernetes:core/v1:Secret",
    needs: ["namespace"],
    inputs: () => ({ apiVersion: "v1", kind: "Secret", ...inNamespace, stringData: { token: "a" } }),
    update: () => ({ metadata: { ...inNamespace.metadata, labels: { app: "b" } } }),
    replace: () => ({ type: "kubernetes.io/tls" }),
  },
  "service-account": {
    type: "kubernetes:core/v1:ServiceAccount",
    needs: ["namespace"],
    inputs: () => ({ apiVersion: "v1", kind: "ServiceAccount", ...inNamespace }),
    update: () => ({ automountServiceAccountToken: false }),
    replace: () => ({ metadata: { name: "other", namespace: "apps" } }),
  },
  service: {
    type: "kubernetes:core/v1:Service",
    needs: ["namespace"],
    inputs: () => ({ apiVersion: "v1", kind: "Service", ...inNamespace, spec: { ports: [{ port: 80 }] } }),
    update: () => ({ spec: { ports: [{ port: 81 }] } }),
    replace: () => ({ spec: { clusterIP: "172.20.0.9", ports: [{ port: 80 }] } }),
  },
  deployment: {
    type: "kubernetes:apps/v1:Deployment",
    needs: ["namespace"],
    inputs: () => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      ...inNamespace,
      spec: { replicas: 1, selector: { matchLabels: { app: "a" } } },
    }),
    update: () => ({ spec: { replicas: 2, selector: { matchLabels: { app: "a" } } } }),
    replace: () => ({ spec: { replicas: 1, selector: { matchLabels: { app: "b" } } } }),
  },
  stateful: {
    type: "kubernetes:apps/v1:StatefulSet",
    needs: ["namespace"],
    inputs: () => ({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      ...inNamespace,
      spec: { replicas: 1, serviceName: "a" },
    }),
    update: () => ({ spec: { replicas: 2, serviceName: "a" } }),
    replace: () => ({ spec: { replicas: 1, serviceName: "b" } }),
  },
  job: {
    type: "kubernetes:batch/v1:Job",
    needs: ["namespace"],
    inputs: () => ({
      apiVersion: "batch/v1",
      kind: "Job",
      ...inNamespace,
      spec: { suspend: true, template: { spec: { nodeName: "a" } } },
    }),
    update: () => ({ spec: { suspend: false, template: { spec: { nodeName: "a" } } } }),
    replace: () => ({ spec: { suspend: true, template: { spec: { nodeName: "b" } } } }),
  },
  release: {
    type: "kubernetes:helm.sh/v3:Release",
    needs: ["namespace"],
    inputs: () => ({
      chart: "argo-cd",
      name: "argocd",
      namespace: "apps",
      version: "8.0.0",
      values: { replicas: 1 },
    }),
    update: () => ({ version: "8.1.0" }),
    replace: () => ({ name: "other" }),
  },
  "storage-class": {
    type: "kubernetes:storage.k8s.io/v1:StorageClass",
    inputs: () => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "gp3" },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3" },
    }),
    update: () => ({ allowVolumeExpansion: true }),
    replace: () => ({ parameters: { type: "gp2" } }),
  },
  "karpenter-definitions": {
    type: "kubernetes:helm.sh/v3:Release",
    inputs: () => ({
      chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
      name: "karpenter-crd",
      namespace: "kube-system",
      version: "1.15.0",
    }),
  },
  "node-class": {
    type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    needs: ["karpenter-definitions"],
    inputs: () => ({
      apiVersion: "karpenter.k8s.aws/v1",
      kind: "EC2NodeClass",
      metadata: { name: "default" },
      spec: nodeClassSpec,
    }),
    update: () => ({ spec: { ...nodeClassSpec, role: "others" } }),
    replace: () => ({ metadata: { name: "other" } }),
  },
  "node-pool": {
    type: "kubernetes:karpenter.sh/v1:NodePool",
    needs: ["karpenter-definitions", "node-class"],
    inputs: () => ({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "spot-arm64" },
      spec: nodePoolSpec,
    }),
    update: () => ({ spec: { ...nodePoolSpec, weight: 20 } }),
    replace: () => ({ metadata: { name: "other" } }),
  },
  application: {
    type: "kubernetes:argoproj.io/v1alpha1:Application",
    needs: ["namespace", "release"],
    inputs: () => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      ...inNamespace,
      spec: { project: "default" },
    }),
    update: () => ({ spec: { project: "other" } }),
    replace: () => ({ metadata: { name: "other", namespace: "apps" } }),
  },
};

export const modelCases: Readonly<Record<string, Readonly<Record<string, ModelCase>>>> = {
  aws,
  gcp,
  kubernetes,
};
