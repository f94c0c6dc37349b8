import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clouds, openMemoryClouds } from "../../../src/simulator/clouds.ts";
import { lookUp } from "../../../src/simulator/functions.ts";
import { placeOfProvider } from "../../../src/simulator/provider/configuration.ts";
import { ResourceProvider } from "../../../src/simulator/provider/resource.ts";
import { type Properties, unknown } from "../../../src/values/value.ts";
import { virginia } from "./world.ts";

let clouds: Clouds;
let provider: ResourceProvider;
beforeEach(async () => {
  clouds = await openMemoryClouds();
  provider = new ResourceProvider(clouds, undefined, {});
});
afterEach(() => clouds.close());

const about = (type: string, name = "main") => ({
  urn: `urn:pulumi:s::terrane::${type}::${name}`,
  type,
  place: virginia,
});
const failuresOf = async (type: string, inputs: Properties) =>
  (await provider.check(about(type), inputs, undefined)).failures.map(
    ({ input, reason }) => `${input}: ${reason}`,
  );

describe("the check of inputs", () => {
  it("names everything that is wrong at once", async () => {
    const inputs = { cidrBlok: "10.0.0.0/24", availabilityZone: ["a"] };
    expect(await failuresOf("aws:ec2/subnet:Subnet", inputs)).toEqual([
      'vpcId: Missing required property "vpcId"',
      'cidrBlok: aws:ec2/subnet:Subnet takes no input "cidrBlok"; did you mean "cidrBlock"?',
      "availabilityZone: expected a string, got a list",
    ]);
  });

  it("lets values pass that are not known yet", async () => {
    expect(await failuresOf("aws:ec2/subnet:Subnet", { vpcId: unknown, cidrBlock: unknown })).toEqual([]);
  });

  it.each<[string, Properties, RegExp]>([
    ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.1/16" }, /did you mean "10.0.0.0\/16"/],
    ["aws:ec2/vpc:Vpc", { cidrBlock: "010.0.0.0/16" }, /not a valid IPv4 CIDR block/],
    ["aws:ec2/vpc:Vpc", {}, /must be specified/],
    ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 31 }, /retention_in_days/],
    ["aws:iam/role:Role", { assumeRolePolicy: "{" }, /invalid JSON policy/],
    ["aws:rds/instance:Instance", { instanceClass: "a", identifier: "Orders" }, /lowercase/],
    ["aws:rds/instance:Instance", { instanceClass: "a", identifier: "a--b" }, /hyphen/],
    [
      "aws:rds/instance:Instance",
      { instanceClass: "a", password: "x", manageMasterUserPassword: true },
      /conflicts/,
    ],
    ["aws:kms/key:Key", { deletionWindowInDays: 3 }, /7 - 30/],
    ["gcp:compute/network:Network", { name: "Main" }, /doesn't match/],
    ["kubernetes:core/v1:Namespace", { metadata: { name: "Apps" } }, /no valid name/],
  ])("refuses %s %j", async (type, inputs, message) => {
    expect((await failuresOf(type, inputs)).join("\n")).toMatch(message);
  });

  it("makes a name up once, keeps it, and makes another one for the next life", async () => {
    const type = "aws:iam/role:Role";
    const inputs = {
      assumeRolePolicy: JSON.stringify({
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }],
      }),
    };
    const first = (await provider.check(about(type), inputs, undefined)).inputs;
    expect(first["name"]).toMatch(/^main-[0-9a-f]{7}$/);
    expect((await provider.check(about(type), inputs, undefined)).inputs).toEqual(first);
    expect((await provider.check(about(type), inputs, first)).inputs).toEqual(first);
    await provider.create(about(type), { value: first, secrets: [] });
    expect((await provider.check(about(type), inputs, undefined)).inputs["name"]).not.toBe(first["name"]);
  });

  it("cuts a made-up name to what the cloud allows", async () => {
    const long = about("aws:iam/role:Role", "r".repeat(100));
    const { inputs } = await provider.check(long, { assumeRolePolicy: "{}" }, undefined);
    expect(inputs["name"]).toHaveLength(64);
  });
});

describe("the preview of an update", () => {
  it("keeps what the cloud gave, drops what the program dropped and lays the new inputs over it", () => {
    const state = { id: "x", arn: "arn:1", name: "a", tags: { a: "b" }, visibilityTimeoutSeconds: 30 };
    const before = { name: "a", tags: { a: "b" }, visibilityTimeoutSeconds: 30 };
    const planned = provider.planUpdate(about("aws:sqs/queue:Queue"), state, before, {
      value: { name: "a", visibilityTimeoutSeconds: 60 },
      secrets: [],
    });
    expect(planned.outputs).toMatchObject({ arn: "arn:1", visibilityTimeoutSeconds: 60 });
    expect(planned.outputs).not.toHaveProperty("tags");
  });
});

