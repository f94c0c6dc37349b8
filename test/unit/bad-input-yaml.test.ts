import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadFile } from "../../src/blueprint/load.ts";
import { ProblemList } from "../../src/blueprint/problem-list.ts";
import { loadFiles, loadProject } from "../../src/blueprint/project.ts";
import { resolveEnvironment } from "../../src/blueprint/resolve.ts";
import { decodeSource } from "../../src/blueprint/source-text.ts";
import { validateDocuments } from "../../src/blueprint/validate.ts";
import type { Problem } from "../../src/errors.ts";
import { catalog } from "../../stacks/catalog.ts";
import {
  blueprint,
  environment,
  only,
  placeOf,
  requestFor,
  twoSites,
  validate,
  validateBytes,
  validateText,
} from "./blueprint/documents.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const problemsOf = (...texts: string[]) => validate(...texts).problems;

describe("bad input: YAML", () => {
  it("1: a tab as indentation is shown where it stands", () => {
    const text = "apiVersion: terrane.dev/v1\nmetadata:\n\tname: x\n";
    const position = placeOf(text, "\t");
    expect(only(problemsOf(text))).toMatchObject({ code: "yaml-syntax", position, allowed: "use spaces" });
  });

  it.each([
    ["block", "vpc: { type: vpc }\nvpc: { type: vpc }", "vpc:"],
    ["quoted", 'vpc: { type: vpc }\n"vpc": { type: vpc }', '"vpc"'],
    ["flow", 'vpc: { type: vpc, "type": vpc }', '"type"'],
  ])("2: a key twice in a mapping (%s) is shown at both positions", (_, components, second) => {
    const text = blueprint({ components });
    const problem = only(problemsOf(text));
    expect(problem.code).toBe("duplicate-key");
    expect(problem.position).toEqual(placeOf(text, second, second === "vpc:" ? 1 : 0));
    const first = second === '"type"' ? placeOf(text, "type:") : placeOf(text, "vpc:");
    expect(problem.related).toEqual([{ position: first, message: "first here" }]);
  });

  it("3: an anchor bomb is refused before it goes off", () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = level === 0 ? "lol" : Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ");
      return `a${level}: &a${level} [${items}]`;
    });
    const text = `${levels.join("\n")}\n`;
    expect(only(problemsOf(text))).toMatchObject({ code: "too-many-aliases", message: "over 10000 values" });
  });

  it("3: more than a hundred aliases are refused at the one too many", () => {
    const text = `a: &a x\n${Array.from({ length: 101 }, (_, at) => `b${at}: *a\n`).join("")}`;
    expect(only(problemsOf(text))).toMatchObject({ code: "too-many-aliases", position: { line: 102 } });
  });

  it("3: an anchor that holds itself is refused", () => {
    const text = "a: &a [x, *a]\n";
    const position = placeOf(text, "*a");
    expect(only(problemsOf(text))).toMatchObject({ code: "too-many-aliases", position });
  });

  it("3: a few aliases are fine, and an unknown one names the nearest anchor", () => {
    const text = blueprint({ components: "vpc: &vpc { type: vpc }\nother: *vpc" });
    expect(problemsOf(text)).toEqual([]);
    const wrong = text.replace("*vpc", "*vcp");
    expect(problemsOf(wrong)).toContainEqual(
      expect.objectContaining({ code: "yaml-syntax", position: placeOf(wrong, "*vcp"), nearest: "vpc" }),
    );
  });

  it("4: a merge key is refused where it stands, also with __proto__ behind it", () => {
    const text = blueprint({ components: "base: &b { type: vpc }\nvpc: { <<: *b, zones: 2 }" });
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({ code: "merge-key", position: placeOf(text, "<<") }),
    );
    expect(
      problemsOf('a: &a { "__proto__": { polluted: 1 } }\nb: { <<: *a }\n').map((each) => each.code),
    ).toEqual(expect.arrayContaining(["merge-key", "reserved-name"]));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("6: a byte order mark, CRLF and a missing last newline are accepted and columns stay right", () => {
    const text = blueprint({ components: "vpc: { type: vpc, zoness: 2 }" });
    const plain = only(problemsOf(text));
    const windows = bytesOf(`\ufeff${text.trimEnd().replaceAll("\n", "\r\n")}`);
    expect(only(validateBytes(windows))).toEqual(plain);
    expect(plain.position).toEqual(placeOf(text, "zoness"));
    expect(validateBytes(bytesOf(`\ufeff${blueprint().replaceAll("\n", "\r\n")}`))).toEqual([]);
  });

  it.each([
    ["UTF-16 with a mark", Buffer.from(`\ufeff${blueprint()}`, "utf16le"), "not-utf-8", "UTF-16"],
    ["UTF-16 without a mark", Buffer.from(blueprint(), "utf16le"), "not-utf-8", "UTF-16"],
    ["UTF-32", Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]), "not-utf-8", "UTF-32"],
    ["Latin-1", Buffer.from("# caf\u00e9\na: 1\n", "latin1"), "not-utf-8", "byte 5"],
    ["a cut character", Buffer.from([0x61, 0x3a, 0x20, 0xe2, 0x82]), "not-utf-8", "byte 3"],
    ["NUL", bytesOf("a: é\u0000\n"), "control-character", "U+0000 at byte 5"],
    ["escape", bytesOf("\ufeffa: \u001b[31m\n"), "control-character", "U+001B at byte 6"],
    ["a carriage return alone", bytesOf("a: 1\rb: 2\n"), "control-character", "U+000D at byte 4"],
  ])("6: %s is refused with the byte offset", (_, bytes, code, words) => {
    const problem = only(validateBytes(bytes));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(words);
  });

  it("6: the column of a control character counts characters, not bytes", () => {
    expect(only(validateBytes(bytesOf("a: 1\nb: éé\u0007\n"))).position).toEqual({
      file: "sample.yaml",
      line: 2,
      column: 6,
    });
  });

  it("6: a control character that an escape brings in is refused at its text", () => {
    const text = blueprint({ metadata: '{ name: sample, version: 1.0.0, description: "a\\e[31m" }' });
    const position = placeOf(text, '"a');
    expect(only(problemsOf(text))).toMatchObject({
      code: "control-character",
      position,
      message: "the text holds U+001B",
    });
  });

  it("7: a binary file is refused in one line without its bytes", () => {
    const zip = Buffer.concat([
      Buffer.from("PK\x03\x04"),
      Buffer.from(Array.from({ length: 64 }, (_, at) => at * 3)),
    ]);
    const read = decodeSource(zip, "sample.yaml");
    expect(read).toMatchObject({ ok: false, problem: { code: "not-yaml", message: "the file is binary" } });
    expect(JSON.stringify(read)).not.toContain("PK");
  });

  it.each(["[", "{a: ", "- ", "? "])(
    "8: ten thousand levels of %j are too deep, and the stack holds",
    (level) => {
      expect(only(problemsOf(`${level.repeat(10_000)}\n`))).toMatchObject({
        code: "too-deep",
        message: "nested more than 64 levels deep",
      });
    },
  );

  it("8: sixty levels are not too deep", () => {
    const problems = problemsOf(`a: ${"[".repeat(60)}${"]".repeat(60)}\n`);
    expect(problems.map((each) => each.code)).not.toContain("too-deep");
  });

  it.each([
    ["an empty file", "", "empty-document"],
    ["comments", "# nothing\n# here\n", "empty-document"],
    ["null", "null\n", "empty-document"],
    ["a mark alone", "---\n", "empty-document"],
    ["a list", "- a\n", "not-a-mapping"],
    ["a scalar", "hello\n", "not-a-mapping"],
  ])("9: %s is no document", (_, text, code) => {
    expect(only(problemsOf(text))).toMatchObject({ code, position: { line: 1, column: 1 } });
  });

  it("10: two documents of one kind and name are shown at both positions", () => {
    const text = `${blueprint()}---\n${blueprint()}`;
    expect(only(problemsOf(text))).toMatchObject({
      code: "duplicate-document",
      position: placeOf(text, "sample", 1),
      related: [{ position: placeOf(text, "sample", 0) }],
    });
  });

  it("10: two versions of one blueprint are two documents", () => {
    expect(problemsOf(blueprint(), blueprint({ metadata: "{ name: sample, version: 1.1.0 }" }))).toEqual([]);
  });

  it.each([
    ["apiVersion: v2", "unsupported-api-version", "the apiVersion is not known"],
    ["apiVersion: terrane.dev/V1", "unsupported-api-version", "the apiVersion is not known"],
    ['apiVersion: "terrane.dev/v1 "', "unsupported-api-version", "the apiVersion is not known"],
    [
      "apiVersion: terrane.dev/v3",
      "unsupported-api-version",
      "need a newer terrane than this one (terrane ≥ 3.0.0)",
    ],
    ["api: 1", "missing-key", 'the key "apiVersion" is missing'],
  ])("11: %s is answered with the right version", (line, code, words) => {
    const text = blueprint().replace("apiVersion: terrane.dev/v1", line);
    const problem = problemsOf(text).find((each) => each.code === code);
    expect(problem).toMatchObject({ nearest: "terrane.dev/v1" });
    expect(problem?.message).toContain(words);
    if (code !== "missing-key")
      expect(problem?.position).toEqual({ file: "sample.yaml", line: 1, column: 13 });
  });

  it("11: a kind in lowercase is answered with the right one", () => {
    const text = environment().replace("kind: Environment", "kind: environment");
    const position = placeOf(text, "environment");
    expect(only(problemsOf(text))).toMatchObject({ code: "unknown-kind", position, nearest: "Environment" });
  });

  it("12: an unknown key names the nearest, at the key itself", () => {
    const text = blueprint({
      components: "vpc: { type: vpc }\ncluster: { type: cluster, network: vpc, nodeTypes: m7g.large }",
    });
    const position = placeOf(text, "nodeTypes");
    expect(only(problemsOf(text))).toMatchObject({ code: "unknown-key", position, nearest: "nodeType" });
  });

  it("12: a key of another component type says whose it is", () => {
    const text = blueprint({ components: "vpc: { type: vpc, backupRetentionDays: 3 }" });
    expect(only(problemsOf(text))).toMatchObject({
      code: "unknown-key",
      position: placeOf(text, "backupRetentionDays"),
      next: "`backupRetentionDays` belongs to `postgres`.",
    });
  });

  it("12: a known key at the wrong level says where it goes", () => {
    const high = `${blueprint()}version: 1.0.0\n`;
    expect(only(problemsOf(high))).toMatchObject({
      code: "unknown-key",
      position: placeOf(high, "version", 1),
      next: "Put it below `metadata`.",
    });
    const low = blueprint({ components: "vpc: { type: vpc, byClass: { prod: { sites: [virginia] } } }" });
    expect(only(problemsOf(low))).toMatchObject({
      code: "unknown-key",
      position: placeOf(low, "sites", 1),
      next: "`sites` goes one level up, beside `type`.",
    });
  });

  it.each([
    ['"3"', "a text was read", "3"],
    ["3.0", "a decimal number was read where it can only be a whole number or text", "3"],
    ["03", "a text that looks like a number was read", "3"],
    ["0x3", "a text that looks like a number was read", "3"],
    ["1e1", "a text that looks like a number was read", "10"],
    [".inf", "a text that looks like a number was read", undefined],
    [".nan", "a text that looks like a number was read", undefined],
    ["9007199254740993", "a text that looks like a number was read", undefined],
    ["-0", "a text that looks like a number was read", "0"],
    ["2.5", "a decimal number was read", undefined],
    ["true", "a truth value was read", undefined],
    ["[3]", "a list was read", undefined],
    ["", "nothing was read", undefined],
  ])("13: zones: %s is never coerced", (value, message, nearest) => {
    const text = blueprint({ components: `vpc: { type: vpc, zones: ${value} }` });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "wrong-type", message });
    expect(problem.nearest).toBe(nearest);
    expect(problem.allowed).toMatch(value === "3.0" ? /^3, or "3.0"/ : /^a whole number from 1 to 6$/);
    const key = placeOf(text, "zones");
    expect(problem.position).toEqual(value === "" ? key : { ...key, column: key.column + "zones: ".length });
  });

  it.each(["no", "on", "12:30:00", "010", "2026-11-21"])("14: %s stays text", (value) => {
    const components = `vpc: { type: vpc }\ncluster: { type: cluster, network: vpc, administrators: [${value}] }`;
    const spec = resolveEnvironment(requestFor(blueprint({ components })));
    expect(spec.components.find((each) => each.name === "cluster")?.fields["administrators"]).toEqual([
      value,
    ]);
  });

  it.each([
    ["1.30", "version: 1.30, network"],
    ["1.34", "version: 1.34, network"],
  ])("14: an unquoted version %s is answered with quotes", (version, words) => {
    const text = blueprint({ components: `vpc: { type: vpc }\ncluster: { type: cluster, ${words}: vpc }` });
    const position = placeOf(text, version);
    expect(only(problemsOf(text))).toMatchObject({ code: "quote-this", position, nearest: `"${version}"` });
  });

  it("14: a whole number as a version from a list is answered with quotes", () => {
    const text = blueprint({
      components: "vpc: { type: vpc }\norders: { type: postgres, network: vpc, version: 17 }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "quote-this",
      nearest: '"17"',
      position: placeOf(text, "17"),
    });
  });

  it("14: no and yes in a field of truth values are answered with true and false", () => {
    const text = blueprint({ components: "vpc: { type: vpc, flowLogs: no }" });
    expect(only(problemsOf(text))).toMatchObject({ code: "wrong-type", nearest: "false", seen: "no" });
  });

  it.each(["!!js/function 'x'", "!!binary aGk=", "!!set {a}", "!include ../../secret", "!!str x"])(
    "15: the tag of %s is refused",
    (value) => {
      const text = `a: ${value}\n`;
      const problem = problemsOf(text).find((each) => each.code === "tag-not-allowed");
      expect(problem).toMatchObject({ position: { line: 1, column: 4 }, seen: value.split(" ")[0] });
    },
  );

  it("15: a tag directive is refused, and so is YAML 1.1", () => {
    expect(problemsOf(`%TAG ! tag:example.com,2026:\n---\n${blueprint()}`)).toMatchObject([
      { code: "tag-not-allowed" },
    ]);
    expect(problemsOf(`%YAML 1.1\n---\n${blueprint()}`)).toMatchObject([
      { code: "yaml-syntax", message: "only YAML 1.2 is read" },
    ]);
  });
});

