import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { matches } from "../../../src/simulator/aws/policy-document.ts";
import { checkInputs } from "../../../src/simulator/provider/check.ts";
import type { Properties } from "../../../src/values/value.ts";
import { modelCases, pipelineTrust } from "../../contract/simulator-cases.ts";
import { openSmallWorld, type SmallWorld, seeRefused } from "./world.ts";

let world: SmallWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});
afterEach(() => world.clouds.close());

const refused = (
  names: readonly string[],
  inputs: (ref: SmallWorld["ref"]) => Properties,
  code: string,
  message: RegExp,
) => seeRefused(world, names, inputs, { code, message });

const failuresOf = async (name: string, inputs: Properties) => {
  const { type, inputs: sound } = modelCases["aws"]?.[name] ?? { type: "", inputs: () => ({}) };
  const checked = await checkInputs(type, { ...sound(() => "x"), ...inputs }, undefined, async () => "name");
  return checked.failures.map(({ reason }) => reason);
};

const interfaceNeeds = ["vpc", "subnet", "subnet-b", "group"];

describe("AWS refuses an endpoint", () => {
  it.each<[string, readonly string[], Properties, string, RegExp]>([
    [
      "of a service that there is not",
      ["vpc", "table", "gateway-endpoint"],
      { serviceName: "com.amazonaws.us-east-1.s4" },
      "InvalidServiceName",
      /The Vpc Endpoint Service 'com\.amazonaws\.us-east-1\.s4' does not exist/,
    ],
    [
      "of a service of another region",
      ["vpc", "table", "gateway-endpoint"],
      { serviceName: "com.amazonaws.us-west-2.s3" },
      "InvalidServiceName",
      /us-west-2\.s3' does not exist/,
    ],
    [
      "of a kind that its service does not have",
      ["vpc", "table", "gateway-endpoint"],
      { serviceName: "com.amazonaws.us-east-1.ecr.api" },
      "InvalidParameter",
      /Endpoint type \(Gateway\) does not match available service types \(\[Interface\]\)/,
    ],
    [
      "that routes lead to and that has subnets",
      [...interfaceNeeds, "table", "interface-endpoint"],
      { routeTableIds: ["table"] },
      "InvalidRouteTableID.NotFound",
      /table/,
    ],
    [
      "in a network that resolves no host names",
      [...interfaceNeeds, "interface-endpoint"],
      {},
      "InvalidParameter",
      /requires both enableDnsSupport and enableDnsHostnames/,
    ],
    [
      "whose policy is too long",
      ["vpc", "table", "gateway-endpoint"],
      { policy: JSON.stringify({ Statement: ["x".repeat(20_480)] }) },
      "InvalidPolicyDocument",
      /20480 are allowed/,
    ],
  ])("%s", async (title, names, inputs, code, message) => {
    if (title.includes("host names")) {
      await world.need("aws", ["vpc"], { enableDnsHostnames: false });
      await refused(names.slice(1), () => inputs, code, message);
      return;
    }
    await refused(names, () => inputs, code, message);
  });

  it("with route tables and subnets at once", () =>
    refused(
      [...interfaceNeeds, "table", "interface-endpoint"],
      (ref) => ({ routeTableIds: [ref("table")] }),
      "InvalidParameter",
      /Route table IDs are only supported for Gateway type/,
    ));

  it("whose subnets share a zone", async () => {
    await world.need("aws", [...interfaceNeeds, "subnet-b"], { cidrBlock: "10.0.2.0/24" });
    const other = (await world.clouds.list({ type: "aws:ec2/subnet:Subnet" })).map(({ id }) => id);
    await refused(
      ["interface-endpoint"],
      () => ({ subnetIds: other.slice(1) }),
      "DuplicateSubnetsInSameZone",
      /Found another VPC endpoint subnet in the availability zone/,
    );
  });

  it("whose name leads to another one already", () =>
    refused(
      [...interfaceNeeds, "interface-endpoint", "interface-endpoint"],
      () => ({}),
      "InvalidParameter",
      /conflicting DNS domain for api\.ecr\.us-east-1\.amazonaws\.com in the VPC vpc-/,
    ));

  it("whose route a table has already", () =>
    refused(
      ["vpc", "table", "gateway-endpoint", "gateway-endpoint"],
      () => ({}),
      "RouteAlreadyExists",
      /already has a route with destination-prefix-list-id pl-/,
    ));

  it("beyond twenty gateway endpoints of a region, while interface endpoints are counted apart", async () => {
    await world.need("aws", [...interfaceNeeds, "interface-endpoint"]);
    const inputs = { vpcId: world.ref("vpc"), serviceName: "com.amazonaws.us-east-1.s3" };
    const type = "aws:ec2/vpcEndpoint:VpcEndpoint";
    for (let count = 0; count < 20; count += 1) await world.make(`endpoint-${count}`, type, inputs);
    await expect(world.make("endpoint-20", type, inputs)).rejects.toMatchObject({
      details: { code: "VpcEndpointLimitExceeded" },
    });
  });

  it.each(["subnet", "group", "vpc"])("and the end of the %s it stands in", async (blocker) => {
    await world.need("aws", [...interfaceNeeds, "interface-endpoint"]);
    await expect(world.remove(blocker)).rejects.toMatchObject({ details: { code: "DependencyViolation" } });
  });
});

