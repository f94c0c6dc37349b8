/** Ways from the network to AWS's own services that lead neither through a NAT gateway nor over the internet. */

import type { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Subnet } from "@pulumi/aws/ec2/subnet.js";
import type { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { type Output, output } from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../../access/aws.ts";
import type { BuildContext } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { type GatewayEndpointService, gatewayEndpointServices } from "../../limits/aws-network.ts";
import type { vpc } from "./contract.ts";

type VpcContext = BuildContext<(typeof vpc)["fields"]>;

/** Ids of endpoints by service. */
type EndpointIds = Record<string, Output<string>>;

/**
 * What may pass, given the account. An endpoint's policy grants nothing by itself; it keeps credentials of other
 * accounts from carrying data out of this network. Objects may be read by anybody whom the bucket admits: registries
 * hand out image layers under addresses signed by their own account, and the mirrors of Amazon Linux ask for no
 * identity at all. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms,
 * as of 2026-11-21.
 */
const gatewayPolicies: {
  readonly [S in GatewayEndpointService]: (account: string) => readonly Statement[];
} = {
  s3: (account) => [
    { Sid: "ReadObjects", Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: ["*"] },
    ownPrincipals("s3:*", account),
  ],
  dynamodb: (account) => [ownPrincipals("dynamodb:*", account)],
};

function ownPrincipals(action: string, account: string): Statement {
  return {
    Sid: "OwnPrincipals",
    Effect: "Allow",
    Principal: "*",
    Action: [action],
    Resource: ["*"],
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  };
}

/** Routes to S3 and DynamoDB, which cost nothing and spare the NAT gateways what is often most of their traffic. */
export function createGatewayEndpoints(
  context: VpcContext,
  network: Vpc,
  tables: readonly RouteTable[],
): EndpointIds {
  const account = output(context.site.account ?? network.ownerId);
  const ids = gatewayEndpointServices.oneOf.map((service): [string, Output<string>] => {
    const endpoint = new VpcEndpoint(
      `${context.name}-${service}`,
      {
        vpcId: network.id,
        serviceName: serviceName(context, service),
        vpcEndpointType: "Gateway",
        routeTableIds: tables.map((table) => table.id),
        policy: account.apply((id) => policyDocument(gatewayPolicies[service](id))),
        tags: { Name: context.physicalName(service, awsNames.nameTag) },
      },
      context.child,
    );
    return [service, endpoint.id];
  });
  return Object.fromEntries(ids);
}

/** Addresses of services in the private subnets. The services' own names lead to them, so no client notices. */
export function createInterfaceEndpoints(
  context: VpcContext,
  network: Vpc,
  subnets: readonly Subnet[],
): EndpointIds {
  const services = context.fields.interfaceEndpoints;
  if (services.length === 0) return {};
  const group = createEndpointGroup(context, network);
  const ids = services.map((service): [string, Output<string>] => {
    const suffix = `endpoint-${service.replaceAll(".", "-")}`;
    const endpoint = new VpcEndpoint(
      `${context.name}-${suffix}`,
      {
        vpcId: network.id,
        serviceName: serviceName(context, service),
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: subnets.map((subnet) => subnet.id),
        securityGroupIds: [group.id],
        tags: { Name: context.physicalName(suffix, awsNames.nameTag) },
      },
      context.child,
    );
    return [service, endpoint.id];
  });
  return Object.fromEntries(ids);
}

/** One group for all endpoints: whoever is in the network may ask, and IAM decides what the answer is. */
function createEndpointGroup(context: VpcContext, network: Vpc): SecurityGroup {
  const name = `${context.name}-endpoints`;
  const group = new SecurityGroup(
    name,
    {
      name: context.physicalName("endpoints", awsNames.securityGroup),
      description: `Endpoints of AWS services in ${context.name}`,
      vpcId: network.id,
      tags: { Name: context.physicalName("endpoints", awsNames.nameTag) },
    },
    context.child,
  );
  new SecurityGroupIngressRule(
    `${name}-https`,
    {
      securityGroupId: group.id,
      cidrIpv4: network.cidrBlock,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: `HTTPS from within ${context.name}`,
    },
    context.child,
  );
  return group;
}

function serviceName({ site }: VpcContext, service: string): string {
  return `com.amazonaws.${site.region}.${service}`;
}
