import { expect, test } from "vitest";
import { parseDeployment } from "../../../../src/state/deployment/deployment.ts";
import { state, thing } from "../../../support/states.ts";

const whole = { version: 4, features: ["views"], deployment: state(thing("a", { novelty: [1] })) };

test("a state comes back as it was written, with what is not known", () => {
  expect(parseDeployment("dev", JSON.stringify(whole))).toEqual(whole);
});

test.each([
  ["cut short", JSON.stringify(whole).slice(0, -9), "is not JSON; it may be cut short"],
  ["empty", "", "is empty"],
  ["zero bytes", "\0\0\0\0", "is not JSON"],
  ["another document", '{"kind":"Blueprint"}', "is not a state as `stack export` writes it: version"],
  ["a resource without a type", '{"version":3,"deployment":{"resources":[{"urn":"u"}]}}', "resources.0.type"],
])("%s is corrupt, and says where", (_, text, message) => {
  expect(() => parseDeployment("dev", text)).toThrow(
    expect.objectContaining({ code: "state-corrupt", message: expect.stringContaining(message) }),
  );
});

test.each([
  ["schema", { ...whole, version: 5 }, "has schema version 5; this release reads up to 4"],
  ["feature", { ...whole, features: ["views", "teleport"] }, "needs teleport; this release knows"],
])("a newer %s is told apart from a damaged state", (_, json, message) => {
  expect(() => parseDeployment("dev", JSON.stringify(json))).toThrow(
    expect.objectContaining({ code: "state-newer", message: expect.stringContaining(message) }),
  );
});
