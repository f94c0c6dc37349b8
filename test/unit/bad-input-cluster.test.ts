/** Bad input about clusters: what validation answers, by the number of its entry in the list of bad input. */
import { describe, expect, it } from "vitest";
import { resolveEnvironment } from "../../src/blueprint/resolve.ts";
import type { Place, ReferredComponents } from "../../src/catalog/component.ts";
import type { Properties } from "../../src/values/value.ts";
import { cluster } from "../../stacks/compute/cluster/contract.ts";
import { componentSpec } from "../support/specs.ts";
import { blueprint, environment, placeOf, requestFor, validate } from "./blueprint/documents.ts";

const inside: Place = { cloud: "aws", region: "us-east-1", runner: "inside", environmentClass: "prod" };

const problemsOf = (...texts: readonly string[]) => validate(...texts).problems;

type Fields = Parameters<NonNullable<(typeof cluster)["check"]>>[0];

/** Fields with their defaults for the class of the place. */
function fieldsOf(own: Properties, { environmentClass }: Place): Fields {
  return componentSpec({ contract: cluster, environmentClass, fields: own }).fields as unknown as Fields;
}

function refusalsOf(own: Properties, place: Partial<Place> = {}, network: Properties = {}) {
  const where = { ...inside, ...place };
  const referred: ReferredComponents = {
    network: [
      { address: "vpc@virginia", type: "vpc", fields: { zones: 3, cidr: "10.4.0.0/16", ...network } },
    ],
  };
  return cluster.check?.(fieldsOf(own, where), where, referred) ?? [];
}

const changeOf = (before: Properties, after: Properties) =>
  cluster.checkChange?.(fieldsOf(before, inside), fieldsOf(after, inside), inside) ?? [];

describe("a sound cluster", () => {
  it.each(["prod", "staging", "dev", "sandbox"] as const)(
    "of class %s is refused nothing",
    (environmentClass) => {
      expect(refusalsOf({}, { environmentClass })).toEqual([]);
      expect(refusalsOf({}, { environmentClass }, { zones: 2 })).toEqual([]);
    },
  );
});