describe("bad input: interpolation", () => {
  const parameters = "region: { type: string, default: x }";
  const withText = (value: string) =>
    blueprint({
      parameters,
      components: `vpc: { type: vpc }\ncluster: { type: cluster, network: vpc, administrators: [${value}] }`,
    });

  it.each([
    ["${parameters.regoin}", "there is no such parameter", "${parameters.region}"],
    ["${env.AWS_SECRET_ACCESS_KEY}", "there is nothing of this name", undefined],
    ["${parameters.__proto__}", "there is no such parameter", undefined],
    ["${site.naem}", "there is nothing of this name", "${site.name}"],
    ["${parameters.region.x}", "there is no such parameter", "${parameters.region}"],
    ["${ site.name }", "only a name can stand in `${…}`", undefined],
    ["${1+1}", "only a name can stand in `${…}`", undefined],
    ["${", "`${` is not closed", undefined],
    ["${${x}}", "only a name can stand in `${…}`", undefined],
  ])("16: %s is refused at its place inside the text", (template, message, nearest) => {
    const text = withText(`"db-$\${x}-${template}"`);
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({
      code: "unknown-reference",
      message,
      position: placeOf(text, template, template === "${" ? 1 : 0),
    });
    expect(problem.nearest).toBe(nearest);
    expect(problem.allowed).toBe(
      "${environment.name}, ${environment.class}, ${site.name}, ${site.region}, ${parameters.region}",
    );
  });

  it("16: parameters whose defaults refer in a circle are shown with the whole path", () => {
    const text = blueprint({
      parameters:
        'a: { type: string, default: "x ${parameters.b}" }\nb: { type: string, default: "${parameters.a}" }',
    });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "reference-cycle", position: placeOf(text, "${parameters.b}") });
    expect(problem.message).toContain("parameters.a → parameters.b → parameters.a");
    expect(problem.related).toEqual([{ position: placeOf(text, '"${parameters.a}'), message: "and here" }]);
  });

  it("16: components that refer in a circle are shown with the whole path", () => {
    const text = blueprint({
      components:
        "c: { type: argocd, cluster: k, repository: 'https://x/y', expose: [d] }\nd: { type: argocd, cluster: k, repository: 'https://x/y', expose: [c] }\nvpc: { type: vpc }\nk: { type: cluster, network: vpc }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "reference-cycle",
      message: "components refer in a circle: c → d → c",
      position: placeOf(text, "d]"),
      related: [{ position: placeOf(text, "c]"), message: "d@virginia refers to c@virginia" }],
    });
  });

  it.each(["${secrets.db}", "{{ .Values }}", "#{x}", "$(id)", "${parameters.region}", "$${x}"])(
    "17: a parameter's value %s stays text for ever",
    (value) => {
      const request = requestFor(
        withText('"a ${parameters.region} $${b}"'),
        environment({ parameters: `{ region: '${value}' }` }),
      );
      const cluster = resolveEnvironment(request).components.find((each) => each.name === "cluster");
      expect(cluster?.fields["administrators"]).toEqual([`a ${value} \${b}`]);
    },
  );

  it.each([
    ["apiVersion", () => blueprint().replace("terrane.dev/v1", '"${parameters.v}"'), '"${'],
    ["kind", () => blueprint().replace("kind: Blueprint", 'kind: "${parameters.v}"'), '"${'],
    [
      "the name of a document",
      () => blueprint({ metadata: '{ name: "${parameters.v}", version: 1.0.0 }' }),
      '"${',
    ],
    ["the name of a component", () => blueprint({ components: '"${parameters.v}": { type: vpc }' }), '"${'],
    ["a component's type", () => blueprint({ components: 'vpc: { type: "${parameters.v}" }' }), '"${'],
    ["a site", () => blueprint({ components: 'vpc: { type: vpc, sites: ["${parameters.v}"] }' }), '"${'],
    ["a field's name", () => blueprint({ components: 'vpc: { type: vpc, "${site.name}": 1 }' }), '"${'],
    ["a region", () => blueprint({ sites: 'virginia: { cloud: aws, region: "${parameters.v}" }' }), '"${'],
    [
      "a reference",
      () => blueprint({ components: 'vpc: { type: vpc }\nk: { type: cluster, network: "${parameters.v}" }' }),
      '"${',
    ],
    [
      "a class",
      () => environment({ head: 'metadata: { name: shop }\nblueprint: sample\nclass: "${parameters.v}"' }),
      '"${',
    ],
    [
      "a tag",
      () =>
        environment({ tags: '{ Owner: "${parameters.v}", CostCenter: C, Project: p, DataClass: public }' }),
      '"${',
    ],
    ["a default", () => blueprint({ parameters: 'p: { type: string, default: "${site.name}" }' }), "${"],
  ])("18: %s cannot be interpolated", (_, make, word) => {
    const text = make();
    const problem = problemsOf(text).find((each) => each.code === "must-be-literal");
    expect(problem?.position).toEqual(placeOf(text, word));
  });
});

