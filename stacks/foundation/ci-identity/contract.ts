/** What lets a CI pipeline act in the site's account without a stored credential. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { policiesPerRole, sessionLength } from "../../limits/aws-identity.ts";
import { checkSource } from "./checks.ts";
import { pipelines } from "./subject.ts";

// What git allows in a ref, without the characters that mean "any" elsewhere: https://git-scm.com/docs/git-check-ref-format
const ref = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9._/+#@=-]+$/, "one name without blanks, colons or wildcards");
const policyArn = z
  .string()
  .regex(/^arn:aws:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]+$/, "the ARN of a managed policy");

export const ciIdentity = defineComponent({
  name: "ci-identity",
  domain: "foundation",
  summary:
    "Lets the pipeline of one repository and branch sign in by its own token, with bounded permissions.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    pipeline: z.enum(pipelines).default("github-actions").describe("What runs the pipeline."),
    issuer: z
      .string()
      .regex(
        /^https:\/\/[a-z0-9.-]+(?:\/[A-Za-z0-9._~/-]+)?$/,
        "an https URL without port, query or last slash",
      )
      .optional()
      .describe(
        "Who signs its tokens; without it, github.com or gitlab.com. For servers of your own, which AWS must be able to reach.",
      ),
    audience: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe(
        "Whom its tokens are meant for; without it, what the pipeline's own AWS integration asks for.",
      ),
    provider: z
      .enum(["create", "existing"])
      .default("create")
      .describe(
        "Whether the account gets a provider for the issuer or has one. An account holds one per issuer, so of several identities the first creates it.",
      ),
    repository: z
      .string()
      .min(3)
      .max(255)
      .describe("The one repository: owner/repository on GitHub, group/project on GitLab."),
    ownerId: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Number of the repository's owner on github.com. GitHub puts both numbers into the tokens of repositories made, renamed or moved since 2026-07-15, and nobody else can ever have them.",
      ),
    repositoryId: z.int().min(1).optional().describe("Number of the repository; together with ownerId."),
    branch: ref.optional().describe("The one branch. Pull requests never sign in."),
    tag: ref.optional().describe("The one tag, instead of a branch."),
    pipelineEnvironment: ref
      .optional()
      .describe("The one GitHub environment, with its approvals, instead of a branch."),
    power: z
      .enum(["none", "view", "deploy"])
      .default("view")
      .describe(
        "What it may do: nothing by itself; list and describe everything, but read no data; or everything but IAM, organization and account.",
      ),
    managedPolicies: z
      .array(policyArn)
      .max(policiesPerRole.most - 1)
      .refine((arns) => new Set(arns).size === arns.length, "a policy is named twice")
      .default([])
      .describe("Further permissions, by the ARNs of managed policies. The boundary holds for them too."),
    sessionMinutes: z
      .int()
      .min(sessionLength.from)
      .max(sessionLength.to)
      .default(60)
      .describe("Longest session, minutes."),
  }),
  outputs: z.strictObject({
    roleId: z.string().describe("Role that the pipeline assumes; an ARN on AWS."),
    subject: z.string().describe("Subject that a token must have, exactly."),
  }),
  check: (fields) => checkSource(fields),
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("Workload identity federation comes with the recovery release."),
    azure: upcoming("Federated credentials come with the recovery release."),
    kubernetes: unsupported("An identity in the cloud, not in a cluster."),
  },
});
