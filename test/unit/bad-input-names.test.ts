import { describe, expect, it } from "vitest";
import { z } from "zod";
import { resolveEnvironment } from "../../src/blueprint/resolve.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import { defineComponent, supported, unsupported } from "../../src/catalog/component.ts";
import { TerraneError } from "../../src/errors.ts";
import {
  blueprint,
  environment,
  only,
  placeOf,
  requestFor,
  twoSites,
  validate,
  validateText,
} from "./blueprint/documents.ts";

const problemsOf = (...texts: string[]) => validate(...texts).problems;

describe("bad input: names and identity", () => {
  it("25: two names that become one are shown at both positions", () => {
    const text = blueprint({ components: "payments_api: { type: vpc }\npayments-api: { type: vpc }" });
    const problems = problemsOf(text);
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: "bad-name",
        position: placeOf(text, "payments_api"),
        nearest: "payments-api",
      }),
    );
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: "name-collision",
        position: placeOf(text, "payments-api"),
        related: [{ position: placeOf(text, "payments_api"), message: "the other one" }],
      }),
    );
  });

  it("25: parameters that differ by case only collide", () => {
    const text = blueprint({
      parameters: "dbSize: { type: string, default: a }\ndbsize: { type: string, default: a }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "name-collision",
      position: placeOf(text, "dbsize"),
    });
  });

  it.each([
    ["its own name", "vpc: { type: vpc, formerly: vpc }", "the earlier name is the name"],
    [
      "a component that is still there",
      "vpc: { type: vpc, formerly: net }\nnet: { type: vpc }",
      '"net" and "net" become one name',
    ],
    [
      "what another claims too",
      "a: { type: vpc, formerly: old }\nb: { type: vpc, formerly: old }",
      '"old" and "old" become one name',
    ],
  ])("25: a former name that is %s collides", (_, components, message) => {
    expect(only(problemsOf(blueprint({ components })))).toMatchObject({ code: "name-collision", message });
  });

  it("25: a former name of a site that is still there collides", () => {
    const sites =
      "east: { cloud: aws, region: us-east-1, formerly: west }\nwest: { cloud: aws, region: us-west-2, role: standby }";
    expect(only(problemsOf(blueprint({ sites })))).toMatchObject({
      code: "name-collision",
      message: '"west" and "west" become one name',
    });
  });

  it.each([
    ["Cyrillic", "pаyments", "U+0430", "payments"],
    ["full-width", "ｐay", "U+FF50", "pay"],
    ["composed", "café", "U+00E9", "cafe"],
  ])("26: a %s letter in a name is shown by its number", (_, name, shown, nearest) => {
    const text = blueprint({ components: `${name}: { type: vpc }` });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "bad-name", position: placeOf(text, name), nearest });
    expect(problem.message).toContain(shown);
  });

  it.each([
    ["zero-width", "\\u200b", "U+200B"],
    ["right-to-left override", "\\u202e", "U+202E"],
    ["half a surrogate pair", "\\ud800", "half a surrogate pair"],
  ])("26: a %s in any text is refused", (_, escape, shown) => {
    const text = blueprint({ metadata: `{ name: sample, version: 1.0.0, description: "a${escape}b" }` });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "control-character", position: placeOf(text, '"a') });
    expect(problem.message).toContain(shown);
  });

  it("26: free text that is not in normal form C is refused", () => {
    const text = blueprint({ metadata: "{ name: sample, version: 1.0.0, description: cafe\u0301 }" });
    expect(only(problemsOf(text))).toMatchObject({ code: "bad-value", nearest: "café" });
    expect(problemsOf(text.normalize("NFC"))).toEqual([]);
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "27: %s anywhere pollutes nothing and crashes nothing",
    (name) => {
      const texts = [
        blueprint({ components: `"${name}": { type: vpc, polluted: yes }` }),
        blueprint({ components: `vpc: { type: vpc, "${name}": { polluted: yes } }` }),
        blueprint({ components: `vpc: { type: "${name}" }` }),
        blueprint({ components: `k: { type: cluster, network: "${name}" }` }),
        blueprint({ components: `vpc: { type: vpc, sites: ["${name}"] }` }),
        blueprint({ components: `vpc: { type: vpc, byClass: { "${name}": { zones: 2 } } }` }),
        blueprint({ sites: `"${name}": { cloud: aws, region: x }` }),
        `"${name}": { polluted: yes }\n`,
      ];
      for (const text of texts) {
        expect(problemsOf(text).some((each) => each.severity === "error")).toBe(true);
      }
      const declared = `"${name}": { type: string, default: x }`;
      const template = `vpc: { type: vpc }\nk: { type: cluster, network: vpc, nodeType: "\${parameters.${name}}" }`;
      const isPlain = name === "toString" || name === "hasOwnProperty";
      expect(problemsOf(blueprint({ parameters: declared, components: template })).length === 0).toBe(
        isPlain,
      );
      expect(problemsOf(blueprint({ components: template }))).toMatchObject([{ code: "unknown-reference" }]);
      const given = [blueprint(), environment({ parameters: `{ "${name}": x }` })];
      expect(problemsOf(...given).map((each) => each.code)).toEqual([
        name === "__proto__" ? "reserved-name" : "unknown-parameter",
      ]);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    },
  );

  it("27: a tag may be called constructor, and is plain data", () => {
    const tags =
      "{ Owner: a-team, CostCenter: C, Project: p, DataClass: public, constructor: x, toString: y }";
    const spec = resolveEnvironment(requestFor(blueprint(), environment({ tags })));
    expect(Object.entries(spec.tags)).toEqual(
      expect.arrayContaining([
        ["constructor", "x"],
        ["toString", "y"],
      ]),
    );
  });

  it.each(["../x", "/etc/passwd", "a/b", "a\\\\b", "%2e%2e%2f", ".", "..", "", "x".repeat(10_000)])(
    "28: %s as the name of an environment is refused at its place",
    (name) => {
      const text = environment({ head: `metadata: { name: "${name}" }\nblueprint: sample\nclass: dev` });
      const problem = problemsOf(text, blueprint()).find((each) => each.code === "bad-name");
      expect(problem?.position).toEqual({ file: "sample.yaml", line: 3, column: 19 });
      expect((problem?.seen ?? "").length).toBeLessThanOrEqual(80);
    },
  );

  it("28: a NUL in a name is refused", () => {
    const text = environment({ head: 'metadata: { name: "x\\0" }\nblueprint: sample\nclass: dev' });
    const problems = problemsOf(text, blueprint());
    expect(problems.map((each) => each.code)).toEqual(
      expect.arrayContaining(["bad-name", "control-character"]),
    );
  });
});