describe("bad input: networks of clusters", () => {
  it("34: EKS wants subnets in two zones", () => {
    expect(refusalsOf({ autoscaling: "none" }, {}, { zones: 1 })).toEqual([
      expect.objectContaining({
        field: "network",
        code: "bad-range",
        message: expect.stringContaining("two"),
      }),
    ]);
  });

  it.each([
    ["10.4.0.0/24", "warning", "11 free"],
    ["10.4.0.0/25", "error", "3 free"],
  ])("34: subnets of %s are an %s", (cidr, severity, why) => {
    const [first] = refusalsOf({ autoscaling: "none", nodes: 2 }, {}, { cidr });
    expect(first).toMatchObject({
      field: "network",
      code: "too-few-addresses",
      severity,
      message: expect.stringContaining(why),
      allowed: "a /22 or shorter",
    });
  });

  it("35: nodes at the autoscaler's maximum have to fit with their pods, or the prefix that fits is said", () => {
    // 3 subnets of /23 hold 30 blocks of /28 each; 110 pods take 7 and one stays warm.
    expect(refusalsOf({}, {}, { cidr: "10.4.0.0/19" })).toEqual([
      {
        field: "limits",
        code: "too-few-addresses",
        message:
          "up to 51 nodes are wanted, and the 3 private subnets of vpc@virginia (10.4.0.0/19) take 9: each needs 128 addresses for 110 pods",
        allowed: "a /16 or shorter for vpc@virginia; `limits` with cpu 4; fewer `podsPerNode`",
      },
    ]);
  });

  it("35: fewer pods on each node, or no autoscaling, need less", () => {
    const cidr = "10.4.0.0/18";
    expect(refusalsOf({ podsPerNode: 30 }, {}, { cidr })).toEqual([]);
    expect(refusalsOf({ autoscaling: "none" }, {}, { cidr })).toEqual([]);
  });

  it.each([
    ["172.0.0.0/11", "bad-value", "/12 to /24"],
    ["172.20.0.0/25", "bad-value", "/12 to /24"],
    ["203.0.113.0/24", "bad-value", "a range in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"],
    ["10.4.128.0/20", "cidr-overlap", "off 10.4.0.0/16"],
    ["172.16.0.0/15", "cidr-reserved", "off 172.17.0.0/16"],
  ])("36: services in %s are answered with the rule", (serviceRange, code, allowed) => {
    expect(refusalsOf({ serviceRange })).toEqual([
      expect.objectContaining({ field: "serviceRange", code, allowed, nearest: "172.20.0.0/16" }),
    ]);
  });

  it("36: the proposal keeps off the network too", () => {
    expect(refusalsOf({ serviceRange: "172.20.0.0/16" }, {}, { cidr: "172.20.0.0/16" })).toEqual([
      expect.objectContaining({ code: "cidr-overlap", nearest: "10.100.0.0/16" }),
    ]);
  });

  it("36: without a range, services get one from the address plan, on record and off the network", () => {
    const components = "vpc: { type: vpc, cidr: 172.20.0.0/16 }\nk: { type: cluster, network: vpc }";
    const spec = resolveEnvironment(requestFor(blueprint({ components })));
    expect(spec.components.find(({ name }) => name === "k")?.fields["serviceRange"]).toBe("172.21.0.0/16");
  });

  it.each(["0.0.0.0/0", "::/0", "0.0.0.0/1"])(
    "38: %s as a range of the API is open-to-the-world",
    (range) => {
      const text = blueprint({
        components: `vpc: { type: vpc }\nk: { type: cluster, network: vpc, publicAccessCidrs: ["${range}"] }`,
      });
      expect(problemsOf(text)).toEqual([
        expect.objectContaining({ code: "open-to-the-world", position: placeOf(text, `"${range}"`) }),
      ]);
    },
  );

  it("38: a private range never arrives at a public endpoint", () => {
    const text = blueprint({
      components:
        'vpc: { type: vpc }\nk: { type: cluster, network: vpc, publicAccessCidrs: ["10.1.0.0/16"] }',
    });
    expect(problemsOf(text).map(({ code }) => code)).toEqual(["bad-value"]);
  });

  it("nothing opens the API for a runner outside: the answer says both ways", () => {
    const [refusal, ...more] = refusalsOf({}, { runner: "outside" });
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({ field: "publicAccessCidrs", code: "endpoint-unreachable" });
    expect(refusal?.next).toContain("runner: inside");
    expect(refusalsOf({ publicAccessCidrs: ["203.0.113.7/32"] }, { runner: "outside" })).toEqual([]);
  });
});

describe("bad input: versions of clusters", () => {
  it.each(["1.34.2", "v1.34", "1.9", "latest"])("41: %s is no minor version", (version) => {
    expect(() => fieldsOf({ version }, inside)).toThrow(/minor version/);
  });

  it.each([
    ["1.29", "aws", "no longer offers Kubernetes 1.29, whose extended support ended on 2026-03-23", "1.35"],
    ["1.24", "aws", "no longer offers Kubernetes 1.24", "1.35"],
    ["1.36", "aws", "does not offer Kubernetes 1.36 yet", "1.35"],
    ["1.31", "gcp", "no longer offers Kubernetes 1.31", "1.35"],
  ] as const)("41: %s on %s gets the versions offered there", (version, cloud, message, nearest) => {
    const [refusal] = refusalsOf({ version }, { cloud });
    expect(refusal).toMatchObject({
      field: "version",
      code: "version-not-offered",
      message: expect.stringContaining(message),
      nearest,
    });
    expect(refusal?.allowed).toContain("1.35 (until ");
  });

  it("41: extended support is a warning with its price", () => {
    expect(refusalsOf({ version: "1.33" })).toEqual([
      expect.objectContaining({ severity: "warning", message: expect.stringContaining("$0.60") }),
    ]);
  });

  it.each([
    ["1.35", "1.34", '"1.35" or "1.36"', "1.35"],
    ["1.32", "1.34", "1.33, then 1.34", "1.33"],
  ])("42: from %s to %s the legal steps are said", (before, after, allowed, nearest) => {
    expect(changeOf({ version: before }, { version: after })).toEqual([
      expect.objectContaining({ field: "version", code: "bad-change", allowed, nearest }),
    ]);
  });

  it("42: one minor version up, or none, is fine", () => {
    expect(changeOf({ version: "1.34" }, { version: "1.35" })).toEqual([]);
    expect(changeOf({}, {})).toEqual([]);
  });

  it("42: another range for services would be another cluster", () => {
    const [refusal] = changeOf({ serviceRange: "172.20.0.0/16" }, { serviceRange: "172.21.0.0/16" });
    expect(refusal).toMatchObject({ field: "serviceRange", code: "bad-change", nearest: "172.20.0.0/16" });
  });
});