describe("bad input: references and parameters", () => {
  it("19: a reference to nothing names the candidates of the right type", () => {
    const text = blueprint({
      components: "vpc: { type: vpc }\nedge: { type: vpc }\norders: { type: postgres, network: vpx }",
    });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "unknown-reference", position: placeOf(text, "vpx"), seen: "vpx" });
    expect(problem).toMatchObject({ allowed: "edge, vpc", nearest: "vpc" });
  });

  it("19: a reference to a component of another site says how to cross", () => {
    const text = blueprint({
      sites: twoSites,
      components:
        "vpc: { type: vpc, sites: [ohio] }\norders: { type: postgres, sites: [virginia], network: vpc }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "unknown-reference",
      message: '"vpc" is not in site "virginia" but in ohio',
      position: placeOf(text, "vpc }"),
      nearest: "vpc@ohio",
    });
    expect(problemsOf(text.replace("network: vpc", "network: vpc@ohio"))).toEqual([]);
  });

  it("19: a reference of the wrong type names what would do", () => {
    const text = blueprint({
      components:
        "vpc: { type: vpc }\norders: { type: postgres, network: vpc }\nk: { type: cluster, network: orders }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "wrong-reference-type",
      message: '"orders" is of type postgres, not vpc',
      position: placeOf(text, "orders }"),
      allowed: "vpc",
      nearest: "vpc",
    });
  });

  it.each([
    ["{}", "missing-parameter", "tags:", 'the parameter "size" has no value'],
    ["{ size: tiny }", "bad-parameter", "tiny", "the value is not one of those declared"],
    ["{ size: smal }", "bad-parameter", "smal", "the value is not one of those declared"],
    ["{ size: small, code: abc }", "bad-parameter", "abc", "the text does not match the pattern"],
    ["{ size: small, count: 9 }", "bad-parameter", "9 }", "the number is too large"],
    ["{ size: small, count: 0 }", "bad-parameter", "0 }", "the number is too small"],
    ['{ size: small, count: "3" }', "wrong-type", '"3"', "the value has the wrong type"],
    ["{ size: small, code: 12 }", "quote-this", "12", "the value has the wrong type"],
    ["{ size: small, link: nowhere }", "bad-parameter", "nowhere", "the text is not a URI"],
    ["{ size: small, range: 10.0.0.1/8 }", "bad-parameter", "10.0", "10.0.0.1/8 has host bits set"],
  ])("20: parameters %s are refused here and at their declaration", (given, code, word, message) => {
    const declared = blueprint({
      parameters: [
        "size: { type: string, enum: [small, large] }",
        'code: { type: string, pattern: "[A-Z]{2}", default: AB }',
        "count: { type: integer, minimum: 1, maximum: 5, default: 1 }",
        "link: { type: string, format: uri, default: 'https://a.example' }",
        "range: { type: string, format: cidr, default: 10.0.0.0/8 }",
      ].join("\n"),
    });
    const text = `${declared}---\n${environment({ parameters: given })}`;
    const start = text.indexOf("kind: Environment");
    const problem = only(validateText("sample.yaml", text).problems);
    expect(problem).toMatchObject({ code, message });
    const name = problem.path?.split("/").at(-1) ?? "";
    expect(problem.related).toEqual([{ position: placeOf(text, `${name}:`), message: "declared here" }]);
    const place = code === "missing-parameter" ? "parameters: {}" : word;
    const before = text.slice(0, start).split(place).length - 1;
    expect(problem.position).toEqual(placeOf(text, place, before));
    if (given === "{ size: smal }") expect(problem.nearest).toBe("small");
  });

  it("20: an unknown parameter names the nearest", () => {
    const text = `${blueprint({ parameters: "size: { type: string, default: s }" })}---\n${environment({ parameters: "{ sizes: s }" })}`;
    expect(only(problemsOf(text))).toMatchObject({
      code: "unknown-parameter",
      nearest: "size",
      position: placeOf(text, "sizes"),
      related: [{ position: placeOf(text, "parameters:") }],
    });
  });

  it("20: a pattern that would take for ever is given up, and the value is not repeated to it", () => {
    const declared = blueprint({ parameters: 'code: { type: string, pattern: "(a+)+b" }' });
    const problem = only(problemsOf(declared, environment({ parameters: `{ code: ${"a".repeat(60)} }` })));
    expect(problem).toMatchObject({
      code: "bad-parameter",
      message: "the pattern takes too long on this text",
    });
  });

  it("20: a secret written down is refused and never shown", () => {
    const declared = blueprint({ parameters: "dbKey: { type: string, secret: true }" });
    const problem = only(problemsOf(declared, environment({ parameters: "{ dbKey: hunter2hunter2 }" })));
    expect(problem).toMatchObject({ code: "bad-secret-reference", path: "/parameters/dbKey" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });
});

