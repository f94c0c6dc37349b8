import { expect, test } from "vitest";
import { parseEntry } from "../../../../src/state/deployment/journal-entry.ts";
import { journal, thing } from "../../../support/states.ts";

const [entry] = journal(["success", 1, { state: thing("a", { novelty: 1 }) }]);

test("an entry comes back as it was sent, with what its resource has that is not known", () => {
  expect(parseEntry(entry)).toBe(entry);
});

test.each([
  ["version 2", { version: 2 }, "version 2; this release knows version 1"],
  ["kind 10", { kind: 10 }, "kind 10, which is not known"],
  ["a field more", { removeBoth: 3 }, "fields that are not known: removeBoth"],
])("an entry of %s is of a newer engine, and refused whole", (_, more, message) => {
  expect(() => parseEntry({ ...entry, ...more })).toThrow(
    expect.objectContaining({ code: "state-newer", message: expect.stringContaining(message) }),
  );
});

test.each([
  ["no object", 7, "no journal entry"],
  ["a negative index", { ...entry, removeOld: -1 }, "removeOld"],
  ["a resource without URN", { ...entry, state: { type: "t" } }, "state.urn"],
])("%s is no entry", (_, json, message) => {
  expect(() => parseEntry(json)).toThrow(
    expect.objectContaining({ code: "state-corrupt", message: expect.stringContaining(message) }),
  );
});
