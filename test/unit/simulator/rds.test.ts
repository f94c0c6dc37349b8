import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../src/values/value.ts";
import { openSmallWorld, type SmallWorld } from "./world.ts";

const before = ["vpc", "subnet", "subnet-b", "db-subnets", "group", "parameters"];
const trustOf = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });

let world: SmallWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});
afterEach(async () => {
  await world.clouds.close();
});

const refusal = (code: string, message?: RegExp) => ({
  code: "cloud-error",
  details: { code },
  ...(message === undefined ? {} : { message: expect.stringMatching(message) }),
});

const makeDatabase = (inputs: Properties) => world.need("aws", [...before, "database"], inputs);

describe("RDS refuses to make", () => {
  it.each<[string, Properties, string, RegExp]>([
    [
      "a version that there is not",
      { engineVersion: "99" },
      "InvalidParameterCombination",
      /Cannot find version 99/,
    ],
    [
      "another version's parameters",
      { engineVersion: "16" },
      "InvalidParameterCombination",
      /DBParameterGroupFamily postgres17 can't be used/,
    ],
    [
      "a parameter group that there is not",
      { parameterGroupName: "none" },
      "DBParameterGroupNotFound",
      /none/,
    ],
    [
      "a class of the wrong form",
      { instanceClass: "m7g.large" },
      "InvalidParameterValue",
      /Invalid DB Instance class/,
    ],
    ["a retired class", { instanceClass: "db.t2.medium" }, "InvalidParameterCombination", /db.t2.medium/],
    [
      "gp3 speed below 400 GiB",
      { storageType: "gp3", allocatedStorage: 399, iops: 12_000 },
      "InvalidParameterCombination",
      /less than 400/,
    ],
    [
      "too few IOPS",
      { storageType: "gp3", allocatedStorage: 400, iops: 3_000 },
      "InvalidParameterCombination",
      /Invalid iops/,
    ],
    [
      "more throughput than its IOPS carry",
      { storageType: "gp3", allocatedStorage: 400, storageThroughput: 3_001 },
      "InvalidParameterCombination",
      /throughput/,
    ],
    [
      "storage that cannot grow",
      { maxAllocatedStorage: 21 },
      "InvalidParameterCombination",
      /Invalid max storage size/,
    ],
    [
      "a key that there is not",
      { kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/none" },
      "KMSKeyNotAccessibleFault",
      /does not exist/,
    ],
    [
      "measurements without a role",
      { monitoringInterval: 60 },
      "InvalidParameterCombination",
      /MonitoringRoleARN value is required/,
    ],
    [
      "a role that there is not",
      { monitoringInterval: 60, monitoringRoleArn: "arn:aws:iam::111122223333:role/none" },
      "InvalidParameterValue",
      /does not exist/,
    ],
    [
      "insights for 15 months that are kept for a week",
      {
        databaseInsightsMode: "advanced",
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: 7,
      },
      "InvalidParameterCombination",
      /at least 465 days/,
    ],
    [
      "logs that PostgreSQL does not write",
      { enabledCloudwatchLogsExports: ["audit"] },
      "InvalidParameterCombination",
      /log types 'audit'/,
    ],
    [
      "windows that overlap",
      { backupWindow: "23:30-00:30", maintenanceWindow: "mon:00:00-mon:01:00" },
      "InvalidParameterValue",
      /must not overlap/,
    ],
    ["a database whose name SQL could not write", { dbName: "my-shop" }, "InvalidParameterValue", /DBName/],
  ])("%s", async (_what, inputs, code, message) => {
    await expect(makeDatabase(inputs)).rejects.toMatchObject(refusal(code, message));
  });

  it("a database whose key is disabled", async () => {
    await world.make("key", "aws:kms/key:Key", { isEnabled: false });
    await expect(makeDatabase({ kmsKeyId: world.ref("key", "arn") })).rejects.toMatchObject(
      refusal("KMSKeyNotAccessibleFault", /not enabled/),
    );
  });

  it("measurements by a role that does not trust them, but by one that does", async () => {
    const role = (name: string, service: string) =>
      world.make(name, "aws:iam/role:Role", { name, assumeRolePolicy: trustOf(service) });
    await role("wrong", "ec2.amazonaws.com");
    await role("right", "monitoring.rds.amazonaws.com");
    const inputs = (name: string) => ({ monitoringInterval: 60, monitoringRoleArn: world.ref(name, "arn") });
    await expect(makeDatabase(inputs("wrong"))).rejects.toMatchObject(
      refusal("InvalidParameterValue", /ENHANCED_MONITORING/),
    );
    await world.need("aws", ["database"], inputs("right"));
  });

  it("a parameter group of a family that there is not, or with a static parameter at once", async () => {
    await expect(world.need("aws", ["parameters"], { family: "postgres99" })).rejects.toMatchObject(
      refusal("InvalidParameterValue", /postgres99/),
    );
    const parameters = [{ name: "rds.logical_replication", value: "1" }];
    await expect(world.need("aws", ["parameters"], { parameters })).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /static parameter/),
    );
  });
});

describe("a major upgrade at RDS", () => {
  beforeEach(async () => {
    await makeDatabase({ allowMajorVersionUpgrade: true });
    await world.make("pg18", "aws:rds/parameterGroup:ParameterGroup", { name: "pg18", family: "postgres18" });
  });

  it("wants the new version's parameters with it, and then lets the old group go", async () => {
    await expect(world.update("database", { engineVersion: "18" })).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /DBParameterGroupFamily postgres18/),
    );
    await expect(world.remove("parameters")).rejects.toMatchObject(refusal("InvalidDBParameterGroupState"));
    await world.update("database", { engineVersion: "18", parameterGroupName: "pg18" });
    await world.remove("parameters");
  });

  it("wants the flag, and never goes back", async () => {
    const to18 = { engineVersion: "18", parameterGroupName: "pg18" };
    await expect(
      world.update("database", { ...to18, allowMajorVersionUpgrade: false }),
    ).rejects.toMatchObject(refusal("InvalidParameterCombination", /AllowMajorVersionUpgrade/));
    await expect(world.update("database", { engineVersion: "16" })).rejects.toMatchObject(
      refusal("InvalidParameterCombination", /Cannot upgrade postgres from 17/),
    );
  });
});
