import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundaryPolicy } from "../../../stacks/foundation/ci-identity/aws-boundary.ts";
import { checkSource } from "../../../stacks/foundation/ci-identity/checks.ts";
import { ciIdentity } from "../../../stacks/foundation/ci-identity/contract.ts";
import { type PipelineSource, subjectOf } from "../../../stacks/foundation/ci-identity/subject.ts";
import { policySize } from "../../../stacks/limits/aws-identity.ts";
import { renderComponent } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

const base = {
  contract: ciIdentity,
  name: "deployer",
  fields: { repository: "acme/payments", branch: "main" },
} as const;
const withFields = (fields: Record<string, unknown>) => ({
  ...base,
  fields: { ...base.fields, ...fields } as Record<string, string>,
});
const trustOf = (role: { readonly inputs: Readonly<Record<string, unknown>> }) =>
  JSON.parse(role.inputs["assumeRolePolicy"] as string).Statement;

test("trusts one branch of one repository by audience and subject, and nothing by pattern", async () => {
  const { only, outputs } = await renderComponent(base);
  expect(only("OpenIdConnectProvider").inputs).toMatchObject({
    url: "https://token.actions.githubusercontent.com",
    clientIdLists: ["sts.amazonaws.com"],
  });
  expect(trustOf(only("Role"))).toEqual([
    {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:::openidconnectprovider-deployer-provider" },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:acme/payments:ref:refs/heads/main",
        },
      },
    },
  ]);
  expect(outputs["subject"]).toEqual({ kind: "known", value: "repo:acme/payments:ref:refs/heads/main" });
});

test("with its numbers a repository is known for ever, whoever has its name later", async () => {
  const { only } = await renderComponent(withFields({ ownerId: 123456, repositoryId: 456789 }));
  expect(trustOf(only("Role"))[0].Condition.StringEquals).toMatchObject({
    "token.actions.githubusercontent.com:sub": "repo:acme@123456/payments@456789:ref:refs/heads/main",
    "token.actions.githubusercontent.com:repository_id": "456789",
  });
});

test("a provider that the account has is named by account and issuer, and none is made", async () => {
  const fields = { provider: "existing", pipeline: "gitlab-ci", issuer: "https://git.acme.example/ci" };
  const { only, ofType } = await renderComponent(withFields(fields));
  expect(ofType("OpenIdConnectProvider")).toEqual([]);
  expect(trustOf(only("Role"))[0]).toMatchObject({
    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/git.acme.example/ci" },
    Condition: {
      StringEquals: {
        "git.acme.example/ci:aud": "https://gitlab.com",
        "git.acme.example/ci:sub": "project_path:acme/payments:ref_type:branch:ref:main",
      },
    },
  });
  const site = { ...sites.aws, account: "444455556666" };
  const planned = await renderComponent({ ...withFields(fields), site, preview: true });
  expect(planned.only("Role").inputs["assumeRolePolicy"]).toContain(
    "arn:aws:iam::444455556666:oidc-provider/git.acme.example/ci",
  );
});

test.each([
  ["none", []],
  ["view", ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]],
  ["deploy", ["arn:aws:iam::aws:policy/PowerUserAccess"]],
])("power %s attaches %j", async (power, policies) => {
  const { ofType } = await renderComponent(withFields({ power }));
  expect(ofType("RolePolicyAttachment").map(({ inputs }) => inputs["policyArn"])).toEqual(policies);
});

test("another policy renames none, and one that is there by power is attached once", async () => {
  const own = "arn:aws:iam::111122223333:policy/team/Push";
  const same = "arn:aws:iam::444455556666:policy/Push";
  const names = async (managedPolicies: readonly string[]) => {
    const { ofType } = await renderComponent(withFields({ managedPolicies }));
    return ofType("RolePolicyAttachment").map(({ name }) => name);
  };
  const view = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";
  expect(await names([view])).toHaveLength(1);
  expect(new Set(await names([own, same])).size).toBe(3);
  expect(await names([same, own])).toEqual(expect.arrayContaining([...(await names([own]))]));
});

test("sessions are as long as the user says, and the role stands under its boundary", async () => {
  const { only } = await renderComponent(withFields({ sessionMinutes: 90 }));
  expect(only("Role").inputs).toMatchObject({
    maxSessionDuration: 5400,
    permissionsBoundary: `arn:aws:iam::111122223333:policy/${only("Policy").inputs["name"]}`,
  });
});

