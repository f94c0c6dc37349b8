import { expect, test } from "vitest";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { renderComponent } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

const base = { contract: vpc, site: sites.gcp, fields: { cidr: "10.4.0.0/16" } } as const;

test("has one subnetwork per tier in the region and makes none by itself", async () => {
  const { only, ofType } = await renderComponent(base);
  expect(only("Network").inputs).toMatchObject({ autoCreateSubnetworks: false, routingMode: "REGIONAL" });
  expect(
    ofType("Subnetwork").map(({ name, inputs }) => [name, inputs["ipCidrRange"], inputs["region"]]),
  ).toEqual([
    ["vpc-database", "10.4.160.0/19", "us-central1"],
    ["vpc-private", "10.4.0.0/17", "us-central1"],
    ["vpc-public", "10.4.128.0/19", "us-central1"],
  ]);
});

test.each(["single", "per-zone"])(
  "%s NAT is one gateway of the region, for the private tier alone",
  async (natGateways) => {
    const { only } = await renderComponent({ ...base, fields: { ...base.fields, natGateways } });
    expect(only("RouterNat").inputs).toMatchObject({
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: "subnetwork-vpc-private" }],
    });
  },
);

test("without NAT there is no router", async () => {
  const { ofType } = await renderComponent({ ...base, fields: { ...base.fields, natGateways: "none" } });
  expect([...ofType("Router"), ...ofType("RouterNat")]).toEqual([]);
});

test.each([
  { environmentClass: "prod", days: 365 },
  { environmentClass: "staging", days: 90 },
  { environmentClass: "dev", days: 30 },
  { environmentClass: "sandbox", days: 7 },
] as const)(
  "class $environmentClass keeps the network's flows for $days days",
  async ({ environmentClass, days }) => {
    const { only, ofType } = await renderComponent({ ...base, environmentClass });
    expect(only("ProjectBucketConfig").inputs).toMatchObject({
      retentionDays: days,
      project: "example-project",
    });
    expect(only("ProjectSink").inputs["destination"]).toBe(
      "logging.googleapis.com/projectbucketconfig-vpc-flow-logs",
    );
    expect(ofType("Subnetwork").every(({ inputs }) => "logConfig" in inputs)).toBe(true);
  },
);

test("without flow logs nothing is recorded and nothing kept", async () => {
  const { ofType } = await renderComponent({ ...base, fields: { ...base.fields, flowLogs: false } });
  expect(ofType("Subnetwork").some(({ inputs }) => "logConfig" in inputs)).toBe(false);
  expect([...ofType("ProjectBucketConfig"), ...ofType("ProjectSink")]).toEqual([]);
});

test("a range that leaves no room for three tiers is refused", async () => {
  const render = renderComponent({ ...base, fields: { cidr: "10.0.0.0/28" } });
  await expect(render).rejects.toMatchObject({ code: "bad-value" });
});

test("reaches Google's services from every subnet without endpoints, so that asking for AWS's changes nothing", async () => {
  const plain = await renderComponent(base);
  const asked = await renderComponent({
    ...base,
    fields: { ...base.fields, interfaceEndpoints: ["sts"] },
  });
  expect(plain.ofType("Subnetwork").map(({ inputs }) => inputs["privateIpGoogleAccess"])).toEqual([
    true,
    true,
    true,
  ]);
  expect(asked.resources).toEqual(plain.resources);
  expect(plain.outputs).toMatchObject({
    zones: { value: [] },
    publicRouteTableIds: { value: [] },
    privateRouteTableIds: { value: [] },
    databaseRouteTableIds: { value: [] },
    endpointIds: { value: {} },
    discoveryTag: { value: plain.only("Network").inputs["name"] },
  });
});
