/** How the simulated clouds are asked where their own limits are: a case of the contract, with one value laid over it. */
import type { Properties } from "../../src/values/value.ts";
import type { Ref } from "./simulator-cases.ts";

export interface Probe {
  /** Of {@link modelCases}; what it needs is made first. */
  readonly of: string;
  readonly inputs: (value: never, ref: Ref) => Properties;
  /** Instead of the limit's own bounds and the values next to them. */
  readonly values?: { readonly good: readonly unknown[]; readonly bad: readonly unknown[] };
}

const name = (of: string, input = "name"): Probe => ({
  of,
  inputs: (length: number) => ({ [input]: "x".repeat(length) }),
});
const tags = (make: (value: number) => Properties): Probe => ({
  of: "vpc",
  inputs: (value: number) => ({ tags: make(value) }),
});
const policyOf = (length: number): string => {
  const statement = (padding: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:*", Resource: `arn:aws:s3:::${padding}` }],
    });
  return statement("x".repeat(length - statement("").length));
};
/** Storage with IOPS and throughput of its own. */
const striped = { storageType: "gp3", allocatedStorage: 400, iops: 16_000 };

/** By the ids of the limits. */
export const probes: Readonly<Record<string, Probe>> = {
  "aws.networkPrefix": { of: "vpc", inputs: (prefix: number) => ({ cidrBlock: `10.0.0.0/${prefix}` }) },
  "aws.tagKeyLength": tags((length) => ({ ["k".repeat(length)]: "value" })),
  "aws.tagValueLength": tags((length) => ({ key: "v".repeat(length) })),
  "aws.tagsPerResource": tags((count) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"])),
  ),
  "aws.tagReservedPrefix": {
    of: "vpc",
    inputs: (key: string) => ({ tags: { [key]: "value" } }),
    values: { good: ["team:aws:owner"], bad: ["aws:owner", "AWS:owner"] },
  },
  "aws.tagCharacters": {
    of: "vpc",
    inputs: (key: string) => ({ tags: { [key]: "value" } }),
    values: { good: ["a b_.:/=+-@", "größe"], bad: ["a&b", "a#b"] },
  },
  "aws.zonesByRegion": {
    of: "subnet",
    inputs: (zone: string) => ({ availabilityZone: undefined, availabilityZoneId: zone }) as never,
    values: { good: ["use1-az1", "use1-az6"], bad: ["use1-az7", "use2-az1"] },
  },
  "aws.names.iamRole": name("role"),
  "aws.names.iamPolicy": name("policy"),
  "aws.names.keyAlias": {
    of: "key-alias",
    inputs: (length: number) => ({ name: `alias/${"x".repeat(length)}` }),
  },
  "aws.names.logGroup": name("logs"),
  "aws.names.securityGroup": name("group"),
  "aws.names.databaseInstance": name("database", "identifier"),
  "aws.names.databaseSubnetGroup": name("db-subnets"),
  "aws.names.databaseParameterGroup": name("parameters"),
  "aws.names.cluster": name("cluster"),
  "aws.names.nodeGroup": name("nodes", "nodeGroupName"),
  "aws.names.launchTemplate": name("template"),
  "aws.names.queue": name("queue"),
  "aws.names.eventRule": name("event-rule"),
  "aws.network.gatewayEndpointServices": {
    of: "gateway-endpoint",
    inputs: (service: string) => ({ serviceName: `com.amazonaws.us-east-1.${service}` }),
  },
  "aws.network.interfaceEndpointServices": {
    of: "interface-endpoint",
    inputs: (service: string) => ({ serviceName: `com.amazonaws.us-east-1.${service}` }),
  },
  "aws.keys.deletionWindow": { of: "key", inputs: (days: number) => ({ deletionWindowInDays: days }) },
  "aws.keys.rotationPeriod": {
    of: "key",
    inputs: (days: number) => ({ enableKeyRotation: true, rotationPeriodInDays: days }),
  },
  "aws.identity.policySize": { of: "policy", inputs: (size: number) => ({ policy: policyOf(size) }) },
  "aws.identity.sessionLength": {
    of: "role",
    inputs: (minutes: number) => ({ maxSessionDuration: minutes * 60 }),
  },
  "aws.rds.autoscalingHeadroom": {
    of: "database",
    inputs: (percent: number) => ({ allocatedStorage: 100, maxAllocatedStorage: 100 + percent }),
  },
  "aws.rds.backupRetention": {
    of: "database",
    inputs: (days: number) => ({ backupRetentionPeriod: days }),
  },
  "aws.rds.databaseMajors": {
    of: "database",
    inputs: (version: string) => ({ engineVersion: version, parameterGroupName: undefined }) as never,
    values: { good: ["14", "15", "16", "17", "18"], bad: ["9", "10", "19"] },
  },
  "aws.rds.endedMajors": {
    of: "database",
    inputs: (version: string) => ({ engineVersion: version, parameterGroupName: undefined }) as never,
    values: { good: [], bad: ["10", "11", "12", "13"] },
  },
  "aws.rds.exportedLogs": {
    of: "database",
    inputs: (log: string) => ({ enabledCloudwatchLogsExports: [log] }),
  },
  "aws.rds.insightsRetention": {
    of: "database",
    inputs: (days: number) => ({
      performanceInsightsEnabled: true,
      databaseInsightsMode: "advanced",
      performanceInsightsRetentionPeriod: days,
    }),
    values: { good: [465], bad: [434] },
  },
  "aws.rds.logRetention": { of: "logs", inputs: (days: number) => ({ retentionInDays: days }) },
  "aws.rds.reservedUsers": {
    of: "database",
    inputs: (username: string) => ({ username }),
    values: { good: ["orders"], bad: ["admin", "rdsadmin", "rdsproxyadmin", "public", "none"] },
  },
  "aws.rds.reservedUserPrefixes": {
    of: "database",
    inputs: (username: string) => ({ username }),
    values: { good: ["orders_rds"], bad: ["pg_x", "rds_x", "rdsreplx"] },
  },
  "aws.rds.reservedDatabases": {
    of: "database",
    inputs: (dbName: string) => ({ dbName }),
    values: { good: ["orders"], bad: ["postgres", "template0", "template1", "rdsadmin"] },
  },
  "aws.rds.retiredFamilies": {
    of: "database",
    inputs: (family: string) => ({ instanceClass: `db.${family}.large` }),
    values: { good: ["m7g", "t4g"], bad: ["m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2"] },
  },
  "aws.rds.storageIops": {
    of: "database",
    inputs: (iops: number) => ({ ...striped, allocatedStorage: 1000, iops }),
  },
  "aws.rds.storageSize": {
    of: "database",
    inputs: (size: number) => ({ storageType: "gp3", allocatedStorage: size }),
  },
  "aws.rds.storageThroughput": {
    of: "database",
    inputs: (rate: number) => ({ ...striped, allocatedStorage: 1000, iops: 64_000, storageThroughput: rate }),
  },
  "aws.rds.stripedStorage": {
    of: "database",
    inputs: (size: number) => ({ ...striped, allocatedStorage: size, iops: 12_000 }),
  },
  "aws.rds.throughputPerIops": {
    of: "database",
    inputs: (ratio: number) => ({ ...striped, storageThroughput: 16_000 * ratio }),
    values: { good: [0.125, 0.25], bad: [0.2501] },
  },
  "aws.rds.windowLength": {
    of: "database",
    inputs: (minutes: number) => ({
      backupWindow: `03:00-03:${minutes}`,
      maintenanceWindow: "sun:05:00-sun:06:00",
    }),
  },
  "aws.eks.nodesPerGroup": {
    of: "nodes",
    inputs: (count: number) => ({ scalingConfig: { minSize: 1, desiredSize: 1, maxSize: count } }),
  },
  "aws.eks.publicAccessRanges": {
    of: "cluster",
    inputs: (count: number, ref) => ({
      vpcConfig: {
        subnetIds: [ref("subnet"), ref("subnet-b")],
        publicAccessCidrs: Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`),
      },
    }),
  },
  "aws.eks.servicePrefix": {
    of: "cluster",
    inputs: (prefix: number) => ({ kubernetesNetworkConfig: { serviceIpv4Cidr: `172.16.0.0/${prefix}` } }),
  },
  "aws.eks.serviceRanges": {
    of: "cluster",
    inputs: (range: string) => ({ kubernetesNetworkConfig: { serviceIpv4Cidr: range } }),
    values: {
      good: ["10.100.0.0/16", "172.20.0.0/16", "192.168.0.0/16"],
      bad: ["100.64.0.0/16", "11.0.0.0/16"],
    },
  },
  "aws.eks.addonVersions": {
    of: "addon",
    inputs: (version: string) => ({ addonName: "vpc-cni", addonVersion: version }),
    values: { good: ["v1.21.1-eksbuild.3"], bad: ["v0.1.0-eksbuild.1"] },
  },
  "aws.instances.instanceFamilies": {
    of: "nodes",
    inputs: (family: string) => ({
      instanceTypes: [`${family}.xlarge`],
      amiType: /\dg/.test(family) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
    }),
    values: { good: ["m7g", "c7i", "r8g", "t3"], bad: ["m77g"] },
  },
  "aws.instances.retiredFamilies": {
    of: "nodes",
    inputs: (family: string) => ({ instanceTypes: [`${family}.large`] }),
    values: { good: [], bad: ["t1", "m1", "c3", "g2"] },
  },
  "gcp.networkPrefix": {
    of: "subnetwork",
    inputs: (prefix: number) => ({ ipCidrRange: `10.0.0.0/${prefix}`, secondaryIpRanges: [] }),
  },
  "gcp.names.compute": name("network"),
  "gcp.labelLength": {
    of: "gcp-address",
    inputs: (length: number) => ({ labels: { key: "v".repeat(length) } }),
  },
  "gcp.labelsPerResource": {
    of: "gcp-address",
    inputs: (count: number) => ({
      labels: Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"])),
    }),
  },
  "kubernetes.labelLength": {
    of: "config",
    inputs: (length: number) => ({
      metadata: { name: "thing", namespace: "apps", labels: { app: "a".repeat(length) } },
    }),
  },
  "kubernetes.names.namespace": {
    of: "namespace",
    inputs: (length: number) => ({ metadata: { name: "n".repeat(length) } }),
  },
  "kubernetes.names.release": name("release"),
  "kubernetes.names.configMap": {
    of: "config",
    inputs: (length: number) => ({ metadata: { name: "c".repeat(length), namespace: "apps" } }),
  },
};

/** Limits that no call of the simulated clouds runs into, with the reason. */
export const notAsked: Readonly<Record<string, string>> = {
  "aws.names.databaseSnapshot": "final snapshots are not simulated",
  "aws.names.nameTag": "the length of a tag's value, asked above",
  "aws.network.reservedPerSubnet": "addresses are not counted",
  "aws.network.loadBalancerPrefix": "load balancers are not simulated",
  "aws.network.loadBalancerAddresses": "load balancers are not simulated",
  "aws.network.defaultNetworkRange": "advice",
  "aws.network.interfaceEndpointsPerNetwork": "a quota: asked by the quota tests",
  "aws.identity.policiesPerRole": "a quota: asked by the quota tests",
  "aws.identity.managedPolicies": "any policy of AWS's own is there",
  "aws.rds.sqlWords": "the simulated RDS knows its own reserved names only",
  "aws.rds.databaseFamilies": "classes that are not retired are taken",
  "aws.rds.burstableMemory": "nothing is refused by it",
  "aws.rds.iopsPerGib": "cannot bind: 64,000 are the most, and 400 GiB the least",
  "aws.eks.clusterSubnetAddresses": "addresses are not counted",
  "aws.eks.advisedSubnetAddresses": "advice",
  "aws.eks.bridgeRange": "advice",
  "aws.eks.podBlockPrefix": "pods are not simulated",
  "aws.eks.warmPodBlocks": "pods are not simulated",
  "aws.eks.karpenterChart": "charts are not looked up",
  "gcp.reservedPerSubnet": "addresses are not counted",
  "gcp.names.logBucket": "has no model yet",
  "gcp.names.logSink": "has no model yet",
  "azure.tagsPerResource": "Azure has no models yet",
  "azure.tagKeyLength": "Azure has no models yet",
  "azure.tagValueLength": "Azure has no models yet",
  "azure.tagKeyForeign": "Azure has no models yet",
};
