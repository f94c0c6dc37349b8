import { expect, test } from "vitest";
import { countSteps, noChanges, stepActions } from "../../../src/model/plan.ts";

test("every step counts once: an import as what is made, a read or refresh as what stays", () => {
  const counts = countSteps(stepActions.map((action) => ({ action })));
  expect(counts).toEqual({ create: 2, update: 1, replace: 1, delete: 1, same: 3 });
  expect(countSteps([{ action: "import" }])).toEqual({ ...noChanges, create: 1 });
});
