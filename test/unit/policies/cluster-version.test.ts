import { describe, expect, test } from "vitest";
import { supportedClusterVersion } from "../../../policies/baseline/supported-cluster-version.ts";
import { eksVersions, gkeVersions, staleAfterDays } from "../../../src/values/cluster-versions.ts";
import { judge, staging } from "../../support/policy.ts";

const eks = "aws:eks/cluster:Cluster";
const on = (today: string, version: string) =>
  judge(supportedClusterVersion, eks, { version }, { ...staging, today });

describe("the version of a cluster", () => {
  test("passes up to the last day of standard support", () => {
    expect(on("2026-12-02", "1.34")).toMatchObject([{ verdict: "pass" }]);
  });

  test("is a warning with the price from the day after on, whatever the class", () => {
    const findings = on("2026-12-03", "1.34");

    expect(findings).toMatchObject([{ verdict: "fail", severity: "warn", property: "version" }]);
    expect(findings[0]?.why).toContain("$0.60");
    expect(findings[0]?.why).toContain("until 2027-12-02");
    expect(findings[0]?.mend).toContain("1.35");
  });

  test("is denied after extended support, with the day it ended and the day of the table", () => {
    const findings = on("2026-11-21", "1.30.4");

    expect(findings).toMatchObject([{ verdict: "fail", severity: "deny" }]);
    expect(findings[0]?.why).toBe(
      "Amazon EKS ended its support of Kubernetes 1.30 on 2026-07-23 (dates of 2026-04-24)",
    );
  });

  test("is told apart as too old or as not known", () => {
    expect(on("2026-11-21", "1.20")[0]?.why).toContain("no longer supports");
    expect(on("2026-11-21", "1.36")[0]?.why).toContain("does not know");
  });

  test("gets a notice when the table is old, and only then", () => {
    const notice = (today: string) =>
      on(today, "1.35").filter(({ why, severity }) => why.includes("data-stale") && severity === "warn")
        .length;

    expect(notice("2027-04-24")).toBe(0);
    expect(notice("2027-04-25")).toBe(1);
    expect(staleAfterDays).toBe(365);
  });

  test("is judged with the day that is handed in: the rule says that it depends on time", () => {
    expect(supportedClusterVersion.dependsOnTime).toBe(true);
  });
});

describe.each([
  ["EKS", eksVersions],
  ["GKE", gkeVersions],
])("the table of %s", (_, table) => {
  test("names its source, the day it was read, and days in order", () => {
    expect(URL.canParse(table.source)).toBe(true);
    expect(table.read).toMatch(/^\d{4}-\d\d-\d\d$/);
    const rows = Object.values(table.versions);
    for (const { standardUntil, extendedUntil } of rows) {
      expect([standardUntil, extendedUntil]).toEqual([standardUntil, extendedUntil].sort());
      expect(new Date(standardUntil).toISOString().slice(0, 10)).toBe(standardUntil);
      expect(new Date(extendedUntil).toISOString().slice(0, 10)).toBe(extendedUntil);
    }
    expect(rows.map((row) => row.standardUntil)).toEqual(rows.map((row) => row.standardUntil).sort());
  });

  test("lists minor versions without a gap, oldest first", () => {
    const minors = Object.keys(table.versions).map((version) => Number(version.slice(2)));
    expect(minors).toEqual(minors.map((_each, index) => (minors[0] ?? 0) + index));
  });
});
