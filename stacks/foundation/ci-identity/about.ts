/** What the reference says of `ci-identity`. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

const asOf = "2026-11-21";

export const about: ComponentAbout = {
  purpose:
    "Lets a pipeline act in the site's account without a stored credential: it shows the token that GitHub or GitLab signs for each job, and gets a session of a role that trusts exactly one repository and one branch, tag or environment. What it may do is given by policies, and a boundary takes away what no pipeline ever needs.",
  makes: [
    {
      what: "An OpenID Connect provider for the issuer",
      why: "The account then trusts the issuer's signatures. An account holds one per issuer, so where there is one already, `provider: existing` uses it.",
      when: "`provider` is `create`",
    },
    {
      what: "A role whose trust compares audience and subject by `StringEquals`",
      why: "There is no pattern that a second repository, a pull request or a fork could fit. With `ownerId` and `repositoryId` not even a new owner of the same names fits.",
    },
    {
      what: "A permission boundary",
      why: "Whatever is attached to the role, it makes no users, keys or identity providers; makes and changes only roles under the same boundary, and never its own; assumes no other role of the account; passes only roles of this environment; stops no trail, recorder or detector; deletes no keys; and leaves neither account nor organization.",
    },
    {
      what: "Attachments of the policies chosen by `power` and `managedPolicies`",
      why: "AWS keeps its own managed policies up to date; finer ones are yours to write.",
    },
  ],
  decided: [
    {
      what: "Power without a choice",
      value: "ViewOnlyAccess",
      why: "Enough to plan. It lists and describes, but reads no object, row or secret.",
      source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ViewOnlyAccess.html",
      asOf,
    },
    {
      what: "Thumbprints of the provider",
      value: "none",
      why: "IAM verifies issuers against the certificate authorities that it trusts; a pinned one only breaks when it is renewed.",
      source:
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html",
      asOf,
    },
    {
      what: "Longest session",
      value: "60 minutes, up to 720 as `sessionMinutes`",
      why: "The shortest that a role can be given. A job asks for less if it needs less.",
      source: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
      asOf,
    },
    {
      what: "Form of GitHub's subject with numbers",
      value: "repo:owner@ownerId/repository@repositoryId:ref:refs/heads/branch",
      why: "The form of repositories made, renamed or moved since 2026-07-15, and of those that opted in.",
      source: "https://docs.github.com/en/actions/reference/security/oidc",
      asOf,
    },
  ],
  notes: [
    "A repository that gets numbers into its tokens, by a rename or by opting in, needs `ownerId` and `repositoryId` from that moment on: STS refuses the old subject without saying why.",
    "On GitLab a subject names branch or tag, never an environment; protect the branch.",
    "Roles under the boundary must carry it. terrane's own components make roles without one, so a pipeline that runs `terrane up` for clusters, databases or flow logs needs an identity of its own with IAM permissions.",
    "The boundary keeps keys from being deleted, so such a pipeline cannot destroy an environment with `encryption` either.",
  ],
  example: "deployer: { type: ci-identity, repository: acme/payments, branch: main }",
};
