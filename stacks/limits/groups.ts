/** All limits, in groups by what they are limits of: for the reference, and to be compared with what the simulator has. */
import * as aws from "./aws.ts";
import * as eks from "./aws-eks.ts";
import * as identity from "./aws-identity.ts";
import * as instances from "./aws-instances.ts";
import * as keys from "./aws-keys.ts";
import * as network from "./aws-network.ts";
import * as rds from "./aws-rds.ts";
import * as azure from "./azure.ts";
import * as gcp from "./gcp.ts";
import * as kubernetes from "./kubernetes.ts";
import { isLimit, type Limit } from "./limit.ts";

export interface LimitGroup {
  /** First part of each limit's id: `aws.rds`. */
  readonly id: string;
  readonly title: string;
  /** By the rest of the id. */
  readonly limits: Readonly<Record<string, Limit>>;
}

export const limitGroups: readonly LimitGroup[] = [
  group("aws", "AWS: tags and networks", aws),
  group("aws.names", "AWS: names", aws.awsNames),
  group("aws.network", "AWS: subnets and endpoints", network),
  group("aws.keys", "AWS KMS", keys),
  group("aws.identity", "AWS IAM", identity),
  group("aws.rds", "Amazon RDS for PostgreSQL", rds),
  group("aws.eks", "Amazon EKS", eks),
  group("aws.instances", "Amazon EC2 instances", instances),
  group("gcp", "Google Cloud", gcp),
  group("gcp.names", "Google Cloud: names", gcp.gcpNames),
  group("azure", "Azure: tags", azure),
  group("kubernetes", "Kubernetes", kubernetes),
  group("kubernetes.names", "Kubernetes: names", kubernetes.kubernetesNames),
];

function group(id: string, title: string, holder: object): LimitGroup {
  const limits = Object.entries(holder).filter((entry): entry is [string, Limit] => isLimit(entry[1]));
  return { id, title, limits: Object.fromEntries(limits) };
}
