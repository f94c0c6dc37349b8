import { expect, test } from "vitest";
import { cleanMessage, joinMessages } from "../../../src/engine/words.ts";

test.each([
  {
    what: "the engine's wrapping of a provider's error",
    raw: "<{%reset%}>1 error occurred:\n\t* creating urn:pulumi:s::terrane::aws:ec2/vpc:Vpc::main: 1 error occurred:\n\t* VpcLimitExceeded: too many\n\n<{%reset%}>\n",
    clean: "VpcLimitExceeded: too many",
  },
  { what: "colours of a terminal", raw: "\u001b[31merror: \u001b[0mno such zone", clean: "no such zone" },
  { what: "a gRPC prefix", raw: "rpc error: code = Unknown desc = quota exceeded", clean: "quota exceeded" },
  { what: "what says only that something failed", raw: "error: update failed", clean: "" },
  { what: "that an engine which was asked to end has ended", raw: "error: context canceled", clean: "" },
  { what: "repeated lines", raw: "throttled\nthrottled", clean: "throttled" },
  {
    what: "every value that a broken plan is told with",
    raw: "resource urn:a violates plan: properties changed: =~sealed[{open-plan}], =+tags[{map[Owner:{a, b}]}]\n",
    clean: "resource urn:a violates plan: properties changed: sealed, tags",
  },
  { what: "words of several lines", raw: "first line\n  second line", clean: "first line\nsecond line" },
])("$what goes away", ({ raw, clean }) => {
  expect(cleanMessage(raw)).toBe(clean);
});

test("of messages that repeat each other only the longest stays", () => {
  expect(joinMessages(["no capacity", "zone 3: no capacity", "", "zone 3: no capacity", "other"])).toBe(
    "zone 3: no capacity\nother",
  );
});
