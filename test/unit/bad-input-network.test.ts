import { describe, expect, it } from "vitest";
import { resolveEnvironment } from "../../src/blueprint/resolve.ts";
import type { Problem } from "../../src/errors.ts";
import type { EnvironmentRecord } from "../../src/model/record.ts";
import { blueprint, environment, only, placeOf, requestFor, validate } from "./blueprint/documents.ts";

const google = "iowa: { cloud: gcp, region: us-central1, role: primary }";
const inClass = (name: string) =>
  environment({ head: `metadata: { name: shop }\nblueprint: sample@^1\nclass: ${name}` });

/** Problems of a blueprint with this one component, and of an environment made from it. */
function problemsOf(component: string, sites?: string, environmentText = environment()): readonly Problem[] {
  const text = blueprint({ components: component, ...(sites === undefined ? {} : { sites }) });
  return validate(text, environmentText).problems;
}

// What is not in this release is a warning.
const errorsOf = (text: string) =>
  validate(text, environment()).problems.filter(({ severity }) => severity === "error");
const front = (more: string) =>
  `vpc: { type: vpc }\nk: { type: cluster, network: vpc }\nentry: { type: dns-failover, targets: [k@virginia], sites: [virginia], ${more} }`;
const network = (range: string) => `vpc: { type: vpc, cidr: ${range} }`;

