/** Versions and names of a database as documents write them: each refuses with the reason and what is allowed. */
import { z } from "zod";
import type { IssueParams } from "../../../src/model/text.ts";
import {
  asOf,
  databaseMajors,
  endedMajors,
  reservedDatabases,
  reservedUserPrefixes,
  reservedUsers,
  sqlWords,
} from "../../limits/aws-rds.ts";

interface Refusal extends IssueParams {
  readonly message: string;
}

function checked(check: (text: string) => Refusal | undefined) {
  return z.string().superRefine((text, context) => {
    const refusal = check(text);
    if (refusal === undefined) return;
    const { message, ...params } = refusal;
    context.addIssue({ code: "custom", message, params });
  });
}

/** A major version that a new database may have. */
export const majorVersion = checked((text) => {
  const majors = Object.keys(databaseMajors.byName);
  if (majors.includes(text)) return undefined;
  const allowed = majors.map((major) => `"${major}"`).join(", ");
  const [major = ""] = text.split(".");
  const ended = endedMajors.byName[major];
  if (ended !== undefined) {
    const message = `PostgreSQL ${major} left standard support on ${ended}: no new database is made of it`;
    return { code: "bad-value", message, allowed, nearest: majors[0] ?? "" };
  }
  const isMinor = text !== major && majors.includes(major);
  return isMinor
    ? { code: "bad-value", message: "minor versions are the cloud's to choose", allowed, nearest: major }
    : { code: "bad-value", message: `there is no PostgreSQL ${text} (list of ${asOf})`, allowed };
});

const form = /^[a-z][a-z0-9_]{0,62}$/;
const formAllowed = "1 to 63 lowercase letters, digits and _, starting with a letter";

/** A database name that needs no quotes in SQL. */
export const databaseName = checked((text) => {
  if (!form.test(text)) return badForm("database", text);
  return reservedDatabases.oneOf.some((each) => each === text) ||
    sqlWords.oneOf.includes(text) ||
    text.startsWith("pg_")
    ? { code: "reserved-name", message: `"${text}" is reserved: a database cannot be called so` }
    : undefined;
});

/** A master user that needs no quotes in SQL and is none of the cloud's own roles. */
export const userName = checked((text) => {
  if (!form.test(text)) return badForm("database user", text);
  const isReserved =
    reservedUsers.oneOf.some((each) => each === text) ||
    reservedUserPrefixes.oneOf.some((each) => text.startsWith(each)) ||
    sqlWords.oneOf.includes(text);
  return isReserved
    ? { code: "reserved-name", message: `"${text}" is reserved: a database user cannot be called so` }
    : undefined;
});

function badForm(what: string, text: string): Refusal {
  const near = text.toLowerCase().replace(/[^a-z0-9_]+/g, "_");
  return {
    code: "bad-name",
    message: `the name of a ${what} breaks a rule of PostgreSQL`,
    allowed: formAllowed,
    ...(form.test(near) ? { nearest: near } : {}),
  };
}
