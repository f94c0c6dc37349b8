import { describe, expect, it } from "vitest";
import { checkDatabaseChange } from "../../stacks/data/postgres/check-change.ts";
import { blueprint, environment, only, placeOf, validate } from "./blueprint/documents.ts";

const network = "vpc: { type: vpc }";

function withDatabase(fields: string): string {
  return `${blueprint({ components: `${network}\ndb: { type: postgres, network: vpc, ${fields} }` })}---\n${environment()}`;
}

const problemOf = (fields: string) => only(validate(withDatabase(fields)).problems);

describe("bad input: databases", () => {
  it.each(["admin", "rdsadmin", "pg_signal", "rds_superuser", "user", "select"])(
    "24: %s is reserved and cannot be the database's user",
    (user) => {
      const text = withDatabase(`user: ${user}`);
      expect(only(validate(text).problems)).toMatchObject({
        code: "reserved-name",
        message: `"${user}" is reserved: a database user cannot be called so`,
        position: placeOf(text, `${user} }`),
      });
    },
  );

  it.each(["postgres", "template1", "rdsadmin", "pg_catalog", "table"])(
    "24: %s is reserved and cannot be the database's name",
    (name) => {
      expect(problemOf(`database: ${name}`)).toMatchObject({ code: "reserved-name", seen: name });
    },
  );

  it("24: a name that SQL would want in quotes is refused with the nearest that needs none", () => {
    expect(problemOf("database: Order-Items")).toMatchObject({ code: "bad-name", nearest: "order_items" });
    expect(problemOf("user: 1st")).toMatchObject({ code: "bad-name" });
  });

  it("43: a version that has left support is refused with the day and the versions there are", () => {
    const text = withDatabase('version: "13"');
    expect(only(validate(text).problems)).toMatchObject({
      code: "bad-value",
      message: "PostgreSQL 13 left standard support on 2026-02-28: no new database is made of it",
      allowed: '"14", "15", "16", "17", "18"',
      nearest: "14",
      position: placeOf(text, '"13"'),
    });
  });

  it.each([
    ['"99"', "there is no PostgreSQL 99 (list of 2026-11-21)", undefined],
    ['"17.6"', "minor versions are the cloud's to choose", "17"],
  ])("43: version %s is refused", (version, message, nearest) => {
    const problem = problemOf(`version: ${version}`);
    expect(problem).toMatchObject({ code: "bad-value", message });
    expect(problem.nearest).toBe(nearest);
  });

  it("43: a version without quotes is asked for in quotes", () => {
    expect(problemOf("version: 17")).toMatchObject({ code: "quote-this" });
  });

  it.each([
    ["db.m7g.larg", "db.m7g.large", "has no instance class"],
    ["db.m4.xlarge", "db.m8g.xlarge", "its generation is retired"],
    ["db.t2.medium", "db.t4g.medium", "its generation is retired"],
    ["db.r4.2xlarge", "db.r8g.2xlarge", "its generation is retired"],
    ["m7g.large", "db.m7g.large", "has no instance class"],
  ])("45: instance class %s is refused with %s, of equal shape", (size, nearest, message) => {
    const problem = problemOf(`size: ${size}`);
    expect(problem).toMatchObject({ code: "bad-value", nearest, seen: size });
    expect(problem.message).toContain(message);
  });

  it.each([
    ["storage: 19", "a whole number from 20 to 65536"],
    ["storage: 65537", "a whole number from 20 to 65536"],
    ["backupRetentionDays: 36", "a whole number from 0 to 35"],
    ["replication: logical, backupRetentionDays: 0", "1 to 35"],
    ["storage: 100, maxStorage: 105", "0, or 110 to 65536"],
    ["storage: 399, iops: 12000", "none below 400 GiB of storage"],
    ["storage: 400, iops: 3000", "12000 to 64000"],
    ["storage: 400, iops: 64001", "12000 to 64000"],
    ["storage: 399, throughput: 500", "none below 400 GiB of storage"],
    ["storage: 400, throughput: 3001", "500 to 3000"],
    ["storage: 400, iops: 20000, throughput: 100", "500 to 4000"],
  ])("46: %s is refused with the rule", (fields, allowed) => {
    expect(problemOf(fields)).toMatchObject({ code: "bad-value", allowed });
  });

  it.each([
    ["storage: 20", "the smallest"],
    ["storage: 65536", "the largest"],
    ["storage: 400, iops: 12000, throughput: 3000", "the fastest for its IOPS"],
    ["replication: none, backupRetentionDays: 0", "no backups, no replica"],
    ["backupWindow: 23:30-00:30, maintenanceWindow: mon:00:30-mon:01:00", "windows that touch"],
  ])("46: %s is taken: %s", (fields) => {
    expect(validate(withDatabase(fields)).problems).toEqual([]);
  });

  it.each([
    ["backupWindow: 23:30-00:30, maintenanceWindow: mon:00:00-mon:01:00", "over midnight"],
    ["backupWindow: 03:00-04:00, maintenanceWindow: sun:23:00-mon:03:30", "over the end of the week"],
    ["backupWindow: 05:10-05:50", "inside the default one"],
  ])("46: windows that overlap %s are refused", (fields) => {
    expect(problemOf(fields)).toMatchObject({
      code: "bad-value",
      message: expect.stringContaining("overlap"),
    });
  });

  it("46: a window under half an hour is refused where it stands", () => {
    const text = withDatabase("backupWindow: 03:00-03:29");
    expect(only(validate(text).problems)).toMatchObject({
      allowed: "at least 30 minutes",
      position: placeOf(text, "03:00-03:29"),
    });
  });
});

describe("bad input: changes of a live database", () => {
  const live = { version: "15", storage: 100, user: "terrane", applyChanges: "immediately" } as const;

  it("46: storage that shrinks is refused with what is there", () => {
    expect(only(checkDatabaseChange(live, { ...live, storage: 50 }) as never)).toMatchObject({
      field: "storage",
      message: "storage of a live database cannot shrink: it has 100 GiB",
      nearest: "100",
    });
    expect(checkDatabaseChange(live, { ...live, storage: 200 })).toEqual([]);
  });

  it("43: an older major version is refused with the targets there are", () => {
    expect(checkDatabaseChange(live, { ...live, version: "14" })).toMatchObject([
      { field: "version", allowed: '"15", "16", "17", "18"', nearest: "15" },
    ]);
  });

  it("43: an upgrade that no table knows a path for is refused", () => {
    expect(checkDatabaseChange({ ...live, version: "12" }, { ...live, version: "17" })).toMatchObject([
      { field: "version", message: "there is no upgrade in place from 12 to 17" },
    ]);
  });

  it("43: an upgrade, several majors at once too, is taken when it happens at once", () => {
    expect(checkDatabaseChange(live, { ...live, version: "17" })).toEqual([]);
  });

  it("43: an upgrade that would wait for a window is refused with the way to do it", () => {
    const after = { ...live, version: "16", applyChanges: "in-maintenance-window" } as const;
    expect(checkDatabaseChange(live, after)).toMatchObject([
      { field: "version", next: expect.stringContaining("applyChanges: immediately") },
    ]);
  });

  it.each([
    ["user", { user: "owner" }],
    ["database", { database: "shop" }],
  ])("46: a new %s would replace the database, and is refused", (field, change) => {
    expect(checkDatabaseChange(live, { ...live, ...change })).toMatchObject([{ field, code: "bad-value" }]);
  });
});
