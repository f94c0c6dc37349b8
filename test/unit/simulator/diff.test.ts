import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelOf } from "../../../src/simulator/models.ts";
import { diffInputs } from "../../../src/simulator/provider/diff.ts";
import { type Properties, unknown, type Value } from "../../../src/values/value.ts";

const about = {
  urn: "urn:pulumi:s::terrane::t::db",
  resourceName: "db",
  place: { cloud: "aws", account: "111122223333", region: "us-east-1" },
};
const diff = (type: string, before: Properties, after: Properties) =>
  diffInputs(modelOf(type), before, after, about);
const vpc = "aws:ec2/vpc:Vpc";
const database = "aws:rds/instance:Instance";

describe("a difference of inputs", () => {
  it("names each property that changes, in Pulumi's own paths", () => {
    const before = { tags: { Owner: "a", gone: "x" }, list: [1, 2] };
    const after = { tags: { Owner: "b", "terrane:stack": "s" }, list: [1, 3, 4] };
    expect(
      diff(vpc, before, after)
        .all.map(({ path, kind }) => `${kind} ${path}`)
        .sort(),
    ).toEqual(
      [
        "update tags.Owner",
        "delete tags.gone",
        'add tags["terrane:stack"]',
        "update list[1]",
        "add list[2]",
      ].sort(),
    );
  });

  it("replaces where the model says so, and only there", () => {
    expect(diff(vpc, { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }).replaces).toBe(true);
    expect(diff(vpc, { enableDnsSupport: true }, { enableDnsSupport: false }).replaces).toBe(false);
  });

  it("replaces below a path inside an input, and not beside it", () => {
    const cluster = "aws:eks/cluster:Cluster";
    const network = (serviceIpv4Cidr: string, other = 1) => ({
      kubernetesNetworkConfig: { serviceIpv4Cidr, other },
    });
    expect(diff(cluster, network("172.20.0.0/16"), network("10.100.0.0/16")).replaces).toBe(true);
    expect(diff(cluster, network("172.20.0.0/16"), network("172.20.0.0/16", 2)).replaces).toBe(false);
    expect(diff(cluster, {}, network("10.100.0.0/16")).replaces).toBe(true);
    expect(diff(cluster, {}, { kubernetesNetworkConfig: { other: 1 } }).replaces).toBe(false);
  });

  it("replaces for a value not known yet where any change would", () => {
    expect(diff(vpc, { cidrBlock: "10.0.0.0/16" }, { cidrBlock: unknown }).replaces).toBe(true);
    expect(diff(vpc, { tags: {} }, { tags: unknown })).toMatchObject({
      all: [{ path: "tags" }],
      replaces: false,
    });
  });

  it("leaves it to a rule whether something unknown inside of a value replaces", () => {
    const nodes = (id: Value, version: Value) => ({ launchTemplate: { id, version } });
    const group = "aws:eks/nodeGroup:NodeGroup";
    expect(diff(group, nodes("lt-1", "1"), nodes("lt-1", unknown)).replaces).toBe(false);
    expect(diff(group, nodes("lt-1", "1"), nodes("lt-2", unknown)).replaces).toBe(true);
    expect(diff(group, nodes("lt-1", "1"), { launchTemplate: unknown }).replaces).toBe(true);
  });

  it("follows a rule that depends on both values: a range may grow in place", () => {
    const subnetwork = "gcp:compute/subnetwork:Subnetwork";
    expect(diff(subnetwork, { ipCidrRange: "10.0.0.0/20" }, { ipCidrRange: "10.0.0.0/19" }).replaces).toBe(
      false,
    );
    expect(diff(subnetwork, { ipCidrRange: "10.0.0.0/20" }, { ipCidrRange: "10.0.16.0/20" }).replaces).toBe(
      true,
    );
  });

  it("ignores the order of lists that have none", () => {
    const groups = (...ids: string[]) => ({ vpcSecurityGroupIds: ids });
    expect(diff(database, groups("sg-1", "sg-2"), groups("sg-2", "sg-1")).all).toEqual([]);
    expect(diff(database, groups("sg-1", "sg-2"), groups("sg-2", "sg-3")).all).toHaveLength(1);
  });

  it("deletes the old object first when the new one would meet its name, unless the name was made up", () => {
    const change = (identifier: string) =>
      diff(database, { identifier, storageEncrypted: false }, { identifier, storageEncrypted: true });
    expect(change("orders")).toMatchObject({ replaces: true, deleteBeforeReplace: true });
    expect(change("db-0123abc")).toMatchObject({ replaces: true, deleteBeforeReplace: false });
    const renamed = diff(
      database,
      { identifier: "a", engine: "postgres" },
      { identifier: "b", engine: "mysql" },
    );
    expect(renamed.deleteBeforeReplace).toBe(false);
  });

  it("is empty exactly when nothing differs", () => {
    const inputs = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.jsonValue({ maxDepth: 3 }),
    ) as fc.Arbitrary<Properties>;
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        expect(diff("aws:sqs/queue:Queue", before, structuredClone(before)).all).toEqual([]);
        const changed = diff("aws:sqs/queue:Queue", before, after).all.length > 0;
        const sorted = (value: Properties) => JSON.stringify(value, (_key, each) => sortKeys(each));
        expect(changed).toBe(sorted(before) !== sorted(after));
      }),
    );
  });
});

function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
