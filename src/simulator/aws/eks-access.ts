/** Amazon EKS: what is put into a cluster and who may use it: add-ons, access entries and policies, pod identities. */
import { alphanumeric } from "../draw.ts";
import { defineModel, mapAt, type Refusal, textAt } from "../model.ts";
import { clusterType, missingCluster } from "./eks.ts";
import { missingRole, roleType } from "./iam.ts";
import { arnOf, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";

const accessEntryType = "aws:eks/accessEntry:AccessEntry";

/** Default versions for Kubernetes 1.34, as of 2026-11: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html */
const addonVersions: Readonly<Record<string, string>> = {
  "vpc-cni": "v1.20.4-eksbuild.1",
  coredns: "v1.12.3-eksbuild.1",
  "kube-proxy": "v1.34.0-eksbuild.4",
  "eks-pod-identity-agent": "v1.3.9-eksbuild.3",
  "aws-ebs-csi-driver": "v1.51.0-eksbuild.1",
  "aws-efs-csi-driver": "v2.1.13-eksbuild.1",
  "aws-mountpoint-s3-csi-driver": "v2.1.0-eksbuild.1",
  "snapshot-controller": "v8.3.0-eksbuild.1",
  "metrics-server": "v0.8.0-eksbuild.2",
  "amazon-cloudwatch-observability": "v4.5.0-eksbuild.1",
  adot: "v0.131.0-eksbuild.1",
};

const invalid = (message: string): Refusal => ({ code: "InvalidParameterException", message });
const inUse = (message: string): Refusal => ({ code: "ResourceInUseException", message });
const clusterReference = (source: string) => ({
  input: "clusterName",
  to: clusterType,
  missing: missingCluster,
  onDelete: "cascade" as const,
  source,
});

const addon = defineModel({
  type: "aws:eks/addon:Addon",
  service: "EKS",
  source: `${api}/API_CreateAddon.html`,
  id: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "addonName")}`,
  displayName: (subject) => textAt(subject.inputs, "addonName") ?? subject.id,
  defaults: regional,
  outputs: (subject) => {
    const name = textAt(subject.inputs, "addonName") ?? "";
    return {
      arn: arnOf(
        "eks",
        subject.place,
        `addon/${textAt(subject.inputs, "clusterName")}/${name}/${subject.draw("uuid", 32)}`,
      ),
      addonVersion: textAt(subject.inputs, "addonVersion") ?? addonVersions[name] ?? "v1.0.0-eksbuild.1",
      createdAt: subject.createdAt,
      modifiedAt: subject.createdAt,
    };
  },
  immutable: [...immutable(`${api}/API_UpdateAddon.html`, "clusterName", "addonName"), regionImmutable],
  references: [
    clusterReference(`${api}/API_CreateAddon.html`),
    {
      input: "serviceAccountRoleArn",
      to: roleType,
      missing: (value) => invalid(missingRole(value).message),
      onDelete: "ignore",
      source: `${api}/API_CreateAddon.html`,
    },
  ],
  unique: [
    {
      key: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "addonName")}`,
      refusal: () => inUse("Addon already exists."),
      source: `${api}/API_CreateAddon.html`,
    },
  ],
  rules: [
    {
      check: (subject) => {
        const name = textAt(subject.inputs, "addonName") ?? "";
        return addonVersions[name] === undefined
          ? invalid(`Addon ${name} specified is not supported in 1.34 kubernetes version`)
          : undefined;
      },
      source: "https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html",
    },
  ],
  seconds: { create: 40, update: 30, delete: 20 },
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
  seconds: { create: 2, update: 2, delete: 2 },
});

export const eksAccessModels = [addon, accessEntry, accessPolicyAssociation, podIdentityAssociation];
