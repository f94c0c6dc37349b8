import { describe, expect, test } from "vitest";
import { environmentClasses } from "../../../src/model/words.ts";
import { keyPolicy, keyPurposes } from "../../../stacks/foundation/encryption/aws-policies.ts";
import { encryption } from "../../../stacks/foundation/encryption/contract.ts";
import { renderComponent } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

const base = { contract: encryption } as const;

test("has one key, policy and alias for each purpose", async () => {
  const { ofType, outputs } = await renderComponent(base);
  for (const type of ["Key", "KeyPolicy", "Alias"]) {
    expect(ofType(type).map(({ name }) => name)).toEqual([
      "encryption-cluster",
      "encryption-database",
      "encryption-log",
    ]);
  }
  expect(ofType("Alias").map(({ inputs }) => inputs["name"])).toEqual([
    expect.stringMatching(/^alias\/payments-dev-encryption-cluster-[0-9a-f]{6}$/),
    expect.stringMatching(/^alias\/payments-dev-encryption-database-[0-9a-f]{6}$/),
    expect.stringMatching(/^alias\/payments-dev-encryption-log-[0-9a-f]{6}$/),
  ]);
  expect(outputs).toEqual({
    databaseKeyId: { kind: "known", value: "arn:aws:kms:us-east-1:111122223333:key/encryption-database" },
    clusterKeyId: { kind: "known", value: "arn:aws:kms:us-east-1:111122223333:key/encryption-cluster" },
    logKeyId: { kind: "known", value: "arn:aws:kms:us-east-1:111122223333:key/encryption-log" },
  });
});

test.each(environmentClasses)(
  "in class %s a key rotates, and can be brought back for as long as that class wants",
  async (environmentClass) => {
    const { ofType } = await renderComponent({ ...base, environmentClass });
    const days = { prod: 30, staging: 14, dev: 7, sandbox: 7 }[environmentClass];
    for (const { inputs } of ofType("Key")) {
      expect(inputs).toMatchObject({
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: days,
      });
    }
  },
);

test("the period of rotation is the user's", async () => {
  const { ofType } = await renderComponent({ ...base, fields: { rotationDays: 90 } });
  expect(ofType("Key").map(({ inputs }) => inputs["rotationPeriodInDays"])).toEqual([90, 90, 90]);
});

test.each([
  ["rotationDays", 89],
  ["rotationDays", 2561],
  ["deletionWindowDays", 6],
  ["deletionWindowDays", 31],
])("%s of %i is what KMS does not take", (field, days) => {
  expect(encryption.fields.safeParse({ [field]: days }).success).toBe(false);
});

test("the keys' policies are known to a preview where the site says its account, and only then", async () => {
  const policies = async (account?: string) => {
    const site = account === undefined ? sites.aws : { ...sites.aws, account };
    const { ofType } = await renderComponent({ ...base, site, preview: true });
    return ofType("KeyPolicy").map(({ inputs }) => inputs["policy"]);
  };
  for (const policy of await policies("444455556666")) {
    expect(policy).toContain("arn:aws:iam::444455556666:root");
  }
  for (const policy of await policies()) expect(policy).toEqual({ $terrane: "unknown" });
});

const place = { account: "111122223333", region: "eu-west-1", environment: "shop" };
const statementsOf = (purpose: (typeof keyPurposes)[number]) =>
  JSON.parse(keyPolicy(purpose, place)).Statement as readonly Record<string, unknown>[];

describe.each(keyPurposes)("the policy of the %s key", (purpose) => {
  test("lets the account administer it, so that nobody is locked out", () => {
    expect(statementsOf(purpose)[0]).toEqual({
      Sid: "Administration",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: ["kms:*"],
      Resource: ["*"],
    });
  });

  test("lets nobody else in without a condition, and administers by nobody else", () => {
    for (const { Condition, Action } of statementsOf(purpose).slice(1)) {
      expect(Condition).toBeDefined();
      expect((Action as string[]).filter((action) => /\*$|Put|Delete|Schedule|Disable/.test(action))).toEqual(
        (Action as string[]).filter((action) => /ReEncrypt\*|GenerateDataKey\*/.test(action)),
      );
    }
  });
});

test.each([
  ["database", ["rds", "secretsmanager"]],
  ["cluster", ["ec2", "eks"]],
] as const)(
  "the %s key is used through %s alone, from this account, and granted to services",
  (purpose, services) => {
    const [, use, grants, ...others] = statementsOf(purpose);
    const own = {
      "kms:CallerAccount": "111122223333",
      "kms:ViaService": services.map((service) => `${service}.eu-west-1.amazonaws.com`),
    };
    expect(others).toEqual([]);
    expect(use).toMatchObject({ Condition: { StringEquals: own } });
    expect(use?.["Action"]).not.toContain("kms:CreateGrant");
    expect(grants).toMatchObject({
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Condition: { StringEquals: own, Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
  },
);

test("the log key is CloudWatch Logs' alone, for log groups of this environment in this account and region", () => {
  const [, logs, ...others] = statementsOf("log");
  expect(others).toEqual([]);
  expect(logs).toMatchObject({
    Principal: { Service: "logs.eu-west-1.amazonaws.com" },
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*/shop-*",
      },
    },
  });
});
