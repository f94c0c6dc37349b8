/** One case table for every baseline rule: what passes, what fails and where, what cannot be said yet. */

import { encryptionAtRest } from "../../policies/baseline/encryption-at-rest.ts";
import { noOpenSecurityGroup } from "../../policies/baseline/no-open-security-group.ts";
import { noPublicDatabase } from "../../policies/baseline/no-public-database.ts";
import { requiredTags } from "../../policies/baseline/required-tags.ts";
import { supportedClusterVersion } from "../../policies/baseline/supported-cluster-version.ts";
import type { Rule } from "../../src/policy/rule.ts";
import { type Properties, secret, unknown } from "../../src/values/value.ts";

export interface PolicyCase {
  readonly rule: Rule;
  readonly type: string;
  readonly inputs: Properties;
  /** As `verdictsOf` writes them. */
  readonly expected: readonly string[];
}

const tags = {
  Environment: "staging",
  Owner: "team-payments",
  CostCenter: "CC-1042",
  Project: "payments",
  DataClass: "confidential",
};
const labels = {
  environment: "staging",
  owner: "team-payments",
  costcenter: "cc-1042",
  project: "payments",
  dataclass: "confidential",
};
const allows = [{ protocol: "tcp", ports: ["443"] }];

const casesOf = (
  rule: Rule,
  type: string,
  ...cases: readonly [inputs: Properties, ...expected: string[]][]
): PolicyCase[] => cases.map(([inputs, ...expected]) => ({ rule, type, inputs, expected }));

