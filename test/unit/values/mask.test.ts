import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeMask } from "../../../src/values/mask.ts";
import { Secret } from "../../../src/values/secret.ts";

describe("a mask", () => {
  it("takes a secret out of every text of a value, whatever its depth, and leaves the rest", () => {
    const mask = makeMask(["hunter2"]);
    expect(mask({ message: "login hunter2 failed for hunter2", list: ["hunter2!", 7], none: null })).toEqual({
      message: "login [secret] failed for [secret]",
      list: ["[secret]!", 7],
      none: null,
    });
  });

  it("finds the lines of a long secret, and the way JSON writes it", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END KEY-----";
    const mask = makeMask([key]);
    expect(mask("bad line: MIIEvQIBADANBgkqhkiG9w0BAQ")).toBe("bad line: [secret]");
    expect(mask(JSON.stringify({ key }))).toBe('{"key":"[secret]"}');
  });

  it("leaves texts alone that are too short to mean anything, and objects that are no plain data", () => {
    const held = new Secret("kept");
    expect(makeMask(["abc"])("abc")).toBe("abc");
    expect(makeMask(["kept"])({ held }).held).toBe(held);
  });

  it("lets no secret of at least four characters through", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!"[secret]".includes(secret));
        const masked = makeMask([secret])(before + secret + after);
        // What stands around the mask can put a secret together again only of its own characters.
        expect(masked.split("[secret]").some((part) => part.includes(secret))).toBe(false);
      }),
    );
  });
});
