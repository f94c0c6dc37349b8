/** Keys on AWS: one KMS key per purpose, its policy, and an alias that says what it is for. */
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { KeyPolicy } from "@pulumi/aws/kms/keyPolicy.js";
import { all, type Output, output } from "@pulumi/pulumi";
import { accountOf } from "../../access/aws.ts";
import { type BuildContext, implement } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { type KeyPurpose, keyPolicy } from "./aws-policies.ts";
import { encryption } from "./contract.ts";

type EncryptionContext = BuildContext<(typeof encryption)["fields"]>;

const descriptions: { readonly [P in KeyPurpose]: string } = {
  database: "Databases and their secrets",
  cluster: "Kubernetes secrets and volumes",
  log: "Log groups",
};

export const implementation = implement(encryption, (context) => ({
  databaseKeyId: createKey(context, "database"),
  clusterKeyId: createKey(context, "cluster"),
  logKeyId: createKey(context, "log"),
}));

/** The ARN of a key, once its policy is in place: nothing is encrypted before the service may use it. */
function createKey(context: EncryptionContext, purpose: KeyPurpose): Output<string> {
  const { environment, fields, site } = context;
  const name = `${context.name}-${purpose}`;
  const key = new Key(
    name,
    {
      description: `${descriptions[purpose]} of ${environment.name}`,
      enableKeyRotation: true,
      rotationPeriodInDays: fields.rotationDays,
      deletionWindowInDays: fields.deletionWindowDays,
      tags: { Name: context.physicalName(purpose, awsNames.nameTag) },
    },
    context.child,
  );
  // A resource of its own, since it names the account, and the key's ARN is where that is to be read.
  const policy = new KeyPolicy(
    name,
    {
      keyId: key.keyId,
      policy: output(site.account ?? key.arn.apply(accountOf)).apply((account) =>
        keyPolicy(purpose, { account, region: site.region, environment: environment.name }),
      ),
    },
    context.child,
  );
  new Alias(
    name,
    { name: `alias/${context.physicalName(purpose, awsNames.keyAlias)}`, targetKeyId: key.keyId },
    context.child,
  );
  return all([key.arn, policy.id]).apply(([arn]) => arn);
}