describe("bad input: files and paths", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "terrane-bad-input-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const problemOf = (path: string): Problem => {
    const problems = new ProblemList();
    loadFile(path, "x.yaml", problems);
    return only(problems.report().problems);
  };

  it("5: a file over 1 MiB is refused by its size", () => {
    const path = join(root, "large.yaml");
    writeFileSync(path, "#".repeat(1024 * 1024 + 1));
    expect(problemOf(path)).toMatchObject({ code: "file-too-large", message: "the file has 1048577 bytes" });
    writeFileSync(path, "#".repeat(1024 * 1024));
    expect(problemOf(path)).toMatchObject({ code: "empty-document" });
  });

  it("5: a pipe, a folder and a device are refused without waiting", () => {
    const pipe = join(root, "pipe.yaml");
    execFileSync("/usr/bin/mkfifo", [pipe]);
    expect(problemOf(pipe)).toMatchObject({
      code: "not-a-file",
      message: "the path is a pipe, not a regular file",
    });
    expect(problemOf(root)).toMatchObject({
      code: "not-a-file",
      message: "the path is a folder, not a regular file",
    });
    expect(problemOf("/dev/zero")).toMatchObject({
      code: "not-a-file",
      message: "the path is a device, not a regular file",
    });
  });

  it("5: standard input and a file that is not there are refused", () => {
    const problems = loadFiles(root, ["-", "nowhere.yaml"]).problems.report().problems;
    expect(problems.map((each) => [each.position?.file, each.code])).toEqual([
      ["-", "not-a-file"],
      ["nowhere.yaml", "file-not-found"],
    ]);
  });

  const project = (name: string, text: string) => {
    const dir = join(root, name);
    mkdirSync(join(dir, "environments"), { recursive: true });
    writeFileSync(
      join(dir, "terrane.yaml"),
      `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: p }\n${text}`,
    );
    return dir;
  };

  it.each([
    ["../elsewhere", "elsewhere"],
    ["/etc", "/etc"],
    ["file:///etc", "file:///etc"],
    ["blueprints/../../..", ""],
  ])("21: the folder %s leads outside the project", (folder, resolved) => {
    const dir = project("outside", `blueprints: ["${folder}"]\n`);
    const problem = only(loadProject(dir).problems.report().problems);
    expect(problem).toMatchObject({
      code: "path-outside",
      position: { file: "terrane.yaml", line: 4, column: 14 },
    });
    expect(problem.message).toContain(resolved);
  });

  it("21: a link to a file outside the project is not read", () => {
    const dir = project("linked", "");
    writeFileSync(join(root, "secret.yaml"), "password: hunter2\n");
    symlinkSync(join(root, "secret.yaml"), join(dir, "environments", "x.yaml"));
    const problem = only(loadProject(dir).problems.report().problems);
    expect(problem).toMatchObject({ code: "path-outside", position: { file: "environments/x.yaml" } });
    expect(problem.message).toContain("secret.yaml");
  });

  it.each([
    ["../../etc/x", "../../etc/x"],
    ["/etc/passwd", "/etc/passwd"],
    ["file:///etc/passwd", "file:///etc/passwd"],
    ["a/b@^1", "a/b"],
  ])("21: the blueprint name %s leads outside", (name, resolved) => {
    const text = environment({ head: `metadata: { name: shop }\nblueprint: "${name}"\nclass: dev` });
    const problem = only(problemsOf(blueprint(), text).filter((each) => each.severity === "error"));
    expect(problem).toMatchObject({ code: "path-outside", position: { line: 12, column: 12 } });
    expect(problem.message).toContain(resolved);
  });

  it("a hundred problems are shown, sorted by position, and the rest is counted", () => {
    const components = Array.from({ length: 150 }, (_, at) => `C${at}: { type: vpc }`).join("\n");
    const { problems, omitted } = validateDocuments({
      documents: [],
      catalog,
      problems: listOf(blueprint({ components })),
    });
    expect([problems.length, omitted]).toEqual([100, 50]);
    const lines = problems.map((each) => each.position?.line ?? 0);
    expect(lines).toEqual(lines.toSorted((left, right) => left - right));
  });

  const listOf = (text: string) => {
    const path = join(root, "many.yaml");
    writeFileSync(path, text);
    const problems = new ProblemList();
    loadFile(path, "many.yaml", problems);
    return problems;
  };
});
