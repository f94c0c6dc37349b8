/** Amazon EKS: who may use a cluster, and as whom its pods work: access entries and policies, pod identities. */
import { alphanumeric } from "../draw.ts";
import { defineModel, listAt, mapAt, type Refusal, textAt } from "../model.ts";
import { clusterType, missingCluster } from "./eks.ts";
import { nodeGroupType } from "./eks-nodes.ts";
import { trustsPods } from "./eks-roles.ts";
import { missingRole, roleType } from "./iam.ts";
import { arnOf, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";

const accessEntryType = "aws:eks/accessEntry:AccessEntry";

const invalid = (message: string): Refusal => ({ code: "InvalidParameterException", message });
const inUse = (message: string): Refusal => ({ code: "ResourceInUseException", message });
const clusterReference = (source: string) => ({
  input: "clusterName",
  to: clusterType,
  missing: missingCluster,
  onDelete: "cascade" as const,
  source,
});

const accessEntry = defineModel({
  type: accessEntryType,
  service: "EKS",
  source: `${api}/API_CreateAccessEntry.html`,
  id: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "principalArn")}`,
  displayName: (subject) => textAt(subject.inputs, "principalArn") ?? subject.id,
  defaults: (inputs, place) => ({ ...regional(inputs, place), type: "STANDARD", kubernetesGroups: [] }),
  outputs: (subject) => {
    const principal = textAt(subject.inputs, "principalArn") ?? "";
    return {
      accessEntryArn: arnOf(
        "eks",
        subject.place,
        `access-entry/${textAt(subject.inputs, "clusterName")}/role/${subject.place.account}/${subject.draw("uuid", 32)}`,
      ),
      userName: textAt(subject.inputs, "userName") ?? principal,
      createdAt: subject.createdAt,
      modifiedAt: subject.createdAt,
    };
  },
  immutable: [
    ...immutable(`${api}/API_UpdateAccessEntry.html`, "clusterName", "principalArn", "type"),
    regionImmutable,
  ],
  unordered: ["kubernetesGroups"],
  references: [
    clusterReference(`${api}/API_CreateAccessEntry.html`),
    { input: "principalArn", to: roleType, onDelete: "ignore", source: `${api}/API_CreateAccessEntry.html` },
  ],
  unique: [
    {
      key: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "principalArn")}`,
      refusal: () => inUse("The specified access entry resource is already in use on this cluster."),
      source: `${api}/API_CreateAccessEntry.html`,
    },
  ],
  rules: [
    {
      check: (subject) =>
        /^arn:aws[\w-]*:(iam|sts)::\d{12}:(role|user|root|assumed-role)/.test(
          textAt(subject.inputs, "principalArn") ?? "",
        )
          ? undefined
          : invalid("The specified principalArn is invalid: invalid principal."),
      source: `${api}/API_CreateAccessEntry.html`,
    },
    {
      // EKS makes the entry of a node group's role itself.
      on: ["create"],
      check: (subject, view) => {
        const principal = textAt(subject.inputs, "principalArn");
        const taken = view
          .list(nodeGroupType, subject.place)
          .some(
            ({ inputs }) =>
              inputs["clusterName"] === subject.inputs["clusterName"] && inputs["nodeRoleArn"] === principal,
          );
        return taken
          ? inUse("The specified access entry resource is already in use on this cluster.")
          : undefined;
      },
      source: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    },
    {
      check: (subject) =>
        (textAt(subject.inputs, "type") ?? "STANDARD") !== "STANDARD" &&
        listAt(subject.inputs, "kubernetesGroups").length > 0
          ? invalid("Kubernetes groups cannot be given for access entries of this type.")
          : undefined,
      source: `${api}/API_CreateAccessEntry.html`,
    },
    {
      check: (subject, view) => {
        const cluster = view.find(clusterType, textAt(subject.inputs, "clusterName") ?? "", subject.place);
        const mode = cluster && textAt(mapAt(cluster.outputs, "accessConfig"), "authenticationMode");
        return mode === "CONFIG_MAP"
          ? {
              code: "InvalidRequestException",
              message:
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
            }
          : undefined;
      },
      source: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    },
  ],
  seconds: { create: 2, update: 2, delete: 2 },
});

