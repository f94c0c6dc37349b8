/** Facts of the AWS documentation that names, tags and networks keep to. Data: each with its source and date. */
import type { NameRules } from "../../src/values/names.ts";

/** Longest names, as of 2026-11-21. All of them take lowercase letters, digits and hyphens. */
export const awsNames = {
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  iamRole: { maxLength: 64 },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
  iamPolicy: { maxLength: 128 },
  // Without "alias/": https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
  keyAlias: { maxLength: 250 },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  logGroup: { maxLength: 512 },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  securityGroup: { maxLength: 255 },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
  databaseInstance: { maxLength: 63 },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
  databaseSnapshot: { maxLength: 255 },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
  databaseSubnetGroup: { maxLength: 255 },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
  databaseParameterGroup: { maxLength: 255 },
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
  cluster: { maxLength: 100 },
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
  nodeGroup: { maxLength: 63 },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
  launchTemplate: { maxLength: 128 },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  queue: { maxLength: 80 },
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  eventRule: { maxLength: 64 },
  // The Name tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
  nameTag: { maxLength: 256 },
} as const satisfies Readonly<Record<string, NameRules>>;

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html, as of 2026-11-21. */
export const tagLimits = {
  perResource: 50,
  keyLength: 128,
  valueLength: 256,
  characters: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  reservedPrefix: /^aws:/i,
  keyAllowed: "1 to 128 letters, digits, spaces and _ . : / = + - @",
  valueAllowed: "at most 256 letters, digits, spaces and _ . : / = + - @",
} as const;

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, as of 2026-11-21. */
export const networkLimits = { smallestPrefix: 16, largestPrefix: 28, subnetLargestPrefix: 28 } as const;

/**
 * Availability zones by their ids, which mean the same place in every account; letters do not. Zones that cannot
 * host an EKS cluster (use1-az3, usw1-az2, cac1-az3) are left out. New zones are added at the end of a list, since
 * the place in the list decides the addresses of a zone's subnets.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html and
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html, as of 2026-11-21.
 */
export const zonesByRegion: Readonly<Record<string, readonly string[]>> = {
  "us-east-1": ["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"],
  "us-east-2": ["use2-az1", "use2-az2", "use2-az3"],
  "us-west-1": ["usw1-az1", "usw1-az3"],
  "us-west-2": ["usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"],
  "ca-central-1": ["cac1-az1", "cac1-az2", "cac1-az4"],
  "ca-west-1": ["caw1-az1", "caw1-az2", "caw1-az3"],
  "mx-central-1": ["mxc1-az1", "mxc1-az2", "mxc1-az3"],
  "sa-east-1": ["sae1-az1", "sae1-az2", "sae1-az3"],
  "eu-central-1": ["euc1-az1", "euc1-az2", "euc1-az3"],
  "eu-central-2": ["euc2-az1", "euc2-az2", "euc2-az3"],
  "eu-north-1": ["eun1-az1", "eun1-az2", "eun1-az3"],
  "eu-south-1": ["eus1-az1", "eus1-az2", "eus1-az3"],
  "eu-south-2": ["eus2-az1", "eus2-az2", "eus2-az3"],
  "eu-west-1": ["euw1-az1", "euw1-az2", "euw1-az3"],
  "eu-west-2": ["euw2-az1", "euw2-az2", "euw2-az3"],
  "eu-west-3": ["euw3-az1", "euw3-az2", "euw3-az3"],
  "af-south-1": ["afs1-az1", "afs1-az2", "afs1-az3"],
  "il-central-1": ["ilc1-az1", "ilc1-az2", "ilc1-az3"],
  "me-central-1": ["mec1-az1", "mec1-az2", "mec1-az3"],
  "me-south-1": ["mes1-az1", "mes1-az2", "mes1-az3"],
  "ap-east-1": ["ape1-az1", "ape1-az2", "ape1-az3"],
  "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
  "ap-northeast-2": ["apne2-az1", "apne2-az2", "apne2-az3", "apne2-az4"],
  "ap-northeast-3": ["apne3-az1", "apne3-az2", "apne3-az3"],
  "ap-south-1": ["aps1-az1", "aps1-az2", "aps1-az3"],
  "ap-south-2": ["aps2-az1", "aps2-az2", "aps2-az3"],
  "ap-southeast-1": ["apse1-az1", "apse1-az2", "apse1-az3"],
  "ap-southeast-2": ["apse2-az1", "apse2-az2", "apse2-az3"],
  "ap-southeast-3": ["apse3-az1", "apse3-az2", "apse3-az3"],
  "ap-southeast-4": ["apse4-az1", "apse4-az2", "apse4-az3"],
  "ap-southeast-5": ["apse5-az1", "apse5-az2", "apse5-az3"],
  "ap-southeast-7": ["apse7-az1", "apse7-az2", "apse7-az3"],
};