describe("bad input: network", () => {
  it("30: host bits are refused with the range that was meant", () => {
    const text = blueprint({ components: "vpc: { type: vpc, cidr: 10.0.0.1/16 }" });
    expect(only(problemsOf(text))).toMatchObject({
      code: "cidr-host-bits",
      position: placeOf(text, "10.0.0.1"),
      seen: "10.0.0.1/16",
      nearest: "10.0.0.0/16",
    });
  });

  it.each([
    ["10.0.0.0/33", "the prefix is not within 0 to 32", undefined],
    ["10.0.0.0/-1", "the prefix is not within 0 to 32", undefined],
    ["10.0.0/16", "the text is not an address range", undefined],
    ["010.0.0.0/16", "octal and hexadecimal numbers are not read", undefined],
    ["0x0a.0.0.0/8", "octal and hexadecimal numbers are not read", undefined],
    ["167772160/8", "the text is not an address range", undefined],
    ["10.0.0.0", "the prefix is missing", "10.0.0.0/16"],
    ["10.0.0.0/016", "octal and hexadecimal numbers are not read", undefined],
    ["256.0.0.0/8", "the text is not an address range", undefined],
    ["１０.0.0.0/16", "the range holds characters that are not ASCII", "10.0.0.0/16"],
    [" 10.0.0.0/16", "the text is not an address range", "10.0.0.0/16"],
  ])("31: %j is no range", (range, message, nearest) => {
    const text = blueprint({ components: `vpc: { type: vpc, cidr: "${range}" }` });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "bad-cidr", message, position: placeOf(text, `"${range}`) });
    expect(problem.nearest).toBe(nearest);
    expect(problem.allowed).toContain("10.0.0.0/16");
  });

  it("31: an unquoted number is answered with quotes or as no text", () => {
    const text = blueprint({ components: "vpc: { type: vpc, cidr: 167772160 }" });
    expect(only(problemsOf(text))).toMatchObject({ code: "quote-this" });
  });

  it("32: two explicit ranges of one environment that overlap are refused with the next free block", () => {
    const components = "vpc: { type: vpc, cidr: 10.1.0.0/16 }\nedge: { type: vpc, cidr: 10.1.128.0/17 }";
    const text = `${blueprint({ components })}---\n${environment()}`;
    const problem = only(validate(text).problems);
    expect(problem).toMatchObject({ code: "cidr-overlap", nearest: "10.2.0.0/16" });
    expect(problem.message).toBe("10.1.0.0/16 of vpc@virginia overlaps 10.1.128.0/17 of edge@virginia");
  });

  it("32: one range in two sites overlaps itself", () => {
    const text = `${blueprint({ sites: twoSites, components: "vpc: { type: vpc, cidr: 10.1.0.0/16 }" })}---\n${environment()}`;
    const problem = only(validate(text).problems);
    expect(problem.message).toBe("10.1.0.0/16 of vpc@virginia overlaps 10.1.0.0/16 of vpc@ohio");
  });

  it("32: a range of another environment is refused with both owners", () => {
    const request = {
      ...requestFor(blueprint({ components: "vpc: { type: vpc, cidr: 10.1.0.0/16 }" })),
      takenBlocks: [{ block: "10.1.0.0/20", purpose: "network" as const, owner: "billing/vpc@virginia" }],
    };
    let refusal: unknown;
    try {
      resolveEnvironment(request);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(TerraneError);
    expect((refusal as TerraneError).problems).toMatchObject([
      {
        code: "cidr-overlap",
        message: "10.1.0.0/16 of vpc@virginia overlaps 10.1.0.0/20 of billing/vpc@virginia",
        nearest: "10.2.0.0/16",
      },
    ]);
  });

  it.each([
    [
      "no site is primary",
      "a: { cloud: aws, region: us-east-1, role: standby }",
      "a:",
      "no site has the role primary",
    ],
    [
      "two sites are primary",
      "a: { cloud: aws, region: us-east-1 }\nb: { cloud: aws, region: us-east-2 }",
      "{ cloud: aws, region: us-east-2",
      '"b" is a second primary beside "a"',
    ],
    [
      "primary and standby share a region",
      "a: { cloud: aws, region: us-east-1 }\nb: { cloud: aws, region: us-east-1, role: standby }",
      "us-east-1, role",
      '"b" and "a" are in one region',
    ],
  ])("49: sites where %s do not fit their roles", (_, sites, word, message) => {
    const text = blueprint({ sites });
    const position = message.startsWith("no site") ? placeOf(text, "sites:") : placeOf(text, word);
    expect(only(problemsOf(text))).toMatchObject({ code: "same-fault-domain", message, position });
  });

  it("50: what a cloud lacks is refused at its type with the contract's own words, and the clouds that have it", () => {
    const build = supported(async () => ({ implementation: undefined }));
    const queue = defineComponent({
      name: "queue",
      domain: "data",
      summary: "For tests.",
      fields: z.strictObject({}),
      outputs: z.strictObject({}),
      implementations: {
        aws: build,
        gcp: build,
        azure: unsupported("Azure keeps no order across sessions."),
        kubernetes: unsupported("A queue is made by a cloud."),
      },
    });
    const text = blueprint({
      sites: "dublin: { cloud: azure, region: northeurope }",
      components: "jobs: { type: queue }",
    });
    expect(only(validateText("sample.yaml", text, new Catalog([queue])).problems)).toMatchObject({
      code: "unsupported",
      severity: "error",
      message: "queue on azure: Azure keeps no order across sessions.",
      allowed: "queue on aws, gcp",
      position: placeOf(text, "queue"),
    });
  });
});
