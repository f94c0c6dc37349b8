/** AWS types that take no tags, and what each is imported by. */
import { type ImportRule, joined, lastPart, textsOf } from "./rule.ts";

const docs = "https://www.pulumi.com/registry/packages/aws/api-docs";

export const awsImportRules: readonly ImportRule[] = [
  {
    type: "aws:ec2/route:Route",
    id: (inputs) => {
      const destination = [
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
      ].find((name) => typeof inputs[name] === "string");
      return destination === undefined
        ? undefined
        : joined("_", "routeTableId", destination)(inputs, nowhere);
    },
    source: `${docs}/ec2/route/#import`,
  },
  {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    id: (inputs) => {
      const associated = typeof inputs["subnetId"] === "string" ? "subnetId" : "gatewayId";
      return joined("/", associated, "routeTableId")(inputs, nowhere);
    },
    source: `${docs}/ec2/routetableassociation/#import`,
  },
  {
    type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    id: joined("#", "clusterName", "principalArn", "policyArn"),
    source: `${docs}/eks/accesspolicyassociation/#import`,
  },
  {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    id: (inputs) => {
      const parts = textsOf(inputs, ["rule", "targetId"]);
      const bus = inputs["eventBusName"];
      return parts?.toSpliced(0, 0, typeof bus === "string" ? bus : "default").join("/");
    },
    source: `${docs}/cloudwatch/eventtarget/#import`,
  },
  {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    id: joined("", "queueUrl"),
    source: `${docs}/sqs/queuepolicy/#import`,
  },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    id: (inputs) => {
      const parts = textsOf(inputs, ["role", "name"]);
      return parts?.map(lastPart).join(":");
    },
    source: `${docs}/iam/rolepolicy/#import`,
  },
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    id: (inputs) => {
      const [role, policy] = textsOf(inputs, ["role", "policyArn"]) ?? [];
      return role === undefined || policy === undefined ? undefined : `${lastPart(role)}/${policy}`;
    },
    source: `${docs}/iam/rolepolicyattachment/#import`,
  },
  { type: "aws:kms/keyPolicy:KeyPolicy", id: joined("", "keyId"), source: `${docs}/kms/keypolicy/#import` },
  { type: "aws:kms/alias:Alias", id: joined("", "name"), source: `${docs}/kms/alias/#import` },
];

/** These ids say nothing of account or region. */
const nowhere = { account: "", region: "" };
