/**
 * Whatever keeps data is encrypted. Services that always encrypt are not looked at: Amazon S3 (since 2023-01-05),
 * DynamoDB, CloudWatch Logs, and everything on Google Cloud and Azure.
 */
import { type Answer, ask, both, isPresent, not, type Reader } from "../../src/policy/answer.ts";
import { defineRule, refuseWhen, severityByClass, type Verdict } from "../../src/policy/rule.ts";
import type { Value } from "../../src/values/value.ts";

type Check = (inputs: Reader) => Iterable<Verdict>;

const checks: Readonly<Record<string, Check>> = {
  "aws:rds/instance:Instance": unlessInherited("storageEncrypted", "replicateSourceDb"),
  "aws:rds/cluster:Cluster": unlessInherited("storageEncrypted", "replicationSourceIdentifier"),
  "aws:docdb/cluster:Cluster": unlessInherited("storageEncrypted", "globalClusterIdentifier"),
  "aws:neptune/cluster:Cluster": unlessInherited("storageEncrypted", "replicationSourceIdentifier"),
  "aws:ebs/volume:Volume": (inputs) => refuseUnencrypted(inputs.at("encrypted")),
  "aws:efs/fileSystem:FileSystem": (inputs) => refuseUnencrypted(inputs.at("encrypted")),
  "aws:ec2/instance:Instance": checkInstance,
  "aws:ec2/launchTemplate:LaunchTemplate": checkLaunchTemplate,
  "aws:elasticache/replicationGroup:ReplicationGroup": checkCache,
  "aws:redshift/cluster:Cluster": checkWarehouse,
  "aws:eks/cluster:Cluster": checkCluster,
};

export const encryptionAtRest = defineRule({
  id: "baseline/encryption-at-rest",
  title: "What keeps data is encrypted.",
  sources: [
    "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-3",
    "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-3",
    "https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
    "https://cloud.google.com/docs/security/encryption/default-encryption",
  ],
  severity: severityByClass("deny", { dev: "warn", sandbox: "warn" }),
  types: Object.keys(checks),
  check: ({ inputs, type }) => checks[type]?.(inputs) ?? [],
});

/** Encrypted, or a copy of something that decides for it. */
function unlessInherited(property: string, source: string): Check {
  return (inputs) =>
    refuseWhen(
      both(not(isOn(inputs.at(property))), not(isPresent(inputs.at(source)))),
      notEncrypted(inputs.at(property)),
    );
}

function refuseUnencrypted(switched: Reader): Verdict[] {
  return refuseWhen(not(isOn(switched)), notEncrypted(switched));
}

// An instance without a root device of its own takes the image's, which is seldom encrypted.
function* checkInstance(inputs: Reader): Iterable<Verdict> {
  yield* refuseUnencrypted(inputs.at("rootBlockDevice").at("encrypted"));
  for (const device of inputs.at("ebsBlockDevices").each()) yield* refuseUnencrypted(device.at("encrypted"));
}

function* checkLaunchTemplate(inputs: Reader): Iterable<Verdict> {
  for (const mapping of inputs.at("blockDeviceMappings").each()) {
    const volume = mapping.at("ebs");
    const encrypted = volume.at("encrypted");
    yield* refuseWhen(both(isPresent(volume), not(isOn(encrypted))), notEncrypted(encrypted));
  }
}

// Valkey is encrypted unless it says otherwise; Redis the other way round.
function checkCache(inputs: Reader): Verdict[] {
  const encrypted = inputs.at("atRestEncryptionEnabled");
  const byDefault = both(
    ask(inputs.at("engine"), (value) => value === "valkey"),
    not(isPresent(encrypted)),
  );
  return refuseWhen(both(not(isOn(encrypted)), not(byDefault)), notEncrypted(encrypted));
}

// Encrypted unless it says otherwise, since 2025-01-10.
function checkWarehouse(inputs: Reader): Verdict[] {
  const encrypted = inputs.at("encrypted");
  return refuseWhen(
    ask(encrypted, (value) => value === false || value === "false"),
    notEncrypted(encrypted),
  );
}

// From Kubernetes 1.28 on, EKS encrypts every API object by itself; before, only the secrets, and only when told to.
function checkCluster(inputs: Reader): Verdict[] {
  const old = ask(
    inputs.at("version"),
    (value) => minorOf(value) !== undefined && Number(minorOf(value)) < 28,
  );
  return refuseWhen(both(old, not(isPresent(inputs.at("encryptionConfig")))), {
    property: "encryptionConfig",
    why: "Kubernetes secrets are not encrypted with a key of their own",
    mend: "Use Kubernetes 1.28 or newer, or give encryptionConfig a KMS key for secrets.",
    severity: "warn",
  });
}

function minorOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? /^1\.(\d+)/.exec(value)?.[1] : undefined;
}

// Some of the provider's switches are texts.
function isOn(switched: Reader): Answer {
  return ask(switched, (value) => value === true || value === "true");
}

function notEncrypted(switched: Reader) {
  return {
    property: switched.path,
    why: "the data would not be encrypted on disk",
    mend: `Set ${switched.path} to true: it cannot be changed later without replacing the resource.`,
  };
}
