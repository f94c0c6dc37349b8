import { describe, expect, test } from "vitest";
import { TerraneError } from "../../../src/errors.ts";
import { findingSchema } from "../../../src/model/finding.ts";
import { ask } from "../../../src/policy/answer.ts";
import { denials, evaluate, makeJudge } from "../../../src/policy/evaluate.ts";
import { defineRule, type Rule, refuseWhen, severityByClass } from "../../../src/policy/rule.ts";
import { secret, unknown } from "../../../src/values/value.ts";
import { makeResource, staging, verdictsOf } from "../../support/policy.ts";

const noRed = defineRule({
  id: "test/no-red",
  title: "Nothing is red.",
  sources: [],
  severity: severityByClass("deny", { sandbox: "warn" }),
  types: ["aws:ec2/vpc:Vpc", "azure-native:network:Subnet"],
  *check({ inputs }) {
    for (const colour of inputs.at("colours").each()) {
      yield* refuseWhen(
        ask(colour, (value) => value === "red"),
        { property: colour.path, why: "it is red", mend: "Paint it." },
      );
    }
  },
});

const alone = defineRule({
  id: "test/alone",
  title: "One of a kind.",
  sources: [],
  severity: severityByClass("warn"),
  types: ["aws:ec2/vpc:Vpc"],
  scope: "stack",
  check: (_, { resources }) =>
    resources.length > 1 ? [{ verdict: "fail", why: "it has neighbours", mend: "Move it." }] : [],
});

describe("evaluate", () => {
  test("gives every failing property, the undetermined ones beside them, in the order of the inputs", () => {
    const colours = ["red", "blue", unknown, "red"];

    const findings = evaluate([noRed], staging, [makeResource("aws:ec2/vpc:Vpc", { colours })]);

    expect(verdictsOf(findings)).toEqual(["fail colours[0]", "undetermined colours[2]", "fail colours[3]"]);
    expect(findings[0]).toEqual({
      rule: "test/no-red",
      verdict: "fail",
      severity: "deny",
      stack: "payments.virginia.data",
      urn: "urn:pulumi:payments.virginia.data::terrane::aws:ec2/vpc:Vpc::orders",
      resource: "orders (aws:ec2/vpc:Vpc)",
      property: "colours[0]",
      why: "it is red",
      mend: "Paint it.",
    });
  });

  test("gives one pass where a rule finds nothing wrong, and nothing for types it does not look at", () => {
    const resources = [makeResource("aws:ec2/vpc:Vpc", {}), makeResource("aws:ec2/subnet:Subnet", {})];

    const findings = evaluate([noRed], staging, resources);

    expect(findings).toMatchObject([{ verdict: "pass", why: "Nothing is red.", mend: "" }]);
  });

  test("orders findings by resource, then by rule", () => {
    const resources = ["b", "a"].map((name) => makeResource("aws:ec2/vpc:Vpc", { colours: ["red"] }, name));

    const findings = evaluate([noRed, alone], staging, resources);

    expect(findings.map(({ resource, rule }) => `${resource.charAt(0)} ${rule}`)).toEqual([
      "b test/no-red",
      "b test/alone",
      "a test/no-red",
      "a test/alone",
    ]);
  });

  test("gives findings that the schema of plans accepts", () => {
    const colours = [unknown, "red"];
    const findings = evaluate([noRed, alone], staging, [makeResource("aws:ec2/vpc:Vpc", { colours })]);

    expect(findings.map((finding) => findingSchema.parse(finding))).toEqual(findings);
  });

  test("takes the severity of the class, and stops a change only by failed denials", () => {
    const resource = makeResource("aws:ec2/vpc:Vpc", { colours: ["red", unknown] });

    expect(denials(evaluate([noRed], staging, [resource]))).toHaveLength(1);
    expect(denials(evaluate([noRed], { ...staging, class: "sandbox" }, [resource]))).toEqual([]);
  });

  test("says once that an unknown value decides several questions", () => {
    const findings = evaluate([noRed], staging, [makeResource("aws:ec2/vpc:Vpc", { colours: unknown })]);

    expect(verdictsOf(findings)).toEqual(["undetermined colours"]);
  });

  test("fails what is secret and would decide, and never shows more than its place", () => {
    const findings = evaluate([noRed], staging, [makeResource("aws:ec2/vpc:Vpc", { colours: [secret] })]);

    expect(verdictsOf(findings)).toEqual(["fail colours[0]"]);
    expect(findings[0]?.why).toContain("secret");
  });

  test("judges a type of azure-native with an API version like the one without", () => {
    const types = ["azure-native:network/v20240101:Subnet", "azure-native:network/v20240101preview:Subnet"];
    const resources = types.map((type) => makeResource(type, { colours: ["red"] }));

    expect(verdictsOf(evaluate([noRed], staging, resources))).toEqual(["fail colours[0]", "fail colours[0]"]);
  });

  test("asks rules of neighbours only when the whole stack is there", () => {
    const resources = ["a", "b"].map((name) => makeResource("aws:ec2/vpc:Vpc", { colours: [] }, name));
    const judge = makeJudge([noRed, alone], staging);

    const inEngine = [...resources.flatMap((each) => judge.judge(each)), ...judge.judgeStack(resources)];

    expect(new Set(inEngine)).toEqual(new Set(evaluate([noRed, alone], staging, resources)));
    expect(inEngine.filter(({ rule }) => rule === "test/alone").map(({ verdict }) => verdict)).toEqual([
      "fail",
      "fail",
    ]);
  });
});

describe("a rule that fails", () => {
  const broken = (check: unknown): Rule => ({ ...noRed, check: check as Rule["check"] });
  const cases: [string, Rule][] = [
    [
      "that throws",
      broken(() => {
        throw new Error("boom");
      }),
    ],
    [
      "that throws half way",
      broken(function* () {
        yield { verdict: "undetermined", property: "x" };
        throw new Error("boom");
      }),
    ],
    ["that answers with a promise", broken(async () => [])],
    ["that answers with nothing", broken(() => undefined)],
  ];

  test.each(cases)("%s is policy-unavailable, never a pass", (_, rule) => {
    const judgement = () => evaluate([rule], staging, [makeResource("aws:ec2/vpc:Vpc", {})]);

    expect(judgement).toThrow(TerraneError);
    expect(judgement).toThrow(/test\/no-red/);
    try {
      judgement();
    } catch (error) {
      expect(error).toMatchObject({ code: "policy-unavailable", exitCode: 1 });
    }
  });
});
