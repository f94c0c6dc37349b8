/** Facts of the AWS IAM documentation. Data: each with its source and date. */

/**
 * How long a role's session may last:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, as of 2026-11-21.
 */
export const sessionLength = { fewestMinutes: 60, mostMinutes: 720 } as const;

/**
 * Managed policies attached to one role, and characters of one, whitespace not counted, default quotas:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, as of 2026-11-21.
 */
export const policyQuotas = { perRole: 10, characters: 6144 } as const;

/**
 * Permissions that AWS keeps up to date itself:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html, as of 2026-11-21.
 */
export const managedPolicies = {
  /** Lists and describes; reads no object, row or secret. */
  view: "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
  /** Everything but IAM, the organization and the account. */
  deploy: "arn:aws:iam::aws:policy/PowerUserAccess",
} as const;
