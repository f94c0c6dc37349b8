/** References that a live component keeps. */
import { describe, expect, it } from "vitest";
import { carryOver } from "../../../src/blueprint/carry-over.ts";
import { resolveEnvironment } from "../../../src/blueprint/resolve.ts";
import { type Problem, TerraneError } from "../../../src/errors.ts";
import type { EnvironmentRecord } from "../../../src/model/record.ts";
import { blueprint, placeOf, requestFor } from "./documents.ts";

const others = ["keys: { type: encryption }", "more: { type: encryption }", "vpc: { type: vpc }"];
const sites = "virginia: { cloud: aws, region: us-east-1, runner: inside }";
const withCluster = (fields: string, network = "vpc") =>
  blueprint({
    sites,
    components: [...others, `k: { type: cluster, network: ${network}${fields} }`].join("\n"),
  });

/** Problems of a change from the one blueprint to the other. */
function problemsOf(before: string, after: string): readonly Problem[] {
  const applied = resolveEnvironment(requestFor(before));
  const record: EnvironmentRecord = {
    ...{ name: "shop", incarnation: "0a1b2c3d", class: "dev", target: "simulated", roles: {} },
    ...{ blueprint: applied.blueprint, addresses: {}, applied },
    ...{ status: "ready", updatedAt: "2026-11-21T00:00:00Z" },
  };
  try {
    const request = requestFor(after);
    resolveEnvironment({ ...request, record: carryOver({ ...request, record }).record });
    return [];
  } catch (error) {
    if (error instanceof TerraneError) return error.problems ?? [];
    throw error;
  }
}

describe("a reference that lasts", () => {
  it("may come, but neither go nor lead elsewhere", () => {
    const plain = withCluster("");
    const sealed = withCluster(", encryption: keys");
    const otherwise = withCluster(", encryption: more");
    expect(problemsOf(plain, sealed)).toEqual([]);
    expect(problemsOf(sealed, sealed)).toEqual([]);
    const refused = {
      code: "bad-change",
      message: "k@virginia: a live cluster keeps its `encryption` for life: keys@virginia",
      allowed: "keys@virginia",
    };
    expect(problemsOf(sealed, otherwise)).toMatchObject([
      { ...refused, position: placeOf(otherwise, "more", 1) },
    ]);
    expect(problemsOf(sealed, plain)).toMatchObject([{ ...refused, position: placeOf(plain, "cluster") }]);
  });

  it("may change its name", () => {
    const renamed = withCluster("", "net").replace("vpc: { type: vpc }", "net: { type: vpc, formerly: vpc }");
    expect(problemsOf(withCluster(""), renamed)).toEqual([]);
  });
});
