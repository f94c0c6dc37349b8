import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awsRegions, zonesOf } from "../../../src/simulator/aws/regions.ts";
import type { Place } from "../../../src/simulator/model.ts";
import { checkInputs } from "../../../src/simulator/provider/check.ts";
import { unknown } from "../../../src/values/value.ts";
import { zonesByRegion } from "../../../stacks/limits/aws.ts";
import { openSmallWorld, type SmallWorld, virginia } from "./world.ts";

const vpcType = "aws:ec2/vpc:Vpc";
const subnetType = "aws:ec2/subnet:Subnet";

let world: SmallWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});
afterEach(() => world.clouds.close());

/** A subnet in a network of that region; answers what the cloud says of it. */
async function subnetIn(region: string, zone: object, name = "subnet", third = 0) {
  const place: Place = { ...virginia, region };
  if (third === 0) await world.make("vpc", vpcType, { cidrBlock: "10.0.0.0/16" }, place);
  const inputs = { vpcId: world.ref("vpc"), cidrBlock: `10.0.${third}.0/24`, ...zone };
  const id = await world.make(name, subnetType, inputs, place);
  const { properties } = await world.clouds.show({ id });
  return [properties["availabilityZone"], properties["availabilityZoneId"]];
}

describe("zones of AWS", () => {
  it.each(awsRegions)("have names and ids of their own in %s, two at least", (region) => {
    const zones = zonesOf(region);
    expect(zones.length).toBeGreaterThanOrEqual(2);
    expect(new Set(zones.map((zone) => zone.name)).size).toBe(zones.length);
    expect(new Set(zones.map((zone) => zone.id)).size).toBe(zones.length);
    for (const { name, id } of zones) {
      expect(name).toMatch(new RegExp(`^${region}[a-f]$`));
      expect(id).toMatch(/^[a-z]+[1-9]-az[1-6]$/);
    }
  });

  it("are not numbered in the order of their letters where AWS does not number them so", () => {
    const idsOf = (region: string) => zonesOf(region).map((zone) => zone.id);
    expect(idsOf("us-west-1").sort()).toEqual(["usw1-az1", "usw1-az3"]);
    expect(idsOf("ca-central-1").sort()).toEqual(["cac1-az1", "cac1-az2", "cac1-az4"]);
    expect(idsOf("ap-northeast-1")).toEqual(["apne1-az4", "apne1-az1", "apne1-az2"]);
  });

  it("go by name or by id, and the other one is answered", async () => {
    expect(await subnetIn("ap-northeast-1", { availabilityZoneId: "apne1-az4" })).toEqual([
      "ap-northeast-1a",
      "apne1-az4",
    ]);
    expect(await subnetIn("ap-northeast-1", { availabilityZone: "ap-northeast-1c" }, "other", 1)).toEqual([
      "ap-northeast-1c",
      "apne1-az1",
    ]);
  });

  it.each<[string, object, string]>([
    [
      "ap-northeast-1",
      { availabilityZoneId: "apne1-az3" },
      "Value (apne1-az3) for parameter availabilityZoneId is invalid. Subnets can currently only be created in the following availability zones: apne1-az1, apne1-az2, apne1-az4.",
    ],
    [
      "us-west-1",
      { availabilityZone: "us-west-1c" },
      "Value (us-west-1c) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-west-1a, us-west-1b.",
    ],
    [
      "us-east-1",
      { availabilityZoneId: "use2-az1" },
      "Value (use2-az1) for parameter availabilityZoneId is invalid. Subnets can currently only be created in the following availability zones: use1-az1, use1-az2, use1-az3, use1-az4, use1-az5, use1-az6.",
    ],
  ])("of %s: %j is refused in EC2's words", async (region, zone, message) => {
    await expect(subnetIn(region, zone)).rejects.toMatchObject({
      code: "cloud-error",
      details: { code: "InvalidParameterValue" },
      message: expect.stringContaining(`api error InvalidParameterValue: ${message}`),
    });
    expect(await world.clouds.list({ type: subnetType })).toEqual([]);
  });

  it("may be given by name or by id, not by both, known or not", async () => {
    const check = async (zone: object) =>
      (await checkInputs(subnetType, { vpcId: "vpc-1", ...zone }, undefined, async () => "")).failures;
    const conflict = [
      {
        input: "availabilityZone",
        reason: '"availability_zone": conflicts with availability_zone_id',
      },
    ];
    expect(await check({ availabilityZone: "us-east-1a", availabilityZoneId: "use1-az6" })).toEqual(conflict);
    expect(await check({ availabilityZone: unknown, availabilityZoneId: unknown })).toEqual(conflict);
    expect(await check({ availabilityZone: "us-east-1a" })).toEqual([]);
    expect(await check({ availabilityZoneId: "use1-az6" })).toEqual([]);
  });

  it.each(["use1-az3", "cac1-az3", "usw1-az2"])("%s takes no EKS cluster", async (zone) => {
    const region = { use1: "us-east-1", cac1: "ca-central-1", usw1: "us-west-1" }[zone.slice(0, 4)] ?? "";
    // Accounts that were never given a zone cannot even have a subnet there.
    if (!zonesOf(region).some(({ id }) => id === zone)) {
      await expect(subnetIn(region, { availabilityZoneId: zone })).rejects.toThrow(/availabilityZoneId/);
      return;
    }
    await subnetIn(region, { availabilityZoneId: zone });
    await subnetIn(region, { availabilityZoneId: "use1-az1" }, "other", 1);
    await world.need("aws", ["role"]);
    const cluster = world.make("cluster", "aws:eks/cluster:Cluster", {
      name: "main",
      roleArn: world.ref("role", "arn"),
      vpcConfig: { subnetIds: [world.ref("subnet"), world.ref("other")] },
    });
    await expect(cluster).rejects.toThrow(/UnsupportedAvailabilityZoneException.* because us-east-1e,/);
  });

  it("hold a database in one of its subnets, and it stays there", async () => {
    const names = ["vpc", "subnet", "subnet-b", "db-subnets", "group", "parameters", "database"];
    await world.need("aws", names);
    const zone = async () =>
      (await world.clouds.show({ type: "aws:rds/instance:Instance" })).properties["availabilityZone"];
    const first = await zone();
    expect(["us-east-1a", "us-east-1b"]).toContain(first);
    await world.update("database", { allocatedStorage: 100 });
    expect(await zone()).toBe(first);
  });

  it("differ from those that components choose from only where a component must not or need not go", () => {
    const regions = [...new Set([...awsRegions, ...Object.keys(zonesByRegion.byName)])].sort();
    const differences = regions.flatMap((region) => {
      const simulated = zonesOf(region).map((zone) => zone.id);
      const chosen = zonesByRegion.byName[region] ?? [];
      return [
        ...simulated.filter((id) => !chosen.includes(id)).map((id) => `${region}: ${id} is never chosen`),
        ...chosen.filter((id) => !simulated.includes(id)).map((id) => `${region}: ${id} is not simulated`),
      ];
    });
    console.info(differences.join("\n"));
    expect(differences.sort()).toEqual([
      "ap-east-2: ape2-az1 is never chosen",
      "ap-east-2: ape2-az2 is never chosen",
      "ap-east-2: ape2-az3 is never chosen",
      "ap-southeast-6: apse6-az1 is never chosen",
      "ap-southeast-6: apse6-az2 is never chosen",
      "ap-southeast-6: apse6-az3 is never chosen",
      // Newly opened.
      "eu-west-2: euw2-az4 is never chosen",
      // Takes no EKS cluster.
      "us-east-1: use1-az3 is never chosen",
    ]);
  });
});
