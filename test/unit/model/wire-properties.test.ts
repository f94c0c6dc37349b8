import fc from "fast-check";
import { expect, test } from "vitest";
import { toProperties, toValue } from "../../../src/model/wire-properties.ts";
import { secret, unknown } from "../../../src/values/value.ts";

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

test("a reference to a resource is its URN, an asset its hash, or where it comes from while it has none", () => {
  expect(toValue({ [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x" })).toBe("urn:x");
  expect(toValue({ [signature]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc" })).toBe("sha256:abc");
  expect(toValue({ [signature]: "c44067f5952c0a294b673a41bacd8c17", path: "a.txt" })).toEqual({
    asset: "a.txt",
  });
});

test("plain JSON stays as it is", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => {
      fc.pre(!JSON.stringify(raw).includes("__"));
      expect(toProperties(raw as Record<string, unknown>)).toEqual(raw);
    }),
  );
});