describe("where a provider works", () => {
  const place = (cloud: string, settings: Properties) => placeOfProvider(cloud, settings, {});

  it("is the account of the role, else the one that is allowed, else the simulator's own", () => {
    const assumeRoles = JSON.stringify([{ roleArn: "arn:aws:iam::444455556666:role/deploy" }]);
    expect(place("aws", { region: "us-east-1", assumeRoles }).account).toBe("444455556666");
    expect(place("aws", { region: "us-east-1", allowedAccountIds: '["111122223333"]' }).account).toBe(
      "111122223333",
    );
    expect(place("aws", { region: "us-east-1" }).account).toBe("123456789012");
  });

  it.each<[string, Properties, RegExp]>([
    ["no region", {}, /invalid AWS Region/],
    ["an unknown region", { region: "us-esat-1" }, /invalid AWS Region: us-esat-1/],
    [
      "an account that is not allowed",
      {
        region: "us-east-1",
        allowedAccountIds: ["1"],
        assumeRoles: [{ roleArn: "arn:aws:iam::444455556666:role/a" }],
      },
      /not allowed: 444455556666/,
    ],
    [
      "an account that is forbidden",
      { region: "us-east-1", forbiddenAccountIds: ["123456789012"] },
      /not allowed/,
    ],
    ["a role that is no ARN", { region: "us-east-1", assumeRoles: [{ roleArn: "deploy" }] }, /invalid ARN/],
  ])("is refused for %s", (_what, settings, message) => {
    expect(() => place("aws", settings)).toThrow(message);
  });

  it("is a project and region on Google Cloud, and a server in Kubernetes, whatever form the kubeconfig has", () => {
    expect(place("gcp", { project: "p", zone: "us-central1-a" })).toMatchObject({
      account: "p",
      region: "us-central1",
    });
    const kubeconfig =
      "current-context: b\nclusters: [{name: one, cluster: {server: https://one}}, {name: two, cluster: {server: https://two/}}]\ncontexts: [{name: a, context: {cluster: one}}, {name: b, context: {cluster: two}}]";
    expect(place("kubernetes", { kubeconfig }).account).toBe("https://two");
    expect(place("kubernetes", { kubeconfig, context: "a" }).account).toBe("https://one");
    expect(place("kubernetes", {}).account).toBe("http://localhost:8080");
    expect(() => place("kubernetes", { kubeconfig: "{" })).toThrow(/failed to parse kubeconfig/);
  });
});

describe("look-ups", () => {
  const look = (token: string, inputs: Properties = {}) => lookUp(token, inputs, virginia).value;

  it("answer identity, region and zones of the provider", () => {
    expect(look("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
      accountId: "111122223333",
    });
    expect(look("aws:index/getRegion:getRegion")).toMatchObject({ region: "us-east-1" });
    expect(
      look("aws:index/getAvailabilityZones:getAvailabilityZones", { region: "us-west-2" }),
    ).toMatchObject({
      names: ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"],
      zoneIds: ["usw2-az2", "usw2-az1", "usw2-az3", "usw2-az4"],
    });
    expect(
      look("aws:index/getAvailabilityZones:getAvailabilityZones", {
        region: "ap-northeast-1",
        excludeZoneIds: ["apne1-az2"],
        excludeNames: ["ap-northeast-1a"],
      }),
    ).toMatchObject({ names: ["ap-northeast-1c"], zoneIds: ["apne1-az1"] });
    expect(look("gcp:compute/getZones:getZones", { region: "us-central1" })["names"]).toContain(
      "us-central1-f",
    );
  });

  it("render policy documents: one or many, principals, conditions, sources and overrides", () => {
    const source = JSON.stringify({
      Statement: [{ Sid: "keep", Effect: "Deny", Action: "a:b", Resource: "*" }],
    });
    const { json } = look("aws:iam/getPolicyDocument:getPolicyDocument", {
      sourcePolicyDocuments: [source],
      statements: [
        {
          sid: "assume",
          actions: ["sts:TagSession", "sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["eks.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
        },
      ],
    });
    expect(JSON.parse(String(json))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "keep", Effect: "Deny", Action: "a:b", Resource: "*" },
        {
          Sid: "assume",
          Effect: "Allow",
          Action: ["sts:TagSession", "sts:AssumeRole"],
          Principal: { Service: "eks.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
  });

  it("answer image parameters, and refuse what is not there", () => {
    const name = "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/recommended/image_id";
    expect(look("aws:ssm/getParameter:getParameter", { name })["value"]).toMatch(/^ami-0[0-9a-f]{16}$/);
    expect(() => look("aws:ssm/getParameter:getParameter", { name: "/mine" })).toThrow(/ParameterNotFound/);
    expect(() => look("aws:ssm/getParameter:getParameter", { nam: "/mine" })).toThrow(/did you mean "name"/);
    expect(() => look("aws:ec2/getVpc:getVpc")).toThrow(/not simulated yet/);
    expect(() => look("aws:ec2/getNothing:getNothing")).toThrow(/no function of the installed SDK/);
  });

  it("mark a token as secret", () => {
    const place = { cloud: "gcp", account: "p", region: "us-central1" };
    expect(lookUp("gcp:organizations/getClientConfig:getClientConfig", {}, place).secrets).toEqual([
      ["accessToken"],
    ]);
  });
});
