import { expect, test } from "vitest";
import { settleByState } from "../../../src/engine/settle.ts";

test("the state settles creates and deletes, never what is pending, an update, or what is known already", () => {
  const unknown = (urn: string, action: "create" | "delete" | "update") => ({
    urn,
    action,
    outcome: "unknown" as const,
  });
  const ends = [
    unknown("made", "create"),
    unknown("never", "create"),
    unknown("half", "create"),
    unknown("gone", "delete"),
    unknown("there", "delete"),
    unknown("changed", "update"),
    { urn: "told", action: "create" as const, outcome: "done" as const },
    { urn: "told-too-soon", action: "create" as const, outcome: "done" as const },
    { urn: "refused", action: "create" as const, outcome: "failed" as const, message: "no capacity" },
  ];
  const settled = settleByState(ends, {
    resources: [{ urn: "told" }, { urn: "made" }, { urn: "there" }, { urn: "changed" }],
    pending: [{ urn: "half" }],
  });
  expect(settled.map(({ urn, outcome }) => `${urn} ${outcome}`)).toEqual([
    "made done",
    "never not-started",
    "half unknown",
    "gone done",
    "there not-started",
    "changed unknown",
    "told done",
    "told-too-soon unknown",
    "refused failed",
  ]);
  expect(settled.at(-1)).toBe(ends.at(-1));
});
