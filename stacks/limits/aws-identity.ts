/** Limits of AWS IAM. Data. */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");
const quotas = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

export const sessionLength = limit({
  what: "Minutes that a role's session may last",
  from: 60,
  to: 720,
  source: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
});

export const policiesPerRole = limit({
  what: "Managed policies attached to one role, default quota",
  most: 10,
  source: quotas,
});

export const policySize = limit({
  what: "Characters of one managed policy, whitespace not counted",
  most: 6144,
  source: quotas,
});

/** Permissions that AWS keeps up to date itself. */
export const managedPolicies = limit({
  what: "AWS's own policies that the powers of a pipeline stand for",
  byName: {
    /** Lists and describes; reads no object, row or secret. */
    view: "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
    /** Everything but IAM, the organization and the account. */
    deploy: "arn:aws:iam::aws:policy/PowerUserAccess",
  },
  source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
});
