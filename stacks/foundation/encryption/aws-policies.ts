/**
 * Who may use a key: policies of KMS keys as text. Each key is open to the services of its purpose, for principals of its
 * own account whom those services admit, as AWS writes it for the keys that it manages itself; for everybody else
 * IAM decides.
 *
 * Sources, as of 2026-11-21:
 * - the first statement: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * - through a service: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 * - volumes: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
 * - databases: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 * - secrets: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * - Kubernetes secrets: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
 * - log groups: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
import { policyDocument, type Statement } from "../../access/aws.ts";

/** What a key's policy depends on. */
export interface KeyPlace {
  readonly account: string;
  readonly region: string;
  /** Name of the environment; its log groups carry it. */
  readonly environment: string;
}

export const keyPurposes = ["database", "cluster", "log"] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

const ownStatements: { readonly [P in KeyPurpose]: (place: KeyPlace) => readonly Statement[] } = {
  database: (place) => throughServices(place, ["rds", "secretsmanager"]),
  cluster: (place) => throughServices(place, ["ec2", "eks"]),
  log: (place) => [byLogGroups(place)],
};

/** The policy of the key for one purpose. */
export function keyPolicy(purpose: KeyPurpose, place: KeyPlace): string {
  return policyDocument([administration(place), ...ownStatements[purpose](place)]);
}

// Without it nobody could ever change the key again, and no IAM policy would count.
function administration({ account }: KeyPlace): Statement {
  return {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ["kms:*"],
    Resource: ["*"],
  };
}

// Not for the services' own roles by name: KMS refuses a policy that names a role the account has not got yet.
function throughServices({ account, region }: KeyPlace, services: readonly string[]): readonly Statement[] {
  const ownAccount = {
    "kms:CallerAccount": account,
    "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`),
  };
  const anybody = { Effect: "Allow", Principal: { AWS: "*" }, Resource: ["*"] } as const;
  return [
    { Sid: "Use", ...anybody, Action: use, Condition: { StringEquals: ownAccount } },
    {
      // A grant outlives the call that made it, so it is only given to a service, never passed on to a principal.
      Sid: "Grants",
      ...anybody,
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Condition: { StringEquals: ownAccount, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

// One part of every log group's name starts with the environment, whatever service's words stand around it:
// /terrane/shop-vpc-…, /aws/rds/instance/shop-orders-…/postgresql.
function byLogGroups({ account, region, environment }: KeyPlace): Statement {
  const groups = `arn:aws:logs:${region}:${account}:log-group:*/${environment}-*`;
  return {
    Sid: "LogGroups",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: use,
    Resource: ["*"],
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
  };
}
