import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { openMemoryClouds } from "../../../src/simulator/clouds.ts";
import { type MockOptions, makeMocks } from "../../../src/simulator/mocks.ts";

const valueOf = <T>(value: pulumi.Input<T>): Promise<T> =>
  (pulumi.output(value) as unknown as { promise(): Promise<T> }).promise();
const isSecret = (value: pulumi.Output<unknown>) =>
  (value as unknown as { isSecret: Promise<boolean> }).isSecret;

async function use(options: MockOptions = {}) {
  const clouds = await openMemoryClouds();
  await pulumi.runtime.setMocks(makeMocks(clouds, options), "terrane", "a.virginia.network", false);
  return clouds;
}

describe("the models behind Pulumi's mocks", () => {
  beforeEach(() => use());

  it("give ids, defaults and outputs as a run does, in the explicit provider's region", async () => {
    const provider = new Provider("ireland", { region: "eu-west-1", allowedAccountIds: ["111122223333"] });
    const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
    expect(await valueOf(vpc.arn)).toMatch(/^arn:aws:ec2:eu-west-1:111122223333:vpc\/vpc-0[0-9a-f]{16}$/);
    expect(await valueOf(vpc.enableDnsSupport)).toBe(true);
    expect(await valueOf(getCallerIdentityOutput({}, { provider }).accountId)).toBe("111122223333");
  });

  it("keep secrets secret, wherever they are copied to, and nothing else", async () => {
    const inputs = {
      instanceClass: "db.t4g.medium",
      engine: "postgres",
      allocatedStorage: 20,
      username: "app",
    };
    const token = pulumi.secret("a-long-token");
    const database = new Instance("db", { ...inputs, password: pulumi.secret("hunter2"), tags: { token } });
    expect(await isSecret(database.password as pulumi.Output<unknown>)).toBe(true);
    expect(await isSecret(database.tagsAll)).toBe(true);
    expect(await isSecret(database.arn)).toBe(false);
    expect(await valueOf(database.tagsAll)).toEqual({ token: "a-long-token" });
  });

  it("let references lead out of the program, but refuse wrong inputs", async () => {
    const mocks = makeMocks(await openMemoryClouds());
    const subnet = { type: "aws:ec2/subnet:Subnet", name: "a", custom: true };
    await expect(
      mocks.newResource({ ...subnet, inputs: { vpcId: "vpc-elsewhere", cidrBlock: "10.0.0.0/24" } }),
    ).resolves.toBeDefined();
    await expect(mocks.newResource({ ...subnet, inputs: { cidrBlock: "10.0.0.1/24" } })).rejects.toThrow(
      /vpcId: Missing required/,
    );
  });

  it("refuse what a run would refuse when they are strict", async () => {
    await use({ strict: true });
    const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    await valueOf(new Subnet("a", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" }).id);
    const mocks = makeMocks(await openMemoryClouds(), { strict: true });
    const lost = mocks.newResource({
      type: "aws:ec2/subnet:Subnet",
      name: "a",
      custom: true,
      inputs: { vpcId: "vpc-0", cidrBlock: "10.0.0.0/24" },
    });
    await expect(lost).rejects.toThrow(/InvalidVpcID.NotFound/);
  });

  it("repeat", async () => {
    const draw = async () => {
      await use();
      return valueOf(new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }).id);
    };
    expect(await draw()).toBe(await draw());
  });
});
