import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromWire, toWire } from "../../../src/simulator/provider/wire.ts";
import { seal, secretPaths, unseal, withoutDigests } from "../../../src/simulator/sealing.ts";
import { type Properties, secret, type Value } from "../../../src/values/value.ts";

const none: ReadonlySet<string> = new Set();
const key = "a key";

describe("secrets in the simulated clouds", () => {
  it("are found at the inputs' own places, at what the SDK calls secret, and wherever their text was copied to", () => {
    const inputs = { password: "p", tags: { token: "long-secret" }, port: 5432 };
    const outputs = {
      ...inputs,
      tagsAll: { token: "long-secret" },
      url: "x?t=long-secret",
      generated: "g",
      name: "p",
      other: "pp",
    };
    const paths = secretPaths(outputs, inputs, [["password"], ["tags", "token"]], new Set(["generated"]));
    expect(paths.map((path) => path.join(".")).sort()).toEqual(
      ["generated", "name", "password", "tags.token", "tagsAll.token", "url"].sort(),
    );
  });

  it("are stored as digests that depend on the key", () => {
    const sealed = seal({ password: "hunter2" }, [["password"]], key);
    expect(JSON.stringify(sealed)).not.toContain("hunter2");
    expect(sealed).not.toEqual(seal({ password: "hunter2" }, [["password"]], "another key"));
    expect(withoutDigests(sealed)).toEqual({ password: secret });
  });

  it("come back from what the caller knows, and say so when they changed outside", () => {
    const sealed = seal({ password: "hunter2", name: "a" }, [["password"]], key);
    expect(unseal(sealed, { password: "hunter2" }, key)).toEqual({
      value: { password: "hunter2", name: "a" },
      secrets: [["password"]],
    });
    expect(unseal(sealed, { password: "other" }, key).value).toEqual({
      password: "[changed outside]",
      name: "a",
    });
    expect(unseal(sealed, {}, key).value["password"]).toBe("[changed outside]");
  });

  it("never stand in clear in what is sealed, whatever the shape", () => {
    const canary = "canary-of-a-secret";
    const tree = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.constant(canary),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tree), (outputs) => {
        const inputs: Properties = { secret: canary };
        const whole = { ...outputs, secret: canary, copy: outputs as Value };
        const paths = secretPaths(whole, inputs, [["secret"]], none);
        expect(JSON.stringify(seal(whole, paths, key))).not.toContain(canary);
        const opened = fromWire(toWire(whole, paths));
        expect(opened.value).toEqual(whole);
      }),
    );
  });
});
