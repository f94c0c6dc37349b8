import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkHostname } from "../../../src/values/hostname.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

describe("checkHostname", () => {
  it.each(["example.com", "api.example.com.", "*.example.com", "xn--bcher-kva.example", "a.b"])(
    "takes %s",
    (name) => {
      expect(checkHostname(name)).toBeUndefined();
    },
  );

  it.each([
    ["example..com", "the name has two dots in a row, or starts with one", "example.com"],
    ["-x.com", 'the label "-x" starts or ends with a hyphen', "x.com"],
    ["x-.com", 'the label "x-" starts or ends with a hyphen', "x.com"],
    [`${"a".repeat(64)}.com`, "a label has 64 characters, more than 63", undefined],
    ["api.*.example.com", "a wildcard is the whole first label, or none", undefined],
    ["a*.example.com", "a wildcard is the whole first label, or none", undefined],
    ["localhost", "the name has no domain", undefined],
    ["10.0.0.1", "the name is an address", undefined],
    [
      "https://api.example.com/x",
      "a label holds something else than letters, digits and hyphens",
      "api.example.com",
    ],
    ["a_b.example.com", "a label holds something else than letters, digits and hyphens", undefined],
    ["", "the name is empty", undefined],
    [`${"a.".repeat(127)}a`, "the name has 255 characters, more than 253", undefined],
  ])("bad input 40: refuses %j with the rule", (name, message, nearest) => {
    const refusal = checkHostname(name);
    expect(refusal).toMatchObject({ code: "bad-name", message });
    expect(refusal?.nearest).toBe(nearest);
  });

  it("takes whatever keeps to the form, and proposes nothing it would refuse", () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 5 }), (labels) => {
        const name = [...labels, "example"].join(".");
        expect(checkHostname(name)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const nearest = checkHostname(text)?.nearest;
        if (nearest !== undefined) expect(checkHostname(nearest)).toBeUndefined();
      }),
    );
  });
});