describe("bad input: one network", () => {
  it.each([
    ["10.0.0.0/8", "a /8 is too large: AWS takes no network above /16", "10.0.0.0/16"],
    ["10.0.0.0/15", "a /15 is too large: AWS takes no network above /16", "10.0.0.0/16"],
    [
      "10.0.0.0/22",
      "a /22 is too small: it is cut into three tiers of 8 places, the smallest of them a /28; load balancers need a /27 with 8 free addresses, and AWS keeps 5 of each subnet",
      "10.0.0.0/21",
    ],
    [
      "10.0.8.0/28",
      "a /28 is too small: it is cut into three tiers of 8 places, the smallest of them less than one address; load balancers need a /27 with 8 free addresses, and AWS keeps 5 of each subnet",
      "10.0.8.0/21",
    ],
  ])("33, 34: %s is refused on AWS with the range that fits", (range, message, nearest) => {
    const text = blueprint({ components: network(range) });
    expect(only(validate(text, environment()).problems)).toMatchObject({
      code: "bad-value",
      message: `vpc@virginia: ${message}`,
      position: placeOf(text, range),
      seen: range,
      allowed: "/16 to /21",
      nearest,
    });
  });

  it.each(["10.4.0.0/16", "10.4.8.0/21", "172.20.0.0/16", "192.168.0.0/20"])(
    "33, 34: %s has room for three tiers on AWS",
    (range) => expect(problemsOf(network(range))).toEqual([]),
  );

  it.each(["10.0.0.0/27", "10.0.0.0/29"])(
    "33: %s is too small on Google Cloud, where a tier is one subnet",
    (range) => {
      expect(only(problemsOf(network(range), google))).toMatchObject({
        code: "bad-value",
        message: `vpc@iowa: a /${range.slice(-2)} is too small: it is cut into three tiers, none smaller than a /29, of which Google Cloud keeps 4 addresses`,
        allowed: "/8 to /26",
        nearest: "10.0.0.0/26",
      });
    },
  );

  it("33: a range that Google Cloud takes and AWS does not is refused where it does not fit", () => {
    expect(problemsOf(network("10.0.0.0/12"), google)).toEqual([]);
    expect(problemsOf(network("10.4.0.0/24"), google)).toEqual([]);
    expect(only(problemsOf(network("10.4.0.0/24")))).toMatchObject({ allowed: "/16 to /21" });
  });

  it.each([
    ["172.17.0.0/16", "container bridge networks and AWS services"],
    ["169.254.0.0/20", "RFC 3927 (link-local, metadata services)"],
    ["127.0.0.0/16", "RFC 1122 (loopback)"],
    ["0.0.0.0/16", "RFC 1122 (this network)"],
    ["100.64.0.0/16", "RFC 6598 (carrier-grade NAT)"],
    ["224.0.0.0/16", "RFC 5771 (multicast and above)"],
    ["240.0.0.0/16", "RFC 5771 (multicast and above)"],
  ])("37: %s is kept by somebody", (range, by) => {
    const text = blueprint({ components: network(range) });
    expect(only(validate(text, environment()).problems)).toMatchObject({
      code: "cidr-reserved",
      message: `${range} is kept by ${by}`,
      position: placeOf(text, range),
    });
  });

  it("37: a range around a reserved one is kept too", () => {
    expect(problemsOf(network("172.16.0.0/15"), google).map(({ code }) => code)).toEqual(["cidr-reserved"]);
  });

  it("37: ranges of Google's own services are kept there alone", () => {
    const problems = problemsOf(network("199.36.152.0/21"), google);
    expect(problems).toMatchObject([
      { code: "cidr-reserved", message: "199.36.152.0/21 is kept by Google's restricted API range" },
    ]);
  });

  it("a range that changes is refused where it stands, with the one that is there; leaving it out changes nothing", () => {
    const applied = resolveEnvironment(requestFor(blueprint({ components: network("10.4.0.0/16") })));
    const record: EnvironmentRecord = {
      ...{ name: "shop", incarnation: "0a1b2c3d", class: "dev", target: "simulated", roles: {} },
      ...{ blueprint: applied.blueprint, addresses: { "vpc@virginia": "10.4.0.0/16" }, applied },
      ...{ status: "ready", updatedAt: "2026-11-21T00:00:00Z" },
    };
    const changed = blueprint({ components: network("10.5.0.0/16") });
    const refused = () => resolveEnvironment({ ...requestFor(changed), record });
    expect(refused).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            code: "bad-change",
            position: placeOf(changed, "10.5.0.0/16"),
            allowed: "10.4.0.0/16",
          }),
        ],
      }),
    );
    const silent = { ...requestFor(blueprint({ components: "vpc: { type: vpc }" })), record };
    expect(resolveEnvironment(silent).components[0]?.fields["cidr"]).toBe("10.4.0.0/16");
  });

  it.each(["172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"])(
    "37: %s is kept by AKS, on Azure alone",
    (range) => {
      const oslo = "oslo: { cloud: azure, region: norwayeast, role: primary }";
      const reserved = problemsOf(network(range), oslo).filter(({ code }) => code === "cidr-reserved");
      expect(reserved.map(({ message }) => message)).toEqual([`${range} is kept by AKS`]);
      expect(problemsOf(network(range), google).filter(({ message }) => message.includes("AKS"))).toEqual([]);
    },
  );

  it("37: the default VPC's range is a warning that says what it costs", () => {
    const text = blueprint({ components: network("172.31.0.0/16") });
    expect(only(validate(text, environment()).problems)).toMatchObject({
      code: "cidr-reserved",
      severity: "warning",
      message:
        "vpc@virginia: 172.31.0.0/16 overlaps 172.31.0.0/16, the range of every region's default VPC: the two can never be peered",
      position: placeOf(text, "172.31.0.0/16"),
      next: "Choose another range, unless the account has no default VPC.",
    });
    expect(problemsOf(network("172.31.0.0/16"), google)).toEqual([]);
  });

  it.each(["11.0.0.0/16", "8.8.0.0/16", "172.32.0.0/16", "192.169.0.0/16", "198.51.96.0/20"])(
    "38: %s belongs to somebody on the internet and is no private network",
    (range) => {
      expect(only(problemsOf(network(range)))).toMatchObject({
        code: "cidr-reserved",
        message: `${range} is kept by its owners on the internet; private are 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16`,
        nearest: expect.stringMatching(/^10\./),
      });
    },
  );

  it.each(["fd00::/8", "::ffff:10.0.0.0/112", "2001:db8::/32", "::/0"])(
    "39: %s is unsupported IPv6, not a slip of the pen",
    (range) => {
      const text = blueprint({ components: network(`"${range}"`) });
      expect(only(validate(text).problems)).toMatchObject({
        code: "unsupported",
        message: "IPv6 ranges are unsupported: networks have IPv4 alone",
        position: placeOf(text, `"${range}`),
        allowed: expect.stringContaining("10.0.0.0/16"),
      });
    },
  );

  it("48: more zones than the region has are refused with what it has", () => {
    const dublin = "dublin: { cloud: aws, region: eu-west-1, role: primary }";
    expect(only(problemsOf("vpc: { type: vpc, zones: 4 }", dublin))).toMatchObject({
      code: "bad-value",
      allowed: "1 to 3",
      nearest: "3",
    });
  });

  it.each(["[us-east-1a, us-east-1b]", "us-east-1a"])(
    "48: %s is no number of zones: letters mean other places in other accounts",
    (zones) => {
      const text = blueprint({ components: `vpc: { type: vpc, zones: ${zones} }` });
      expect(only(validate(text).problems)).toMatchObject({
        code: "wrong-type",
        position: placeOf(text, zones),
        allowed: expect.stringContaining("a whole number"),
      });
    },
  );

  it("48: one zone is refused in prod and taken elsewhere", () => {
    const one = "vpc: { type: vpc, zones: 1 }";
    expect(only(problemsOf(one, undefined, inClass("prod")))).toMatchObject({
      code: "bad-value",
      message:
        "vpc@virginia: one zone in prod goes down with that zone, and neither EKS nor a standby database fits into it",
      allowed: "2 to 5",
      nearest: "2",
    });
    expect(problemsOf(one, undefined, inClass("sandbox"))).toEqual([]);
    expect(problemsOf(one, google, inClass("prod"))).toEqual([]);
  });

  it("an endpoint's service that there is not is refused with the nearest one, and a second one of the same too", () => {
    const text = blueprint({ components: "vpc: { type: vpc, interfaceEndpoints: [ecr.dkr, ecr-api, sts] }" });
    expect(only(validate(text).problems)).toMatchObject({
      code: "bad-value",
      position: placeOf(text, "ecr-api"),
      nearest: "ecr.api",
    });
    expect(only(problemsOf("vpc: { type: vpc, interfaceEndpoints: [sts, sts] }"))).toMatchObject({
      message: expect.stringContaining("a service is named twice"),
    });
  });

  it.each(["0s", "-1s"])("40: a TTL of %s is no duration", (ttl) => {
    expect(errorsOf(blueprint({ components: front(`ttl: "${ttl}"`) }))).toMatchObject([
      { code: "bad-duration" },
    ]);
  });

  it.each(["-x.com", "example..com", "api.*.com"])("40: the name %s is refused where it stands", (name) => {
    const text = blueprint({ components: front(`hostname: "${name}"`) });
    expect(only(errorsOf(text))).toMatchObject({
      code: "bad-name",
      position: placeOf(text, `"${name}"`),
    });
  });

  it("40: a TTL that keeps resolvers on the failed site past the RTO is refused", () => {
    const recovery = "{ pattern: warm-standby, rto: 15m, rpo: 1m }";
    const text = (ttl: string) =>
      blueprint({ components: front(`ttl: ${ttl}`), recovery: recovery.slice(2, -2).replaceAll(", ", "\n") });
    expect(only(errorsOf(text("15m")))).toMatchObject({
      code: "bad-value",
      message:
        "entry@virginia: resolvers may keep the failed site for 15m, and service is to be back within 15m",
      position: placeOf(text("15m"), "15m"),
      allowed: "below 15m",
      nearest: "30s",
    });
    expect(errorsOf(text("60s"))).toEqual([]);
  });
});
