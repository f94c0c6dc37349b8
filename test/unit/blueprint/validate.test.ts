import { describe, expect, it } from "vitest";
import { blueprint, environment, only, placeOf, twoSites, validate } from "./documents.ts";

const problemsOf = (...texts: string[]) => validate(...texts).problems;

describe("validateDocuments", () => {
  it("refuses a reference to a component of higher rank", () => {
    const text = blueprint({
      components:
        "vpc: { type: vpc }\norders: { type: postgres, network: vpc }\nlink: { type: tunnel, sites: [virginia], between: [vpc] }",
    });
    expect(problemsOf(text).filter((each) => each.severity === "error")).toEqual([]);
    const upward = blueprint({
      components:
        "vpc: { type: vpc }\nk: { type: cluster, network: vpc }\na: { type: argocd, cluster: k, repository: 'https://x/y', expose: [e] }\ne: { type: dns-failover, sites: [virginia], targets: [k] }",
    });
    const problem = only(problemsOf(upward).filter((each) => each.severity === "error"));
    expect(problem).toMatchObject({
      code: "rank-violation",
      message: '"a" (gitops) refers to "e" (traffic), which is of higher rank',
      position: placeOf(upward, "e]"),
    });
  });

  it("refuses stacks that depend on each other, with the path and the references that make it", () => {
    const text = blueprint({
      sites: twoSites,
      components:
        "vpc: { type: vpc }\nleft: { type: tunnel, sites: [virginia], between: [vpc@ohio] }\nright: { type: tunnel, sites: [ohio], between: [vpc@virginia] }",
    });
    const problem = only(problemsOf(text).filter((each) => each.severity === "error"));
    expect(problem).toMatchObject({
      code: "stack-cycle",
      message:
        "stacks depend on each other in a circle: ohio.network → virginia.network → ohio.network (right@ohio refers to vpc@virginia; left@virginia refers to vpc@ohio)",
      position: placeOf(text, "vpc@virginia"),
      related: [{ position: placeOf(text, "vpc@ohio") }],
    });
  });

  it("names the class in which a reference leads nowhere", () => {
    const text = blueprint({
      components:
        "vpc: { type: vpc }\norders: { type: postgres, network: vpc, when: { class: [prod, staging] } }\nk: { type: cluster, network: vpc, connects: [orders] }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "unknown-reference",
      message: '"orders" is left out by its `when`, in class dev, sandbox',
      position: placeOf(text, "orders]"),
    });
    expect(
      problemsOf(text.replace("connects: [orders]", "byClass: { prod: { connects: [orders] } }")),
    ).toEqual([]);
  });

  it("tries each site as the primary where roles decide what there is", () => {
    const text = blueprint({
      sites: twoSites,
      components:
        "vpc: { type: vpc }\norders: { type: postgres, network: vpc, when: { role: [primary] } }\nk: { type: cluster, network: vpc, connects: [orders@virginia] }",
    });
    const problems = problemsOf(text);
    expect(problems.map((each) => each.message)).toEqual([
      '"orders" is not in site "virginia" but in ohio, while ohio is the primary',
    ]);
  });

  it.each([
    [
      "no site",
      "link: { type: tunnel }",
      "{ type: tunnel",
      "bad-value",
      '"link" spans sites and lives in exactly one of them',
    ],
    [
      "two sites",
      "link: { type: tunnel, sites: [virginia, ohio] }",
      "[virginia",
      "bad-value",
      '"link" spans sites and lives in exactly one of them',
    ],
    [
      "traffic in the primary",
      "e: { type: dns-failover, sites: [virginia] }",
      "virginia] }",
      "same-fault-domain",
      "traffic cannot live only in the primary",
    ],
    [
      "an unknown site",
      "vpc: { type: vpc, sites: [ohoi] }",
      "ohoi",
      "unknown-site",
      'there is no site "ohoi"',
    ],
    [
      "a site twice",
      "vpc: { type: vpc, sites: [ohio, ohio] }",
      "ohio] }",
      "bad-value",
      "the same site is named twice",
    ],
  ])("refuses %s where a component stands", (_, components, word, code, message) => {
    const text = blueprint({ sites: twoSites, components });
    const problem = only(problemsOf(text).filter((each) => each.severity === "error"));
    expect(problem).toMatchObject({ code, message, position: placeOf(text, word) });
  });

  it("warns of what this release cannot do yet, once for each cloud", () => {
    const sites =
      "virginia: { cloud: aws, region: us-east-1 }\niowa: { cloud: gcp, region: us-central1, role: standby }\ndublin: { cloud: azure, region: northeurope, role: standby }";
    const text = blueprint({
      sites,
      components: "vpc: { type: vpc }\norders: { type: postgres, network: vpc }",
    });
    expect(
      problemsOf(text).map(({ code, severity, message }) => [code, severity, message.split(":")[0]]),
    ).toEqual([
      ["not-in-this-release", "warning", "vpc on azure"],
      ["not-in-this-release", "warning", "postgres on gcp"],
      ["not-in-this-release", "warning", "postgres on azure"],
    ]);
  });

  it("lets what lives in Kubernetes stand on any cloud", () => {
    const text = blueprint({
      sites: "iowa: { cloud: gcp, region: us-central1 }",
      components:
        "vpc: { type: vpc }\nk: { type: cluster, network: vpc }\na: { type: argocd, cluster: k, repository: 'https://x/y' }",
    });
    expect(problemsOf(text).map((each) => each.message.split(":")[0])).toEqual(["cluster on gcp"]);
  });

  it("refuses an interpolation that cannot be of the field's type", () => {
    const parameters = 'many: { type: string, default: "3" }\nhuge: { type: integer, default: 99 }';
    const text = blueprint({
      parameters,
      components:
        'a: { type: vpc, zones: "${parameters.many}" }\nb: { type: vpc, zones: "${parameters.huge}" }\nc: { type: vpc, zones: "3${site.name}" }',
    });
    expect(problemsOf(text).map(({ code, message, allowed }) => [code, message, allowed])).toEqual([
      [
        "wrong-type",
        'parameter "many", declared string, does not fit the field',
        "a whole number from 1 to 6",
      ],
      [
        "bad-parameter",
        'parameter "huge" can be 99, which does not fit the field',
        "a whole number from 1 to 6",
      ],
      ["wrong-type", "a text with interpolation does not fit the field", "a whole number from 1 to 6"],
    ]);
  });

  it("lets a secret be only the whole value of a field", () => {
    const parameters = "pass: { type: string, secret: true }";
    const text = blueprint({
      parameters,
      sites: 'virginia: { cloud: aws, region: us-east-1, account: "${parameters.pass}" }',
      components: 'vpc: { type: vpc }\nk: { type: cluster, network: vpc, nodeType: "x-${parameters.pass}" }',
    });
    expect(problemsOf(text).map(({ code, position }) => [code, position])).toEqual([
      ["bad-secret-reference", placeOf(text, "${parameters.pass}")],
      ["bad-secret-reference", placeOf(text, "${parameters.pass}", 1)],
    ]);
  });

  it("still judges the rest of a document of which a part is wrong", () => {
    const text = blueprint({
      metadata: "{ name: Bad_Name, version: 1.0 }",
      sites: "virginia: { cloud: asw, region: us-east-1 }\nohio: { cloud: aws, region: us-east-2 }",
      components:
        "vpc: { type: vpc, zones: 9 }\norders: { type: postgres, network: vpx, sites: [virginia] }\nk: { type: cluster, network: vpc, sites: [ohio], nodes: -1 }",
    });
    expect(problemsOf(text).map((each) => each.code)).toEqual([
      "bad-name",
      "quote-this",
      "bad-value",
      "bad-value",
      "bad-value",
    ]);
  });

  it("picks the highest version of the blueprint within the range", () => {
    const versions = ["1.0.0", "1.2.0", "2.0.0"].map((version) =>
      blueprint({ metadata: `{ name: sample, version: ${version} }` }),
    );
    const graphOf = (range: string) => {
      const head = `metadata: { name: shop }\nblueprint: sample${range}\nclass: dev`;
      return validate(...versions, environment({ head })).graphs.find((each) => each.of === "environment")
        ?.graph;
    };
    expect(graphOf("@^1")?.environment.blueprint.version).toBe("1.2.0");
    expect(graphOf("@1.0.0")?.environment.blueprint.version).toBe("1.0.0");
    expect(graphOf("")?.environment.blueprint.version).toBe("2.0.0");
  });

  it.each([
    ["smaple@^1", "document-not-found", 'there is no blueprint "smaple"', "sample@^1"],
    ["sample@^3", "document-not-found", 'no version of "sample" is within ^3', undefined],
    ["sample@one", "bad-value", "the version range cannot be read", undefined],
    ["Sample", "bad-name", "the name has uppercase letters", undefined],
  ])("refuses the blueprint %s", (name, code, message, nearest) => {
    const text = environment({ head: `metadata: { name: shop }\nblueprint: "${name}"\nclass: dev` });
    const problem = only(problemsOf(blueprint(), text));
    expect(problem).toMatchObject({ code, message });
    expect(problem.nearest).toBe(nearest);
  });

  it("names all missing tags at once, at the one in the wrong case", () => {
    const text = environment({ tags: "{ owner: a, CostCenter: TODO, Project: p }" });
    expect(only(problemsOf(text, blueprint()))).toMatchObject({
      code: "missing-tag",
      message: "tags are missing: Owner, CostCenter, DataClass (CostCenter says nothing)",
      position: placeOf(text, "owner"),
      nearest: "Owner",
    });
  });

  it("never shows what may be a secret", () => {
    const text = blueprint({
      components: "vpc: { type: vpc, zones: AKIAABCDEFGHIJKLMNOP, flowLogs: 'postgres://u:hunter2@db/x' }",
    });
    const given = environment({ parameters: "{ password: [hunter2] }" });
    const problems = problemsOf(text, given);
    expect(problems.length).toBe(3);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|AKIA/);
  });

  it("draws a graph for each environment, and for each blueprint that none uses", () => {
    const { graphs, problems } = validate(
      blueprint(),
      blueprint({ metadata: "{ name: other, version: 1.0.0 }" }),
      environment(),
    );
    expect(problems).toEqual([]);
    expect(graphs.map(({ of, name, graph }) => [of, name, graph.stacks.map((stack) => stack.name)])).toEqual([
      ["environment", "shop", ["shop.virginia.network"]],
      ["blueprint", "other", ["other.virginia.network"]],
    ]);
  });
});