const accessPolicyAssociation = defineModel({
  type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  service: "EKS",
  calls: { create: "AssociateAccessPolicy", delete: "DisassociateAccessPolicy" },
  source: `${api}/API_AssociateAccessPolicy.html`,
  id: (subject) =>
    ["clusterName", "principalArn", "policyArn"].map((name) => textAt(subject.inputs, name)).join("#"),
  defaults: (_inputs, place) => ({ region: place.region }),
  outputs: (subject) => ({ associatedAt: subject.createdAt, modifiedAt: subject.createdAt }),
  immutable: [
    ...immutable(
      `${api}/API_AssociateAccessPolicy.html`,
      "clusterName",
      "principalArn",
      "policyArn",
      "accessScope",
    ),
    regionImmutable,
  ],
  references: [
    clusterReference(`${api}/API_AssociateAccessPolicy.html`),
    {
      input: "the access entry",
      to: accessEntryType,
      values: (subject) => [
        `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "principalArn")}`,
      ],
      missing: (_value, subject) => ({
        code: "ResourceNotFoundException",
        message: `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'. (${textAt(subject.inputs, "principalArn")})`,
      }),
      onDelete: "cascade",
      source: `${api}/API_AssociateAccessPolicy.html`,
    },
  ],
  rules: [
    {
      check: (subject, view) => {
        const id = `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "principalArn")}`;
        const type = textAt(view.find(accessEntryType, id, subject.place)?.inputs ?? {}, "type");
        return type === undefined || type === "STANDARD"
          ? undefined
          : {
              code: "InvalidRequestException",
              message: `Access policies cannot be associated with access entries of type ${type}.`,
            };
      },
      source: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    },
    {
      check: (subject) => {
        const scope = mapAt(subject.inputs, "accessScope");
        return scope["type"] === "namespace" && listAt(scope, "namespaces").length === 0
          ? invalid("Namespaces must be given for an access scope of type namespace.")
          : undefined;
      },
      source: `${api}/API_AccessScope.html`,
    },
    {
      check: (subject) =>
        /^arn:aws[\w-]*:eks::aws:cluster-access-policy\/\w+$/.test(textAt(subject.inputs, "policyArn") ?? "")
          ? undefined
          : invalid("The policyArn parameter format is not valid"),
      source: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    },
  ],
  seconds: { create: 2, delete: 2 },
});

const podIdentityAssociation = defineModel({
  type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  service: "EKS",
  source: `${api}/API_CreatePodIdentityAssociation.html`,
  id: (subject) => `a-${subject.draw("id", 17, alphanumeric).toLowerCase()}`,
  defaults: (inputs, place) => ({ ...regional(inputs, place), disableSessionTags: false }),
  outputs: (subject) => ({
    associationArn: arnOf(
      "eks",
      subject.place,
      `podidentityassociation/${textAt(subject.inputs, "clusterName")}/${subject.id}`,
    ),
    associationId: subject.id,
    externalId: "",
  }),
  immutable: [
    ...immutable(
      `${api}/API_UpdatePodIdentityAssociation.html`,
      "clusterName",
      "namespace",
      "serviceAccount",
    ),
    regionImmutable,
  ],
  references: [
    clusterReference(`${api}/API_CreatePodIdentityAssociation.html`),
    {
      input: "roleArn",
      to: roleType,
      missing: (value) => invalid(missingRole(value).message),
      onDelete: "ignore",
      source: `${api}/API_CreatePodIdentityAssociation.html`,
    },
  ],
  unique: [
    {
      key: (subject) =>
        ["clusterName", "namespace", "serviceAccount"].map((name) => textAt(subject.inputs, name)).join(":"),
      refusal: () => inUse("Association already exists"),
      source: `${api}/API_CreatePodIdentityAssociation.html`,
    },
  ],
  rules: [{ check: trustsPods, source: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html" }],
  seconds: { create: 2, update: 2, delete: 2 },
});

export const eksAccessModels = [accessEntry, accessPolicyAssociation, podIdentityAssociation];
