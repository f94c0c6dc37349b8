import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePath, valueAt } from "../../../src/engine/property-path.ts";
import { type Properties, unknown } from "../../../src/values/value.ts";

test("a path written from keys leads back to the same keys", () => {
  const key = fc.oneof(fc.nat(99), fc.string({ minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
      const path = keys
        .map((each) =>
          typeof each === "number"
            ? `[${each}]`
            : `["${each.replace(/[\\"]/g, (character) => `\\${character}`)}"]`,
        )
        .join("");
      expect(parsePath(path)).toEqual(keys.map(String));
    }),
  );
});

test("the value at a path is found through lists and quoted keys, and an unknown on the way is the answer", () => {
  const properties: Properties = {
    tags: { Owner: "team", "a.b": "dotted" },
    ingress: [{ cidrBlocks: ["10.0.0.0/16"] }],
    later: unknown,
  };
  expect(valueAt(properties, "tags.Owner")).toBe("team");
  expect(valueAt(properties, 'tags["a.b"]')).toBe("dotted");
  expect(valueAt(properties, "ingress[0].cidrBlocks[0]")).toBe("10.0.0.0/16");
  expect(valueAt(properties, "later.deep[3]")).toBe(unknown);
  expect(valueAt(properties, "tags.None.deeper")).toBeUndefined();
});
