/** Limits of what stands in an AWS network beside its subnets. Data. */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");
const vpcGuide = "https://docs.aws.amazon.com/vpc/latest/userguide";
const privateLink = "https://docs.aws.amazon.com/vpc/latest/privatelink";
const balancers =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer";

/** The first four and the last one. */
export const reservedPerSubnet = limit({
  what: "Addresses of a subnet that AWS keeps",
  is: 5,
  source: `${vpcGuide}/subnet-sizing.html`,
});

export const loadBalancerPrefix = limit({
  what: "Prefix of a subnet that an Application Load Balancer stands in",
  most: 27,
  source: balancers,
});

export const loadBalancerAddresses = limit({
  what: "Free addresses that an Application Load Balancer wants of each of its subnets",
  least: 8,
  source: balancers,
});

export const defaultNetworkRange = limit({
  what: "Range of every region's default VPC: nothing that has it too can ever be peered with one",
  is: "172.31.0.0/16",
  source: `${vpcGuide}/default-vpc-components.html`,
});

/** By the last part of `com.amazonaws.<region>.<service>`. */
export const interfaceEndpointServices = limit({
  what: "Services that can be given an address inside a network",
  oneOf: [
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
  ],
  source: [
    `${privateLink}/aws-services-privatelink-support.html`,
    "https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
  ],
  note: "Not all there are: those that clusters, nodes, databases and pipelines call.",
});

export const gatewayEndpointServices = limit({
  what: "Services that are reached by a route instead of an address, at no charge",
  oneOf: ["s3", "dynamodb"],
  source: `${privateLink}/gateway-endpoints.html`,
});
export type GatewayEndpointService = (typeof gatewayEndpointServices.oneOf)[number];

export const interfaceEndpointsPerNetwork = limit({
  what: "Interface endpoints of one network, default quota",
  most: 50,
  source: `${privateLink}/vpc-limits-endpoints.html`,
});
