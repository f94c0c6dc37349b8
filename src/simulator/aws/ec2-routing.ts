/** Amazon EC2: route tables, routes, and which subnet follows which table. */
import { crc32 } from "node:zlib";
import { type CloudView, defineModel, type Refusal, type Subject, textAt } from "../model.ts";
import { missingSubnet, missingVpc, nameTag, subnetType, vpcType } from "./ec2.ts";
import { internetGatewayType, natGatewayType } from "./ec2-gateways.ts";
import { arnOf, ec2Id, immutable, notFound, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

export const routeTableType = "aws:ec2/routeTable:RouteTable";
export const missingTable = notFound("InvalidRouteTableID.NotFound", "routeTable");

const routeTable = defineModel({
  type: routeTableType,
  service: "EC2",
  calls: { update: "ReplaceRoute" },
  source: `${api}/API_CreateRouteTable.html`,
  id: ec2Id("rtb"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    ownerId: place.account,
    routes: [],
    propagatingVgws: [],
  }),
  outputs: (subject) => ({ arn: arnOf("ec2", subject.place, `route-table/${subject.id}`) }),
  immutable: [...immutable(`${api}/API_CreateRouteTable.html`, "vpcId"), regionImmutable],
  unordered: ["routes", "propagatingVgws"],
  references: [
    { input: "vpcId", to: vpcType, missing: missingVpc, source: `${api}/API_CreateRouteTable.html` },
  ],
  inUse: (object) => ({
    code: "DependencyViolation",
    message: `The routeTable '${object.id}' has dependencies and cannot be deleted.`,
  }),
  seconds: { create: 2, update: 2, delete: 2 },
});

const route = defineModel({
  type: "aws:ec2/route:Route",
  service: "EC2",
  calls: { update: "ReplaceRoute" },
  source: `${api}/API_CreateRoute.html`,
  // Routes have no id of their own; the provider derives one from table and destination.
  id: (subject) => `r-${textAt(subject.inputs, "routeTableId") ?? ""}${crc32(destinationOf(subject) ?? "")}`,
  defaults: (_inputs, place) => ({ region: place.region, origin: "CreateRoute", state: "active" }),
  // An import names table and destination: https://www.pulumi.com/registry/packages/aws/api-docs/ec2/route/#import
  aliases: (outputs) => [`${textAt(outputs, "routeTableId")}_${destinationOf({ inputs: outputs }) ?? ""}`],
  immutable: [
    ...immutable(
      `${api}/API_ReplaceRoute.html`,
      "routeTableId",
      "destinationCidrBlock",
      "destinationIpv6CidrBlock",
      "destinationPrefixListId",
    ),
    regionImmutable,
  ],
  references: [
    {
      input: "routeTableId",
      to: routeTableType,
      missing: missingTable,
      onDelete: "cascade",
      source: `${api}/API_CreateRoute.html`,
    },
    {
      input: "gatewayId",
      to: internetGatewayType,
      missing: notFound("InvalidInternetGatewayID.NotFound", "internetGateway"),
      onDelete: "ignore",
      source: `${api}/API_CreateRoute.html`,
    },
    {
      input: "natGatewayId",
      to: natGatewayType,
      missing: notFound("InvalidNatGatewayID.NotFound", "natGateway"),
      onDelete: "ignore",
      source: `${api}/API_CreateRoute.html`,
    },
  ],
  unique: [
    {
      key: (subject) => {
        const destination = destinationOf(subject);
        return destination && `${textAt(subject.inputs, "routeTableId")} ${destination}`;
      },
      refusal: (subject) => ({
        code: "RouteAlreadyExists",
        message: `The route identified by ${destinationOf(subject)} already exists.`,
      }),
      source: `${api}/API_CreateRoute.html`,
    },
  ],
  rules: [{ check: sameNetwork, source: `${api}/API_CreateRoute.html` }],
  seconds: { create: 2, update: 2, delete: 2 },
});

const routeTableAssociation = defineModel({
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  service: "EC2",
  calls: {
    create: "AssociateRouteTable",
    update: "ReplaceRouteTableAssociation",
    delete: "DisassociateRouteTable",
  },
  source: `${api}/API_AssociateRouteTable.html`,
  id: ec2Id("rtbassoc"),
  defaults: (_inputs, place) => ({ region: place.region }),
  // https://www.pulumi.com/registry/packages/aws/api-docs/ec2/routetableassociation/#import
  aliases: (outputs) => [
    `${textAt(outputs, "subnetId") ?? textAt(outputs, "gatewayId")}/${textAt(outputs, "routeTableId")}`,
  ],
  immutable: [...immutable(`${api}/API_AssociateRouteTable.html`, "subnetId", "gatewayId"), regionImmutable],
  references: [
    {
      input: "routeTableId",
      to: routeTableType,
      missing: missingTable,
      source: `${api}/API_AssociateRouteTable.html`,
    },
    {
      input: "subnetId",
      to: subnetType,
      missing: missingSubnet,
      onDelete: "cascade",
      source: `${api}/API_AssociateRouteTable.html`,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "subnetId"),
      refusal: (subject) => ({
        code: "Resource.AlreadyAssociated",
        message: `the specified association for route table ${textAt(subject.inputs, "routeTableId")} conflicts with an existing association`,
      }),
      source: `${api}/API_AssociateRouteTable.html`,
    },
  ],
  seconds: { create: 2, update: 2, delete: 2 },
});

export const ec2RoutingModels = [routeTable, route, routeTableAssociation];

function destinationOf(subject: Pick<Subject, "inputs">): string | undefined {
  return (
    textAt(subject.inputs, "destinationCidrBlock") ??
    textAt(subject.inputs, "destinationIpv6CidrBlock") ??
    textAt(subject.inputs, "destinationPrefixListId")
  );
}

function sameNetwork(subject: Subject, view: CloudView): Refusal | undefined {
  const table = view.find(routeTableType, textAt(subject.inputs, "routeTableId") ?? "", subject.place);
  const gateway = view.find(internetGatewayType, textAt(subject.inputs, "gatewayId") ?? "", subject.place);
  if (table === undefined || gateway === undefined) return undefined;
  if (table.inputs["vpcId"] === gateway.inputs["vpcId"]) return undefined;
  return {
    code: "InvalidParameterValue",
    message: `route table ${table.id} and network gateway ${gateway.id} belong to different networks`,
  };
}