describe("bad input: nodes of clusters", () => {
  it.each(["0", "-1", "451", "1000000000"])("44: %s nodes are out of range", (nodes) => {
    const text = blueprint({
      components: `vpc: { type: vpc }\nk: { type: cluster, network: vpc, nodes: ${nodes} }`,
    });
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ code: "bad-value", allowed: "a whole number from 1 to 450" }),
    ]);
  });

  it("44: one system node is too few for prod only", () => {
    expect(refusalsOf({ nodes: 1 })).toEqual([
      expect.objectContaining({ field: "nodes", code: "bad-range", nearest: "3" }),
    ]);
    expect(refusalsOf({ nodes: 1 }, { environmentClass: "dev" })).toEqual([]);
  });

  it("44: limits that make no node are answered with the relation", () => {
    expect(refusalsOf({ limits: { cpu: 64, memory: 64 } })).toEqual([
      expect.objectContaining({
        field: "limits",
        code: "bad-range",
        allowed: "memory of 128 GiB and more, or cpu of 32 and less",
      }),
    ]);
  });

  it.each([
    ["m7g.lrage", "m7g.large", "no machine type that terrane knows"],
    ["m7q.large", "m7i.large", "no machine type that terrane knows"],
    ["m7g.metal", undefined, "no machine type that terrane knows"],
    ["nonsense", undefined, "no machine type that terrane knows"],
    ["m3.large", "m7i.large", "takes no new nodes"],
    ["g5.xlarge", expect.any(String), "accelerator"],
    ["t4g.micro", expect.any(String), "needs 4"],
  ])("45: %s → %s", (nodeType, nearest, why) => {
    const [refusal, ...more] = refusalsOf({ nodeType });
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({
      field: "nodeType",
      code: "bad-value",
      message: expect.stringContaining(why),
      allowed: expect.stringMatching(/\w\.\w/),
    });
    expect(refusal?.nearest).toEqual(nearest);
  });

  it("45: a type that the region lacks gets types of equal shape there", () => {
    const [refusal] = refusalsOf({ nodeType: "g5g.xlarge" }, { region: "eu-west-3" });
    expect(refusal).toMatchObject({
      message: expect.stringContaining("not offered in eu-west-3"),
      nearest: expect.stringMatching(/^[cmr]\d+gn?\.xlarge$/),
    });
  });

  it("a principal cannot be given one level twice", () => {
    const grant = { principal: "arn:aws:iam::111122223333:role/Team", level: "view", namespaces: [] };
    expect(refusalsOf({ access: [grant, grant] })).toEqual([
      expect.objectContaining({ field: "access", code: "bad-value" }),
    ]);
  });
});

describe("a cluster in documents", () => {
  it("is judged at its place with all that is wrong at once", () => {
    const text = blueprint({
      sites: "virginia: { cloud: aws, region: us-east-1, role: primary }",
      components:
        'vpc: { type: vpc, zones: 1 }\nk: { type: cluster, network: vpc, version: "1.24", nodeType: m7g.lrage }',
    });
    const problems = problemsOf(text, environment());
    expect(problems.map(({ code, position }) => [code, position])).toEqual(
      expect.arrayContaining([
        ["version-not-offered", placeOf(text, '"1.24"')],
        ["bad-value", placeOf(text, "m7g.lrage")],
        ["bad-range", placeOf(text, "vpc, version")],
        ["endpoint-unreachable", expect.anything()],
      ]),
    );
  });
});
