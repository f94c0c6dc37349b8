/** The pipeline's identity on AWS: an OpenID Connect provider, a role for exactly one subject, and its boundary. */
import { createHash } from "node:crypto";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { type Output, output } from "@pulumi/pulumi";
import { accountOf, policyDocument } from "../../access/aws.ts";
import { type BuildContext, implement } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { managedPolicies } from "../../limits/aws-identity.ts";
import { boundaryPolicy } from "./aws-boundary.ts";
import { ciIdentity } from "./contract.ts";
import { issuers, subjectOf } from "./subject.ts";

type IdentityContext = BuildContext<(typeof ciIdentity)["fields"]>;

/** Whom the role trusts. */
interface Trusted {
  /** The issuer without `https://`: how IAM names a provider and the claims of its tokens. */
  readonly host: string;
  readonly audience: string;
  readonly subject: string;
}

export const implementation = implement(ciIdentity, (context) => {
  const { fields } = context;
  const preset = issuers[fields.pipeline];
  const trusted: Trusted = {
    host: (fields.issuer ?? preset.url).replace("https://", ""),
    audience: fields.audience ?? preset.audience,
    subject: subjectOf(fields),
  };
  const boundary = createBoundary(context);
  const provider = findProvider(context, trusted, boundary);
  const role = createRole(context, trusted, provider, boundary);
  for (const arn of permissionsOf(context)) attach(context, role, arn);
  return { roleId: role.arn, subject: trusted.subject };
});

function createBoundary(context: IdentityContext): Policy {
  const name = context.physicalName("boundary", awsNames.iamPolicy);
  return new Policy(
    `${context.name}-boundary`,
    {
      name,
      description: `What the pipeline of ${context.fields.repository} may never do`,
      policy: boundaryPolicy({
        boundary: name,
        role: roleName(context),
        environment: context.environment.name,
      }),
    },
    context.child,
  );
}

function roleName(context: IdentityContext): string {
  return context.physicalName("", awsNames.iamRole);
}

/** ARN of the issuer's provider. It follows from account and issuer, so one that exists needs no look-up. */
function findProvider(
  context: IdentityContext,
  { host, audience }: Trusted,
  boundary: Policy,
): Output<string> {
  if (context.fields.provider === "existing") {
    return output(context.site.account ?? boundary.arn.apply(accountOf)).apply(
      (account) => `arn:aws:iam::${account}:oidc-provider/${host}`,
    );
  }
  // No thumbprints: IAM verifies the issuer's certificate against the public authorities it trusts.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
  const provider = new OpenIdConnectProvider(
    `${context.name}-provider`,
    { url: `https://${host}`, clientIdLists: [audience] },
    context.child,
  );
  return provider.arn;
}

function createRole(
  context: IdentityContext,
  { host, audience, subject }: Trusted,
  provider: Output<string>,
  boundary: Policy,
): Role {
  const { repositoryId, issuer, sessionMinutes, repository } = context.fields;
  const claims = {
    [`${host}:aud`]: audience,
    [`${host}:sub`]: subject,
    // STS reads this claim of github.com's tokens alone:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    ...(repositoryId === undefined || issuer !== undefined
      ? {}
      : { [`${host}:repository_id`]: `${repositoryId}` }),
  };
  return new Role(
    context.name,
    {
      name: roleName(context),
      description: `Pipeline of ${repository}`,
      assumeRolePolicy: provider.apply((arn) =>
        policyDocument([
          {
            Effect: "Allow",
            Principal: { Federated: arn },
            Action: ["sts:AssumeRoleWithWebIdentity"],
            Condition: { StringEquals: claims },
          },
        ]),
      ),
      permissionsBoundary: boundary.arn,
      maxSessionDuration: sessionMinutes * 60,
    },
    context.child,
  );
}

function permissionsOf({ fields }: IdentityContext): ReadonlySet<string> {
  const preset = fields.power === "none" ? [] : [managedPolicies.byName[fields.power]];
  return new Set([...preset, ...fields.managedPolicies]);
}

// Named by the policy, not by its place in the list, so that another one replaces none of them.
function attach(context: IdentityContext, role: Role, policyArn: string): void {
  const readable = policyArn.slice(policyArn.lastIndexOf("/") + 1);
  const hash = createHash("sha256").update(policyArn).digest("hex").slice(0, 6);
  new RolePolicyAttachment(
    `${context.name}-${readable}-${hash}`,
    { role: role.name, policyArn },
    context.child,
  );
}
