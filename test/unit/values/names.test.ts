import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkBlueprintName,
  checkName,
  checkParameterName,
  maxNameLength,
  physicalName,
  slug,
} from "../../../src/values/names.ts";

const anyName = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,4}$/);

describe("checkName", () => {
  it.each(["a", "payments", "payments-eu-1", "constructors", "a".repeat(40)])("takes %s", (name) => {
    expect(checkName(name)).toBeUndefined();
  });

  it.each([
    ["Payments", "the name has uppercase letters", "payments"],
    ["payments_api", 'the name holds "_"', "payments-api"],
    ["a.b", 'the name holds "."', "a-b"],
    ["a b", "the name holds U+0020", "a-b"],
    ["1st", "the name does not start with a letter", "st"],
    ["-a", "the name does not start with a letter", "a"],
    ["a-", "the name ends with a hyphen", "a"],
    ["a--b", "the name has two hyphens in a row", "a-b"],
    ["", "the name is empty", undefined],
    ["../x", "a name is not a path", "x"],
    ["/etc/passwd", "a name is not a path", "etc-passwd"],
    ["a\\b", "a name is not a path", "a-b"],
    ["%2e%2e%2f", "a name is not a path", "e-2e-2f"],
    [".", "a name is not a path", undefined],
    ["..", "a name is not a path", undefined],
    ["a".repeat(41), "the name has 41 characters", "a".repeat(40)],
  ])("bad input 23, 28: refuses %j with a reason and a proposal", (text, message, nearest) => {
    expect(checkName(text)).toMatchObject({ code: "bad-name", message });
    expect(checkName(text)?.nearest).toBe(nearest);
  });

  it("bad input 22: says what a name that is too long would have to fit into", () => {
    expect(checkName("a".repeat(41))?.allowed).toContain(
      "an IAM role has 64, and takes environment, component and a hash",
    );
  });

  it("bad input 28: refuses ten thousand characters and a NUL without repeating them", () => {
    expect(checkName("x".repeat(10_000))).toMatchObject({
      code: "bad-name",
      message: "the name has 10000 characters",
    });
    expect(checkName("x\u0000")).toMatchObject({
      message: "the name holds U+0000, which is not ASCII text",
      nearest: "x",
    });
  });

  it.each([
    ["default"],
    ["kube-system"],
    ["aws-orders"],
    ["google"],
    ["googly"],
    ["xn--abc"],
    ["orders-s3alias"],
    ["internal-api"],
    ["sg-web"],
    ["admin"],
    ["rdsadmin"],
    ["azure_superuser"],
    ["azure_pg_admin"],
    ["cloudsqlsuperuser"],
    ["pg_monitor"],
    ["CON"],
    ["constructor"],
    ["prototype"],
  ])("bad input 24, 27: keeps %s for its owner", (name) => {
    expect(checkName(name)).toMatchObject({ code: "reserved-name" });
  });

  it("lets a blueprint be named for a cloud, since no cloud ever sees its name", () => {
    expect(checkBlueprintName("aws-platform")).toBeUndefined();
    expect(checkName("aws-platform")).toMatchObject({
      code: "reserved-name",
      message: '"aws-…" is reserved',
    });
  });

  it.each([
    ["pаyments", "U+0430", "payments"],
    ["ｐay", "U+FF50", "pay"],
    ["pay\u200bments", "U+200B", "pay-ments"],
    ["pay\u202ements", "U+202E", "pay-ments"],
    ["café", "U+00E9", "cafe"],
    ["cafe\u0301", "U+0301", "cafe"],
    ["a\ud800", "U+D800", "a"],
  ])("bad input 26: shows the look-alike in %j as %s", (text, shown, nearest) => {
    expect(checkName(text)).toMatchObject({ code: "bad-name", nearest });
    expect(checkName(text)?.message).toContain(shown);
  });

  it("proposes only names that it takes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => {
        const nearest = checkName(text)?.nearest;
        if (nearest !== undefined) expect(checkName(nearest)).toBeUndefined();
      }),
    );
  });
});

describe("checkParameterName", () => {
  it("takes camel case and proposes it", () => {
    expect(checkParameterName("dbSize2")).toBeUndefined();
    expect(checkParameterName("db_size")).toMatchObject({ code: "bad-name", nearest: "dbSize" });
    expect(checkParameterName("constructor")).toMatchObject({ code: "reserved-name" });
  });
});

describe("slug", () => {
  it("leaves a name as it is", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(slug(name)).toBe(name.slice(0, maxNameLength).replace(/-+$/, ""));
      }),
    );
  });
});

describe("physicalName", () => {
  it("is stable, keeps within the length, and is a name itself", () => {
    fc.assert(
      fc.property(anyName, anyName, fc.integer({ min: 12, max: 64 }), (environment, component, maxLength) => {
        const name = physicalName([environment, component], "0a1b2c3d", { maxLength });
        expect(physicalName([environment, component], "0a1b2c3d", { maxLength })).toBe(name);
        expect(name.length).toBeLessThanOrEqual(maxLength);
        expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      }),
    );
  });

  it("bad input 25: differs for two long names with one prefix, and for parts that join to one text", () => {
    const rules = { maxLength: 32 };
    const long = "payments-service-of-the-european-";
    expect(physicalName([`${long}union`], "0a1b2c3d", rules)).not.toBe(
      physicalName([`${long}market`], "0a1b2c3d", rules),
    );
    expect(physicalName(["a-b", "c"], "0a1b2c3d", rules)).not.toBe(
      physicalName(["a", "b-c"], "0a1b2c3d", rules),
    );
  });

  it("is new in the next life of an environment", () => {
    expect(physicalName(["shop", "vpc"], "0a1b2c3d", { maxLength: 63 })).not.toBe(
      physicalName(["shop", "vpc"], "11111111", { maxLength: 63 }),
    );
  });
});
