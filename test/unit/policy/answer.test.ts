import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answer, ask, both, either, isPresent, makeReader, not } from "../../../src/policy/answer.ts";
import { secret, unknown } from "../../../src/values/value.ts";

const unknownAnswer: Answer = { kind: "unknown", property: "x" };
const anyAnswer = fc.constantFrom<Answer>({ kind: "yes" }, { kind: "no" }, unknownAnswer, {
  kind: "hidden",
  property: "s",
});
const certain = fc.constantFrom<Answer>({ kind: "yes" }, { kind: "no" });

describe("answers", () => {
  test("a certain answer stays when unknown ones become known", () => {
    fc.assert(
      fc.property(
        fc.array(anyAnswer, { maxLength: 5 }),
        fc.array(certain, { minLength: 5 }),
        (some, others) => {
          const known = some.map((answer, index) =>
            answer.kind === "unknown" ? (others[index] ?? answer) : answer,
          );
          for (const combine of [both, either]) {
            const before = combine(...some);
            if (before.kind === "unknown") continue;
            expect(combine(...known)).toEqual(before);
          }
        },
      ),
    );
  });

  test("obey De Morgan", () => {
    fc.assert(
      fc.property(anyAnswer, anyAnswer, (a, b) => {
        expect(not(both(a, b))).toEqual(either(not(a), not(b)));
      }),
    );
  });

  test("of no questions at all: all hold, none does", () => {
    expect(both()).toEqual({ kind: "yes" });
    expect(either()).toEqual({ kind: "no" });
  });
});

describe("a reader", () => {
  const inputs = makeReader({
    rules: [{ ports: [80] }, unknown, { ports: unknown }, secret],
    name: "x",
    nothing: null,
  });

  test("knows the path of what it reads", () => {
    expect(inputs.at("rules").each()[0]?.at("ports").each()[0]?.path).toBe("rules[0].ports[0]");
  });

  test("takes everything below an unknown value for that unknown value", () => {
    const below = inputs.at("rules").each()[1]?.at("ports").each()[0];

    expect(below).toMatchObject({ path: "rules[1]", state: "unknown", value: undefined });
  });

  test("finds an unknown value below known ones", () => {
    const ports = inputs.at("rules").each()[2]?.at("ports") ?? inputs;

    expect(ask(ports, () => true)).toEqual({ kind: "unknown", property: "rules[2].ports" });
  });

  test("takes a secret for a value that is there and cannot be seen", () => {
    const hidden = inputs.at("rules").each()[3] ?? inputs;

    expect(isPresent(hidden)).toEqual({ kind: "yes" });
    expect(ask(hidden, () => true)).toEqual({ kind: "hidden", property: "rules[3]" });
  });

  test("takes null and what is missing for absent, also below a text", () => {
    expect(
      [inputs.at("nothing"), inputs.at("name").at("x"), inputs.at("toString")].map(({ state }) => state),
    ).toEqual(["absent", "absent", "absent"]);
  });
});
