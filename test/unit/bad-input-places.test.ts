import { describe, expect, it } from "vitest";
import { continents, regionsOf } from "../../src/catalog/cloud.ts";
import { cloudRules } from "../../stacks/clouds.ts";
import { zonesByRegion } from "../../stacks/limits/aws.ts";
import { blueprint, only, placeOf, validate } from "./blueprint/documents.ts";

const site = (cloud: string, region: string) =>
  blueprint({
    sites: `home: { cloud: ${cloud}, region: ${region}, role: primary }`,
    components: "net: { type: vpc, zones: 2 }",
  });
const errorsOf = (text: string) =>
  validate(text).problems.filter(
    (each) => each.severity === "error" && each.path !== "/components/net/zones",
  );

describe("bad input: places", () => {
  it.each([
    ["aws", "us-esat-1", "us-east-1"],
    ["gcp", "us-centrall", "us-central1"],
    ["azure", "westeurop", "westeurope"],
  ])("47: %s has no region %s, and %s is near", (cloud, region, nearest) => {
    const text = site(cloud, region);
    const [problem] = errorsOf(text);
    expect(problem).toMatchObject({
      code: "bad-value",
      seen: region,
      nearest,
      position: placeOf(text, region),
    });
    expect(problem?.message).toContain("(list of 2026-11-21)");
  });

  it.each([
    ["aws", "us-east-1a", "us-east-1"],
    ["gcp", "us-central1-f", "us-central1"],
    ["azure", "westeurope-2", "westeurope"],
  ])("47: a zone of %s, %s, is told its region", (cloud, zone, region) => {
    expect(errorsOf(site(cloud, zone))[0]).toMatchObject({
      message: `${zone} is a zone of ${region}`,
      nearest: region,
    });
  });

  it.each([
    ["aws", "europe-west1", "Google Cloud", "AWS", "eu-central-1"],
    ["gcp", "eastus", "Azure", "Google Cloud", "us-east4"],
    ["azure", "ap-south-1", "AWS", "Azure", "centralindia"],
  ])(
    "47: on %s, %s of %s is answered with regions on the same continent",
    (cloud, region, owner, title, near) => {
      const [problem] = errorsOf(site(cloud, region));
      expect(problem?.message).toBe(`${region} is a region of ${owner}, not of ${title}`);
      expect(problem?.allowed).toContain(near);
    },
  );

  it.each([
    ["aws", "us-gov-west-1", "AWS GovCloud (US)"],
    ["aws", "cn-north-1", "AWS China"],
    ["azure", "usgovvirginia", "Azure Government"],
  ])("47: on %s, %s belongs to another partition", (cloud, region, partition) => {
    expect(errorsOf(site(cloud, region))[0]?.message).toContain(`${region} belongs to ${partition}`);
  });

  it("47: a region that must be enabled first is a warning", () => {
    const problem = only(validate(site("aws", "eu-south-1")).problems);
    expect(problem).toMatchObject({
      severity: "warning",
      message: "an account must enable eu-south-1 before it can be used",
    });
  });

  it("50: what a cloud lacks says why, and which clouds have it", () => {
    const text = blueprint({
      components: "net: { type: vpc }\nbox: { type: tunnel, sites: [virginia], between: [net] }",
    });
    const support = validate(text).problems.filter(
      (each) => each.position?.line === placeOf(text, "tunnel").line,
    );
    expect(support.length).toBeGreaterThan(0);
    expect(support[0]?.message).toMatch(/^tunnel on aws: .+\.$/);
  });
});

describe("tables of places", () => {
  it.each(cloudRules.map((rules) => [rules.cloud, rules] as const))(
    "%s names each region once, on one continent",
    (_, rules) => {
      const all = regionsOf(rules);
      expect(new Set(all).size).toBe(all.length);
      expect(continents.every((continent) => Array.isArray(rules.regions[continent]))).toBe(true);
      for (const region of rules.optInRegions) expect(all).toContain(region);
      for (const region of Object.keys(rules.otherPartitions)) expect(all).not.toContain(region);
    },
  );

  it("every AWS region with known zones is a region", () => {
    const aws = cloudRules.find((rules) => rules.cloud === "aws");
    const known = aws === undefined ? [] : regionsOf(aws);
    for (const region of Object.keys(zonesByRegion.byName)) expect(known).toContain(region);
  });
});
