/**
 * Schemas of single texts that documents are made of. A refusal with a code of its own is a custom issue whose
 * `params` is an {@link IssueParams}; `src/blueprint` turns it into a problem with a position.
 */
import { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import { parseCidr } from "../values/cidr.ts";
import { parseDatabaseUrl } from "../values/database-url.ts";
import { parseDuration } from "../values/duration.ts";
import { checkHostname } from "../values/hostname.ts";
import { checkBlueprintName, checkName, checkParameterName, maxNameLength } from "../values/names.ts";
import { findPlainSecret } from "../values/plain-secret.ts";

/** What a custom zod issue says beyond its message. */
export interface IssueParams {
  readonly code: ErrorCode;
  readonly allowed?: string;
  readonly nearest?: string;
}

/** What the checks of `src/values` answer when they refuse a text. */
export interface TextRefusal extends IssueParams {
  readonly message: string;
}

/** What an editor can tell of the form without running the check; it never refuses what the check lets through. */
interface Form {
  /** In words. */
  readonly title: string;
  readonly pattern?: string;
  readonly maxLength?: number;
}

function checked(check: (text: string) => TextRefusal | undefined, form: Form) {
  return z
    .string()
    .superRefine((text, context) => {
      const refusal = check(text);
      if (refusal === undefined) return;
      const { message, ...params } = refusal;
      context.addIssue({ code: "custom", message, params });
    })
    .meta({ ...form });
}

const nameForm: Form = {
  title: "lowercase words joined by hyphens",
  pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
  maxLength: maxNameLength,
};

/** Lowercase words joined by single hyphens, at most 40 characters: RFC 1123 label, and room for derived names. */
export const documentName = checked((text) => checkName(text), nameForm);

/** The same form for what no cloud ever sees: blueprints, pools, projects. */
export const blueprintName = checked((text) => checkBlueprintName(text), nameForm);

/** Letters and digits, starting with a lowercase letter. */
export const parameterName = checked((text) => checkParameterName(text), {
  title: "letters and digits, beginning with a lowercase letter",
  pattern: "^[a-z][a-zA-Z0-9]*$",
  maxLength: 60,
});

/** `10.0.0.0/16`: IPv4 in CIDR form, no host bits. */
export const addressRange = checked(
  (text) => {
    const parsed = parseCidr(text);
    return parsed.ok ? undefined : parsed.refusal;
  },
  { title: "an IPv4 range: 10.0.0.0/16", pattern: "^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$" },
);

/** `30s`, `15m`, `72h`, `7d`. */
export const duration = checked(
  (text) => {
    const parsed = parseDuration(text);
    return parsed.ok ? undefined : parsed.refusal;
  },
  { title: "a duration: 30s, 15m, 72h, 7d", pattern: "^[1-9]\\d{0,8}[smhd]$" },
);

/** `api.example.com`: a name in the DNS; its first label may be a wildcard. */
export const hostname = checked((text) => checkHostname(text), { title: "a host name: api.example.com" });

/** Text that may hold `${…}`; whether the references exist is for `src/blueprint`. */
/** Of PostgreSQL, without a password: one that has it is given by a reference. */
export const databaseUrl = checked(checkDatabaseUrl, {
  title: "a PostgreSQL URL without a password: postgresql://user@host/database",
});

function checkDatabaseUrl(text: string): TextRefusal | undefined {
  const parsed = parseDatabaseUrl(text);
  if (!parsed.ok) return parsed.refusal;
  // What has the form of a secret is refused wherever it stands, once.
  if (parsed.url.password === undefined || findPlainSecret(text) !== undefined) return undefined;
  return {
    code: "secret-in-plain-sight",
    message: "a password is written down here",
    allowed: "the URL without it, or the whole URL given as { fromEnv: NAME }",
  };
}

export const template = z.string().min(1).max(2000);

/** https://semver.org, full form. */
export const semanticVersion = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/, "a semantic version: 1.0.0");

/** AWS allows 128 characters in a key and 256 in a value (Tag naming limits, as of 2026-11-21). */
export const tagKey = z.string().min(1).max(128);
export const tagValue = z.string().max(256);