describe("KMS", () => {
  const document = (statement: Properties) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Resource: "*", ...statement }] });

  it.each<[string, string, string, RegExp]>([
    ["is no JSON", "{", "MalformedPolicyDocumentException", /not valid JSON/],
    [
      "locks everybody out",
      document({ Principal: { Service: "logs.us-east-1.amazonaws.com" }, Action: "kms:*" }),
      "MalformedPolicyDocumentException",
      /will not allow you to update the key policy in the future/,
    ],
    [
      "lets administer only under a condition",
      document({ Principal: { AWS: "*" }, Action: "kms:*", Condition: { Bool: { x: "true" } } }),
      "MalformedPolicyDocumentException",
      /will not allow you to update/,
    ],
    [
      "names a role that is not there",
      document({ Principal: { AWS: "arn:aws:iam::111122223333:role/none" }, Action: "kms:*" }),
      "MalformedPolicyDocumentException",
      /invalid principals/,
    ],
    [
      "is larger than 32 KB",
      document({ Principal: { AWS: "*" }, Action: ["kms:*", "x".repeat(32_768)] }),
      "LimitExceededException",
      /32768/,
    ],
  ])("refuses a key policy that %s", (_, policy, code, message) =>
    refused(["key", "key-policy"], () => ({ policy }), code, message),
  );

  it("refuses an alias of its own, and the fifty-first of a key", async () => {
    await refused(["key", "key-alias"], () => ({ name: "alias/aws/rds" }), "NotAuthorizedException", /AWS/);
    const type = "aws:kms/alias:Alias";
    const make = (count: number) =>
      world.make(`alias-${count}`, type, { name: `alias/a${count}`, targetKeyId: world.ref("key") });
    for (let count = 0; count < 50; count += 1) await make(count);
    await expect(make(50)).rejects.toMatchObject({ details: { code: "LimitExceededException" } });
  });

  it("rotates within 90 to 2560 days, as its provider knows without asking", async () => {
    expect(await failuresOf("key", { enableKeyRotation: true, rotationPeriodInDays: 89 })).toEqual([
      "expected rotation_period_in_days to be in the range (90 - 2560), got 89",
    ]);
    expect(await failuresOf("key", { enableKeyRotation: true, rotationPeriodInDays: 2560 })).toEqual([]);
  });
});

describe("CloudWatch Logs", () => {
  const message =
    /The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:us-east-1:\d+:log-group:/;

  it("takes no key that its policy keeps from the log group", () =>
    refused(
      ["key", "key-policy", "encrypted-logs"],
      () => ({ name: "/pay/main" }),
      "AccessDeniedException",
      message,
    ));

  it("takes no key whose policy does not know it", () =>
    refused(["key", "encrypted-logs"], () => ({}), "AccessDeniedException", message));

  it("takes no key that is not there", () =>
    refused(
      ["key", "key-policy", "encrypted-logs"],
      () => ({ kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0" }),
      "AccessDeniedException",
      message,
    ));
});

describe("IAM", () => {
  const trusting = (change: (trust: string) => string) => () => ({ assumeRolePolicy: change(pipelineTrust) });

  it.each<[string, (trust: string) => string]>([
    ["without a subject", (trust) => trust.replace(":sub", ":ref")],
    ["with a subject that fits all", (trust) => trust.replace("repo:acme/payments:ref:refs/heads/main", "*")],
  ])("refuses a trust in GitHub's tokens %s", (_, change) =>
    refused(
      ["policy", "oidc", "pipeline-role"],
      trusting(change),
      "MalformedPolicyDocument",
      /must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, token\.actions\.githubusercontent\.com:sub which is not scoped to all/,
    ),
  );

  it("refuses a trust in what is no provider", () =>
    refused(
      ["policy", "oidc", "pipeline-role"],
      trusting((trust) => trust.replace("arn:aws:iam::111122223333:oidc-provider/", "https://")),
      "MalformedPolicyDocument",
      /Federated principals must be valid domain names or SAML metadata ARNs/,
    ));

  it("refuses a boundary that is not there, and keeps one that holds a role", async () => {
    await refused(
      ["policy", "oidc", "pipeline-role"],
      () => ({ permissionsBoundary: "arn:aws:iam::111122223333:policy/none" }),
      "NoSuchEntity",
      /Scope ARN: arn:aws:iam::111122223333:policy\/none does not exist or is not attachable/,
    );
    await world.need("aws", ["pipeline-role"]);
    await expect(world.remove("policy")).rejects.toMatchObject({ details: { code: "DeleteConflict" } });
  });

  it("counts a policy's characters without whitespace", () => {
    const wide = JSON.parse(String(modelCases["aws"]?.["policy"]?.inputs(() => "")["policy"])) as object;
    const actions = (count: number) =>
      JSON.stringify({ ...wide, Statement: [{ Effect: "Allow", Action: "s".repeat(count), Resource: "*" }] });
    const policy = actions(6144);
    return refused(
      ["policy"],
      () => ({ policy }),
      "LimitExceeded",
      /Cannot exceed quota for PolicySize: 6144/,
    );
  });

  it("bounds sessions and wants issuers by https, as its provider knows without asking", async () => {
    expect(await failuresOf("role", { maxSessionDuration: 900 })).toEqual([
      "expected max_session_duration to be in the range (3600 - 43200), got 900",
    ]);
    expect(await failuresOf("oidc", { url: "http://token.example.com" })).toEqual([
      '"url" has to use HTTPS scheme (i.e. begin with https://)',
    ]);
  });
});

describe("a pattern of a policy", () => {
  it.each([
    ["kms:*", "kms:Decrypt", true],
    ["kms:GenerateDataKey*", "kms:GenerateDataKey", true],
    ["kms:De?rypt", "kms:Decrypt", true],
    ["kms:Decrypt", "kms:DecryptAll", false],
    ["*/shop-*", "/terrane/shop-vpc", true],
    ["*/shop-*", "/terrane/pay-shop", false],
    ["", "", true],
    ["*", "", true],
  ])("%s and the text %s: %s", (pattern, text, fits) => expect(matches(pattern, text)).toBe(fits));
});
