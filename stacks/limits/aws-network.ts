/** Facts of the AWS documentation on what stands in a network beside its subnets. Data: each with its source and date. */

/**
 * A subnet loses its first four addresses and its last one:
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, as of 2026-11-21.
 */
export const reservedPerSubnet = 5;

/**
 * What an Application Load Balancer wants of each of its subnets:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer,
 * as of 2026-11-21.
 */
export const loadBalancerSubnet = { largestPrefix: 27, freeAddresses: 8 } as const;

/**
 * Every region's default VPC has this range, so nothing that has it too can ever be peered with one:
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html, as of 2026-11-21.
 */
export const defaultNetworkRange = "172.31.0.0/16";

/**
 * Services that can be given an address inside a network, by the last part of `com.amazonaws.<region>.<service>`. Not
 * all there are: those that clusters, nodes, databases and pipelines call.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html and
 * https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html, as of 2026-11-21.
 */
export const interfaceEndpointServices = [
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "events",
  "kms",
  "logs",
  "monitoring",
  "rds",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
] as const;

/**
 * Services that are reached by a route instead of an address, at no charge:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html, as of 2026-11-21.
 */
export const gatewayEndpointServices = ["s3", "dynamodb"] as const;
export type GatewayEndpointService = (typeof gatewayEndpointServices)[number];

/**
 * Interface endpoints of one network, default quota:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html, as of 2026-11-21.
 */
export const interfaceEndpointsPerNetwork = 50;
