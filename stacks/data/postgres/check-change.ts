/** What cannot become of a live database. */
import type { FieldRefusal } from "../../../src/catalog/component.ts";
import { databaseMajors } from "../../limits/aws-rds.ts";

export interface ChangedDatabase {
  readonly version: string;
  readonly storage: number;
  readonly database?: string | undefined;
  readonly user: string;
  readonly applyChanges: "immediately" | "in-maintenance-window";
}

export function checkDatabaseChange(
  before: ChangedDatabase,
  after: ChangedDatabase,
): readonly FieldRefusal[] {
  return [...checkVersion(before, after), ...checkStorage(before, after), ...checkFixed(before, after)];
}

function checkVersion(before: ChangedDatabase, after: ChangedDatabase): readonly FieldRefusal[] {
  if (before.version === after.version) return [];
  const targets = databaseMajors.byName[before.version]?.upgradesTo ?? [];
  const allowed = [before.version, ...targets].map((each) => `"${each}"`).join(", ");
  if (Number(after.version) < Number(before.version)) {
    const message = `a database goes back to no older major version: it runs ${before.version}`;
    const next = "Restore a backup from before the upgrade into a new component, or keep the version.";
    return [{ field: "version", code: "bad-value", message, allowed, nearest: before.version, next }];
  }
  if (!targets.includes(after.version)) {
    const message = `there is no upgrade in place from ${before.version} to ${after.version}`;
    return [{ field: "version", code: "bad-value", message, allowed }];
  }
  if (after.applyChanges === "immediately") return [];
  return [
    {
      field: "version",
      code: "bad-value",
      message: `an upgrade from ${before.version} to ${after.version} cannot wait for the maintenance window: until then the database would keep its old parameter group, and nobody could tell how the upgrade ended`,
      allowed: `"${before.version}"; others with \`applyChanges: immediately\``,
      next: "Set `applyChanges: immediately`, run the upgrade at a time of your choice, then set it back.",
    },
  ];
}

function checkStorage(before: ChangedDatabase, after: ChangedDatabase): readonly FieldRefusal[] {
  if (after.storage >= before.storage) return [];
  return [
    {
      field: "storage",
      code: "bad-value",
      message: `storage of a live database cannot shrink: it has ${before.storage} GiB`,
      allowed: `${before.storage} or more`,
      nearest: `${before.storage}`,
      next: "To get rid of storage, make a second database, move the data, and remove this one.",
    },
  ];
}

function checkFixed(before: ChangedDatabase, after: ChangedDatabase): readonly FieldRefusal[] {
  return (["database", "user"] as const).flatMap((field) => {
    const [old, wanted] = [before[field], after[field]];
    if (old === wanted) return [];
    const message = `\`${field}\` of a live database cannot change: RDS would replace it, with all its data`;
    return [
      {
        field,
        code: "bad-value" as const,
        message,
        allowed: old === undefined ? "no value" : `"${old}"`,
        ...(old === undefined ? {} : { nearest: old }),
        next: "Create it with SQL beside the old one.",
      },
    ];
  });
}