export const policyCases: readonly PolicyCase[] = [
  ...casesOf(
    requiredTags,
    "aws:ec2/vpc:Vpc",
    [{ tags }, "pass"],
    [{ tags: { ...tags, "terrane:stack": "x" } }, "pass"],
    [{ tags: { ...tags, Owner: secret } }, "pass"],
    [
      {},
      "fail tags.Environment",
      "fail tags.Owner",
      "fail tags.CostCenter",
      "fail tags.Project",
      "fail tags.DataClass",
    ],
    [
      { tags: { ...tags, Owner: "  ", CostCenter: "TODO", Project: "" } },
      "fail tags.Owner",
      "fail tags.CostCenter",
      "fail tags.Project",
    ],
    [{ tags: { ...tags, Environment: "prod" } }, "fail tags.Environment"],
    [{ tags: unknown }, "undetermined tags"],
    [{ tags: { ...tags, CostCenter: unknown } }, "undetermined tags.CostCenter"],
    [
      { tags: { ...labels } },
      "fail tags.Environment",
      "fail tags.Owner",
      "fail tags.CostCenter",
      "fail tags.Project",
      "fail tags.DataClass",
    ],
  ),
  ...casesOf(
    requiredTags,
    "gcp:compute/address:Address",
    [{ labels }, "pass"],
    [{ labels: { ...labels, costcenter: null } }, "fail labels.costcenter"],
    [{ labels: unknown }, "undetermined labels"],
  ),
  ...casesOf(
    requiredTags,
    "gcp:sql/databaseInstance:DatabaseInstance",
    [{ settings: { userLabels: labels } }, "pass"],
    [{ settings: unknown }, "undetermined settings"],
  ),
  ...casesOf(requiredTags, "gcp:container/cluster:Cluster", [{ resourceLabels: labels }, "pass"]),
  ...casesOf(requiredTags, "azure-native:network:VirtualNetwork", [{ tags }, "pass"]),

  ...casesOf(
    noPublicDatabase,
    "aws:rds/instance:Instance",
    [{ publiclyAccessible: false }, "pass"],
    [{}, "pass"],
    [{ publiclyAccessible: true }, "fail publiclyAccessible"],
    [{ publiclyAccessible: unknown }, "undetermined publiclyAccessible"],
    [{ publiclyAccessible: secret }, "fail publiclyAccessible"],
  ),
  ...casesOf(
    noPublicDatabase,
    "gcp:sql/databaseInstance:DatabaseInstance",
    [{ settings: { ipConfiguration: { ipv4Enabled: false, privateNetwork: unknown } } }, "pass"],
    [{ settings: {} }, "fail settings.ipConfiguration.ipv4Enabled"],
    [{ settings: { ipConfiguration: unknown } }, "undetermined settings.ipConfiguration"],
  ),
  ...casesOf(
    noPublicDatabase,
    "gcp:alloydb/instance:Instance",
    [{}, "pass"],
    [{ networkConfig: { enablePublicIp: true } }, "fail networkConfig.enablePublicIp"],
  ),
  ...casesOf(
    noPublicDatabase,
    "azure-native:dbforpostgresql:Server",
    [{ network: { delegatedSubnetResourceId: "/subnets/a" } }, "pass"],
    [{ network: { publicNetworkAccess: "Disabled" } }, "pass"],
    [{}, "fail network.publicNetworkAccess"],
    [{ network: { delegatedSubnetResourceId: unknown } }, "undetermined network.delegatedSubnetResourceId"],
  ),
  ...casesOf(
    noPublicDatabase,
    "azure-native:sql:Server",
    [{ publicNetworkAccess: "Disabled" }, "pass"],
    [{ publicNetworkAccess: "Enabled" }, "fail publicNetworkAccess"],
  ),

  ...casesOf(
    noOpenSecurityGroup,
    "aws:ec2/securityGroup:SecurityGroup",
    [{}, "pass"],
    [{ egress: [{ cidrBlocks: ["0.0.0.0/0"] }] }, "pass"],
    [{ ingress: [{ cidrBlocks: ["10.0.0.0/8"] }, { securityGroups: [unknown] }] }, "pass"],
    [{ ingress: [{ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }] }, "fail ingress[0].cidrBlocks[1]"],
    [{ ingress: [{ ipv6CidrBlocks: ["::/0"] }] }, "fail ingress[0].ipv6CidrBlocks[0]"],
    [{ ingress: [{ ipv6CidrBlocks: ["0:0:0:0:0:0:0:0/0"] }] }, "fail ingress[0].ipv6CidrBlocks[0]"],
    [
      { ingress: [{ cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }] },
      "fail ingress[0].cidrBlocks[0]",
      "fail ingress[0].cidrBlocks[1]",
    ],
    [{ ingress: [{ cidrBlocks: unknown }] }, "undetermined ingress[0].cidrBlocks"],
    [
      { ingress: [{ cidrBlocks: [unknown] }, { cidrBlocks: ["0.0.0.0/0"] }] },
      "undetermined ingress[0].cidrBlocks[0]",
      "fail ingress[1].cidrBlocks[0]",
    ],
    [{ ingress: unknown }, "undetermined ingress"],
  ),
  ...casesOf(noOpenSecurityGroup, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", [{}, "pass"]),
  ...casesOf(
    noOpenSecurityGroup,
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    [{ type: "ingress", cidrBlocks: ["0.0.0.0/0"] }, "fail cidrBlocks[0]"],
    [{ type: "egress", cidrBlocks: ["0.0.0.0/0"] }, "pass"],
    [{ type: "egress", cidrBlocks: unknown }, "pass"],
    [{ type: unknown, cidrBlocks: ["10.0.0.0/8"] }, "pass"],
    [{ type: unknown, cidrBlocks: ["0.0.0.0/0"] }, "undetermined type"],
  ),
  ...casesOf(
    noOpenSecurityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    [{ referencedSecurityGroupId: unknown, ipProtocol: "tcp" }, "pass"],
    [{ cidrIpv4: "0.0.0.0/0" }, "fail cidrIpv4"],
    [{ cidrIpv6: "::/0" }, "fail cidrIpv6"],
    [{ cidrIpv4: unknown }, "undetermined cidrIpv4"],
  ),
  ...casesOf(
    noOpenSecurityGroup,
    "gcp:compute/firewall:Firewall",
    [{ allows, sourceRanges: ["35.191.0.0/16"] }, "pass"],
    [{ allows, sourceRanges: ["0.0.0.0/0"] }, "fail sourceRanges[0]"],
    [{ allows }, "fail sourceRanges"],
    [{ allows, sourceRanges: [] }, "fail sourceRanges"],
    [{ allows, sourceTags: ["web"] }, "pass"],
    [{ allows, sourceTags: unknown }, "undetermined sourceTags"],
    [{ allows, direction: "EGRESS" }, "pass"],
    [{ allows, sourceRanges: ["0.0.0.0/0"], disabled: true }, "pass"],
    [{ denies: allows, sourceRanges: ["0.0.0.0/0"] }, "pass"],
    [{ allows, direction: unknown, sourceRanges: ["0.0.0.0/0"] }, "undetermined direction"],
  ),
  ...casesOf(
    noOpenSecurityGroup,
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
    [
      { direction: "INGRESS", action: "allow", match: { srcIpRanges: ["0.0.0.0/0"] } },
      "fail match.srcIpRanges[0]",
    ],
    [{ direction: "INGRESS", action: "deny", match: { srcIpRanges: ["0.0.0.0/0"] } }, "pass"],
  ),
  ...casesOf(
    noOpenSecurityGroup,
    "azure-native:network:SecurityRule",
    [{ direction: "Inbound", access: "Allow", sourceAddressPrefix: "*" }, "fail sourceAddressPrefix"],
    [{ direction: "Inbound", access: "Allow", sourceAddressPrefix: "VirtualNetwork" }, "pass"],
    [{ direction: "Outbound", access: "Allow", sourceAddressPrefix: "Internet" }, "pass"],
  ),
  ...casesOf(noOpenSecurityGroup, "azure-native:network:NetworkSecurityGroup", [
    { securityRules: [{ direction: "Inbound", access: "Allow", sourceAddressPrefixes: ["0.0.0.0/0"] }] },
    "fail securityRules[0].sourceAddressPrefixes[0]",
  ]),

  ...casesOf(
    encryptionAtRest,
    "aws:rds/instance:Instance",
    [{ storageEncrypted: true }, "pass"],
    [{ replicateSourceDb: unknown }, "undetermined replicateSourceDb"],
    [{ replicateSourceDb: "orders-primary" }, "pass"],
    [{}, "fail storageEncrypted"],
    [{ storageEncrypted: false }, "fail storageEncrypted"],
    [{ storageEncrypted: unknown }, "undetermined storageEncrypted"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:ebs/volume:Volume",
    [{ encrypted: true }, "pass"],
    [{}, "fail encrypted"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:efs/fileSystem:FileSystem",
    [{ encrypted: true }, "pass"],
    [{ kmsKeyId: unknown }, "fail encrypted"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:ec2/instance:Instance",
    [{ rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }, "pass"],
    [{ ebsBlockDevices: unknown }, "fail rootBlockDevice.encrypted", "undetermined ebsBlockDevices"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:ec2/launchTemplate:LaunchTemplate",
    [{}, "pass"],
    [{ blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { noDevice: "" }] }, "pass"],
    [{ blockDeviceMappings: [{ ebs: { volumeSize: 20 } }] }, "fail blockDeviceMappings[0].ebs.encrypted"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:elasticache/replicationGroup:ReplicationGroup",
    [{ engine: "valkey" }, "pass"],
    [{ engine: "redis" }, "fail atRestEncryptionEnabled"],
    [{ engine: "valkey", atRestEncryptionEnabled: false }, "fail atRestEncryptionEnabled"],
    [{ engine: unknown }, "undetermined engine"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:redshift/cluster:Cluster",
    [{}, "pass"],
    [{ encrypted: "false" }, "fail encrypted"],
  ),
  ...casesOf(
    encryptionAtRest,
    "aws:eks/cluster:Cluster",
    [{ version: "1.34" }, "pass"],
    [{}, "pass"],
    [{ version: "1.27" }, "fail encryptionConfig"],
    [
      { version: "1.27", encryptionConfig: { resources: ["secrets"], provider: { keyArn: unknown } } },
      "pass",
    ],
    [{ version: unknown }, "undetermined version"],
  ),

  ...casesOf(
    supportedClusterVersion,
    "aws:eks/cluster:Cluster",
    [{ version: "1.35" }, "pass"],
    [{}, "pass"],
    [{ version: "1.28" }, "fail version"],
    [{ version: "1.30" }, "fail version"],
    [{ version: "1.99" }, "fail version"],
    [{ version: "newest" }, "fail version"],
    [{ version: secret }, "fail version"],
    [{ version: unknown }, "undetermined version"],
  ),
  ...casesOf(supportedClusterVersion, "aws:eks/nodeGroup:NodeGroup", [{ version: "1.30" }, "fail version"]),
  ...casesOf(
    supportedClusterVersion,
    "gcp:container/cluster:Cluster",
    [{ minMasterVersion: "1.35.0-gke.3047000" }, "pass"],
    [{ minMasterVersion: "latest" }, "pass"],
    [{ minMasterVersion: "1.30" }, "fail minMasterVersion"],
  ),
];
