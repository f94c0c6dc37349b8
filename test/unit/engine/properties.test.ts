import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePath, toProperties, toValue, valueAt } from "../../../src/engine/properties.ts";
import { type Properties, secret, unknown } from "../../../src/values/value.ts";

const signature = "4dabf18193072939515e22adb298388d";

test("what the engine marks as unknown or secret becomes a marker, wherever it stands", () => {
  expect(
    toProperties({
      text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      list: ["x", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
      shown: "[secret]",
      sealed: { [signature]: "1b47061264138c4ac30d75fd1eb44270", value: "open-plan" },
      nested: {
        output: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true, value: "open-plan" },
      },
      later: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
      known: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 3 },
      __defaults: [],
    }),
  ).toEqual({
    text: unknown,
    list: ["x", unknown],
    shown: secret,
    sealed: secret,
    nested: { output: secret },
    later: unknown,
    known: 3,
  });
});

test("a reference to a resource is its URN, an asset its hash", () => {
  expect(toValue({ [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x" })).toBe("urn:x");
  expect(toValue({ [signature]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc" })).toBe("sha256:abc");
});

test("plain JSON stays as it is", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => {
      fc.pre(!JSON.stringify(raw).includes("__"));
      expect(toProperties(raw as Record<string, unknown>)).toEqual(raw);
    }),
  );
});

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