describe("the boundary", () => {
  const names = { boundary: "shop-deployer-boundary-1", role: "shop-deployer-1", environment: "shop" };
  const statements = JSON.parse(boundaryPolicy(names)).Statement as readonly {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource?: readonly string[];
    readonly Condition?: unknown;
  }[];
  const denied = statements.filter(({ Effect }) => Effect === "Deny");
  const isDenied = (action: string, resource = "*") =>
    denied.some(
      ({ Action, Resource }) =>
        Action.some((each) => new RegExp(`^${each.replaceAll("*", ".*")}$`).test(action)) &&
        (Resource === undefined || Resource.includes(resource)),
    );

  test("fits into a managed policy, also with the longest names", () => {
    const longest = { boundary: "b".repeat(128), role: "r".repeat(64), environment: "e".repeat(40) };
    expect(boundaryPolicy(longest).length).toBeLessThanOrEqual(policySize.most);
  });

  test.each([
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "iam:CreateOpenIDConnectProvider",
    "iam:UpdateAssumeRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "cloudtrail:StopLogging",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "organizations:LeaveOrganization",
    "account:CloseAccount",
  ])("denies %s everywhere", (action) => {
    const unconditional = denied.filter(({ Condition }) => Condition === undefined);
    expect(
      unconditional.some(({ Action, Resource }) => Resource?.includes("*") && Action.includes(action)),
    ).toBe(true);
  });

  test("keeps the pipeline from its own role and from the boundary itself", () => {
    for (const action of ["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRole", "iam:UpdateRole"]) {
      expect(isDenied(action, "arn:aws:iam::*:role/shop-deployer-1"), action).toBe(true);
    }
    for (const action of ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"]) {
      expect(isDenied(action, "arn:aws:iam::*:policy/shop-deployer-boundary-1"), action).toBe(true);
    }
  });

  test("lets it make roles under the same boundary alone", () => {
    expect(denied.find(({ Action }) => Action.includes("iam:CreateRole"))).toMatchObject({
      Resource: ["*"],
      Condition: {
        StringNotLike: { "iam:PermissionsBoundary": "arn:aws:iam::*:policy/shop-deployer-boundary-1" },
      },
    });
  });

  test("takes nothing from what a deployment does", () => {
    for (const action of [
      "s3:PutObject",
      "eks:UpdateClusterConfig",
      "iam:GetRole",
      "kms:Decrypt",
      "ecr:PutImage",
    ]) {
      expect(isDenied(action), action).toBe(false);
    }
  });
});

describe("a source that is not exactly one pipeline is refused", () => {
  const github = { pipeline: "github-actions", repository: "acme/payments" } as const;
  const gitlab = { pipeline: "gitlab-ci", repository: "acme/shop/payments" } as const;

  test.each<[string, PipelineSource, string, string]>([
    [
      "every repository of an owner",
      { ...github, repository: "acme/*", branch: "main" },
      "repository",
      "bad-value",
    ],
    ["an owner alone", { ...github, repository: "acme", branch: "main" }, "repository", "bad-value"],
    ["a subgroup on GitHub", { ...github, repository: "a/b/c", branch: "main" }, "repository", "bad-value"],
    ["every branch", github, "branch", "missing-key"],
    ["a branch and a tag", { ...github, branch: "main", tag: "v1" }, "tag", "bad-value"],
    [
      "a branch and an environment",
      { ...github, branch: "main", pipelineEnvironment: "prod" },
      "pipelineEnvironment",
      "bad-value",
    ],
    [
      "an environment of GitLab",
      { ...gitlab, pipelineEnvironment: "prod" },
      "pipelineEnvironment",
      "unsupported",
    ],
    [
      "numbers of GitLab",
      { ...gitlab, branch: "main", ownerId: 1, repositoryId: 2 },
      "ownerId",
      "unsupported",
    ],
    ["half of the numbers", { ...github, branch: "main", repositoryId: 2 }, "repositoryId", "bad-value"],
  ])("%s", (_, source, field, code) => {
    expect(checkSource(source)).toMatchObject([{ field, code, allowed: expect.any(String) }]);
  });

  test.each<[PipelineSource, string]>([
    [{ ...github, tag: "v1.2.0" }, "repo:acme/payments:ref:refs/tags/v1.2.0"],
    [{ ...github, pipelineEnvironment: "production" }, "repo:acme/payments:environment:production"],
    [{ ...gitlab, tag: "v1" }, "project_path:acme/shop/payments:ref_type:tag:ref:v1"],
  ])("while %j is one: %s", (source, subject) => {
    expect(checkSource(source)).toEqual([]);
    expect(subjectOf(source)).toBe(subject);
  });

  test("no two sources share a subject", () => {
    const text = fc.stringMatching(/^[a-z][a-z0-9/-]{0,8}$/);
    const sources = fc.record({
      pipeline: fc.constantFrom("github-actions" as const, "gitlab-ci" as const),
      repository: fc.stringMatching(/^[a-z]{1,3}\/[a-z]{1,3}$/),
      selector: fc.constantFrom("branch" as const, "tag" as const, "pipelineEnvironment" as const),
      value: text,
    });
    fc.assert(
      fc.property(sources, sources, (left, right) => {
        const toSource = ({ pipeline, repository, selector, value }: typeof left): PipelineSource => ({
          pipeline,
          repository,
          [selector]: value,
        });
        const [one, other] = [toSource(left), toSource(right)];
        fc.pre(checkSource(one).length === 0 && checkSource(other).length === 0);
        expect(subjectOf(one) === subjectOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

test.each(["main branch", "release/*", "a:b", "ma?n"])(
  "the branch %j is none that a token could name",
  (branch) => {
    expect(ciIdentity.fields.safeParse({ repository: "acme/payments", branch }).success).toBe(false);
  },
);

test.each([
  "http://git.example.com",
  "https://git.example.com/",
  "https://git.example.com?x=1",
  "https://a b",
])("the issuer %s is refused", (issuer) => {
  expect(ciIdentity.fields.safeParse({ ...base.fields, issuer }).success).toBe(false);
});
