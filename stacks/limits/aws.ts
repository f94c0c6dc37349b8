/** Limits that names, tags and networks of AWS keep to. Data. */
import { limitsAsOf } from "./limit.ts";
import { nameLimitsAsOf } from "./name-limits.ts";

const asOf = "2026-11-21";
const limit = limitsAsOf(asOf);
const docs = "https://docs.aws.amazon.com";
const tagging = `${docs}/tag-editor/latest/userguide/best-practices-and-strats.html` as const;

/** Longest names. All of them take lowercase letters, digits and hyphens. */
export const awsNames = nameLimitsAsOf(asOf, {
  iamRole: {
    of: "an IAM role",
    maxLength: 64,
    source: `${docs}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  iamPolicy: {
    of: "an IAM policy",
    maxLength: 128,
    source: `${docs}/IAM/latest/APIReference/API_CreatePolicy.html`,
  },
  keyAlias: {
    of: "a KMS alias, without `alias/`",
    maxLength: 250,
    source: `${docs}/kms/latest/APIReference/API_CreateAlias.html`,
  },
  logGroup: {
    of: "a CloudWatch log group",
    maxLength: 512,
    source: `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  securityGroup: {
    of: "a security group",
    maxLength: 255,
    source: `${docs}/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html`,
  },
  databaseInstance: {
    of: "an RDS instance",
    maxLength: 63,
    source: `${docs}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html`,
  },
  databaseSnapshot: {
    of: "an RDS snapshot",
    maxLength: 255,
    source: `${docs}/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html`,
  },
  databaseSubnetGroup: {
    of: "an RDS subnet group",
    maxLength: 255,
    source: `${docs}/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html`,
  },
  databaseParameterGroup: {
    of: "an RDS parameter group",
    maxLength: 255,
    source: `${docs}/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html`,
  },
  cluster: {
    of: "an EKS cluster",
    maxLength: 100,
    source: `${docs}/eks/latest/APIReference/API_CreateCluster.html`,
  },
  nodeGroup: {
    of: "an EKS node group",
    maxLength: 63,
    source: `${docs}/eks/latest/APIReference/API_CreateNodegroup.html`,
  },
  launchTemplate: {
    of: "a launch template",
    maxLength: 128,
    source: `${docs}/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html`,
  },
  queue: {
    of: "an SQS queue",
    maxLength: 80,
    source: `${docs}/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html`,
  },
  eventRule: {
    of: "an EventBridge rule",
    maxLength: 64,
    source: `${docs}/eventbridge/latest/APIReference/API_PutRule.html`,
  },
  nameTag: { of: "anything that goes by its Name tag", maxLength: 256, source: tagging },
});

export const tagsPerResource = limit({ what: "Tags of one resource", most: 50, source: tagging });
export const tagKeyLength = limit({ what: "Characters of a tag's key", from: 1, to: 128, source: tagging });
export const tagValueLength = limit({ what: "Characters of a tag's value", most: 256, source: tagging });
export const tagCharacters = limit({
  what: "Characters that keys and values of tags are made of",
  is: "letters, digits, spaces and _ . : / = + - @",
  source: tagging,
});
/** What {@link tagCharacters} says, to test with. */
export const tagForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
export const tagReservedPrefix = limit({
  what: "Beginning of keys that AWS keeps for itself, whatever the case",
  is: "aws:",
  source: tagging,
});

export const networkPrefix = limit({
  what: "Prefix of the ranges of a network and of its subnets",
  from: 16,
  to: 28,
  source: `${docs}/vpc/latest/userguide/vpc-cidr-blocks.html`,
});

const zones: Readonly<Record<string, readonly string[]>> = {
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

/**
 * Ids mean the same place in every account; letters do not. New zones are added at the end of a list, since the place
 * in the list decides the addresses of a zone's subnets.
 */
export const zonesByRegion = limit({
  what: "Availability zones that subnets are made in, by id",
  byName: zones,
  source: [
    `${docs}/global-infrastructure/latest/regions/aws-availability-zones.html`,
    `${docs}/eks/latest/userguide/network-reqs.html`,
  ],
  note: "Without those that cannot host an EKS cluster: use1-az3, usw1-az2, cac1-az3.",
});
