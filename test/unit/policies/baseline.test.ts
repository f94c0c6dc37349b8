import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packNames, rulesOf } from "../../../policies/packs.ts";
import { judge, verdictsOf } from "../../support/policy.ts";
import { policyCases } from "../../support/policy-cases.ts";
import { knownWorlds, takenBack, veiledWorlds, worst } from "../../support/policy-worlds.ts";

const rules = rulesOf(["baseline"]);

describe("the baseline pack", () => {
  test.each(policyCases.map((each) => [each.rule.id, each.type, JSON.stringify(each.inputs), each] as const))(
    "%s judges %s %s",
    (_rule, _type, _inputs, { rule, type, inputs, expected }) => {
      expect(verdictsOf(judge(rule, type, inputs))).toEqual(expected);
    },
  );

  test("has a passing, a failing and an undetermined case for every rule", () => {
    for (const rule of rules) {
      const seen = policyCases.filter((each) => each.rule === rule).flatMap((each) => each.expected);
      const verdicts = new Set(seen.map((verdict) => verdict.split(" ")[0]));
      expect([rule.id, ...verdicts].sort()).toEqual([rule.id, "fail", "pass", "undetermined"].sort());
    }
  });

  test("says for every failure what is wrong and what would be right, and cites its sources", () => {
    const failed = policyCases
      .flatMap(({ rule, type, inputs }) => judge(rule, type, inputs))
      .filter(({ verdict }) => verdict === "fail");

    expect(failed.length).toBeGreaterThan(30);
    for (const { why, mend } of failed) expect([why, mend]).not.toContain("");
    for (const rule of rules) {
      expect(rule.sources.length).toBeGreaterThan(0);
      for (const source of rule.sources) expect(URL.canParse(source)).toBe(true);
    }
  });

  test("is the pack of that name; a name that no pack has is refused with the names there are", () => {
    expect(packNames).toEqual(["baseline"]);
    expect(rulesOf(["baseline", "baseline"])).toEqual(rules);
    expect(() => rulesOf(["basline"])).toThrow(
      expect.objectContaining({
        code: "bad-value",
        message: 'there is no policy pack "basline"; there are baseline',
        next: 'Write "baseline".',
      }),
    );
    expect(() => rulesOf(["constructor"])).toThrow(/no policy pack/);
  });

  test("has one id per rule, each with the name of its pack", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^baseline\/[a-z]+(-[a-z]+)*$/);
  });
});

describe("what is not known yet", () => {
  test("never decides: no verdict is taken back when it becomes known", () => {
    fc.assert(
      fc.property(veiledWorlds, (world) => {
        expect(takenBack(world)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("is the only thing that leaves a verdict open", () => {
    fc.assert(
      fc.property(knownWorlds, ({ rule, type, inputs }) => {
        expect(worst(judge(rule, type, inputs))).not.toBe("undetermined");
      }),
      { numRuns: 1000 },
    );
  });
});
