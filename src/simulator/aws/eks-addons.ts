/** Amazon EKS: add-ons, with the versions that each Kubernetes version takes. */
import { asMap, type CloudView, defineModel, listAt, type Refusal, type Subject, textAt } from "../model.ts";
import { clusterType, defaultVersion, minorOf, missingCluster } from "./eks.ts";
import { invalidParameter } from "./eks-network.ts";
import { trustsPods } from "./eks-roles.ts";
import { missingRole, roleType } from "./iam.ts";
import { arnOf, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";

/** A version, and the oldest and newest Kubernetes minor it is for. */
type Offer = readonly [version: string, from: number, to: number];

/** What can be installed, newest last: the last that fits is the default. As of 2026-11: userguide/eks-add-ons.html */
const offers: Readonly<Record<string, readonly Offer[]>> = {
  "vpc-cni": [
    ["v1.20.4-eksbuild.1", 30, 34],
    ["v1.21.1-eksbuild.1", 30, 35],
    ["v1.21.1-eksbuild.3", 30, 35],
  ],
  coredns: [
    ["v1.11.4-eksbuild.28", 30, 33],
    ["v1.12.4-eksbuild.1", 33, 34],
    ["v1.13.1-eksbuild.1", 33, 35],
    ["v1.13.2-eksbuild.1", 34, 35],
  ],
  "kube-proxy": [
    ["v1.30.14-eksbuild.20", 30, 30],
    ["v1.31.14-eksbuild.2", 31, 31],
    ["v1.32.11-eksbuild.2", 32, 32],
    ["v1.33.7-eksbuild.2", 33, 33],
    ["v1.34.0-eksbuild.4", 34, 34],
    ["v1.34.1-eksbuild.2", 34, 34],
    ["v1.35.0-eksbuild.2", 35, 35],
  ],
  "eks-pod-identity-agent": [
    ["v1.3.10-eksbuild.2", 30, 35],
    ["v1.3.10-eksbuild.3", 30, 35],
  ],
  "aws-ebs-csi-driver": [
    ["v1.54.0-eksbuild.1", 30, 34],
    ["v1.57.1-eksbuild.1", 30, 35],
  ],
  "aws-efs-csi-driver": [["v2.1.15-eksbuild.1", 30, 35]],
  "aws-mountpoint-s3-csi-driver": [["v2.1.0-eksbuild.1", 30, 35]],
  "snapshot-controller": [["v8.3.0-eksbuild.1", 30, 35]],
  "metrics-server": [["v0.8.0-eksbuild.6", 30, 35]],
  "amazon-cloudwatch-observability": [["v4.10.0-eksbuild.1", 30, 35]],
  adot: [["v0.131.0-eksbuild.1", 30, 35]],
};

const addon = defineModel({
  type: "aws:eks/addon:Addon",
  service: "EKS",
  source: `${api}/API_CreateAddon.html`,
  id: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "addonName")}`,
  displayName: (subject) => textAt(subject.inputs, "addonName") ?? subject.id,
  defaults: regional,
  outputs: (subject, view) => {
    const name = textAt(subject.inputs, "addonName") ?? "";
    const fitting = offersFor(name, clusterMinor(subject, view));
    return {
      arn: arnOf(
        "eks",
        subject.place,
        `addon/${textAt(subject.inputs, "clusterName")}/${name}/${subject.draw("uuid", 32)}`,
      ),
      addonVersion:
        textAt(subject.inputs, "addonVersion") ??
        textAt(subject.old?.outputs ?? {}, "addonVersion") ??
        fitting.at(-1)?.[0] ??
        "v1.0.0-eksbuild.1",
      createdAt: subject.createdAt,
      modifiedAt: subject.createdAt,
    };
  },
  immutable: [...immutable(`${api}/API_UpdateAddon.html`, "clusterName", "addonName"), regionImmutable],
  unordered: ["podIdentityAssociations"],
  references: [
    {
      input: "clusterName",
      to: clusterType,
      missing: missingCluster,
      onDelete: "cascade",
      source: `${api}/API_CreateAddon.html`,
    },
    ...["serviceAccountRoleArn", "podIdentityAssociations.*.roleArn"].map((input) => ({
      input,
      to: roleType,
      missing: (value: string) => invalidParameter(missingRole(value).message),
      onDelete: "ignore" as const,
      source: `${api}/API_CreateAddon.html`,
    })),
  ],
  unique: [
    {
      key: (subject) => `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "addonName")}`,
      refusal: () => ({ code: "ResourceInUseException", message: "Addon already exists." }),
      source: `${api}/API_CreateAddon.html`,
    },
  ],
  rules: [
    { check: offered, source: `${guide}/eks-add-ons.html` },
    { check: soundConfiguration, source: `${api}/API_CreateAddon.html` },
    { check: trustsPods, source: `${guide}/pod-id-role.html` },
    { check: identityPossible, source: `${guide}/add-ons-iam.html` },
  ],
  seconds: { create: 40, update: 30, delete: 20 },
});

export const eksAddonModels = [addon];

function clusterMinor(subject: Subject, view: CloudView): number {
  const cluster = view.find(clusterType, textAt(subject.inputs, "clusterName") ?? "", subject.place);
  return minorOf(textAt(cluster?.outputs ?? {}, "version") ?? defaultVersion);
}

function offersFor(name: string, minor: number): readonly Offer[] {
  const all = Object.hasOwn(offers, name) ? (offers[name] ?? []) : [];
  return all.filter(([, from, to]) => minor >= from && minor <= to);
}

function offered(subject: Subject, view: CloudView): Refusal | undefined {
  const name = textAt(subject.inputs, "addonName") ?? "";
  const minor = clusterMinor(subject, view);
  const fitting = offersFor(name, minor);
  if (fitting.length === 0)
    return invalidParameter(`Addon ${name} specified is not supported in 1.${minor} kubernetes version`);
  const version = textAt(subject.inputs, "addonVersion");
  // An add-on that stays as it is outlives the control plane's next version; only another one is asked about.
  const kept = version === textAt(subject.old?.outputs ?? {}, "addonVersion");
  if (version === undefined || kept || fitting.some(([each]) => each === version)) return undefined;
  return invalidParameter("Addon version specified is not supported");
}

function soundConfiguration({ inputs }: Subject): Refusal | undefined {
  const values = textAt(inputs, "configurationValues");
  if (values === undefined) return undefined;
  try {
    JSON.parse(values);
    return undefined;
  } catch {
    return invalidParameter("ConfigurationValue is not in valid JSON or YAML format");
  }
}

function identityPossible({ inputs }: Subject): Refusal | undefined {
  const associations = listAt(inputs, "podIdentityAssociations").map(asMap);
  const accounts = associations.map((each) => textAt(each, "serviceAccount"));
  if (new Set(accounts).size !== accounts.length)
    return invalidParameter("Duplicate service accounts in pod identity associations");
  return undefined;
}
