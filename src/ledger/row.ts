/**
 * Rows that come back from the database are parsed, so that a damaged or foreign ledger is refused, never misread. Their
 * schemas are strict: what a newer release has added is refused too, since it would be gone with the next save.
 */
import type { z } from "zod";
import { TerraneError } from "../errors.ts";

/** @throws TerraneError `newer-than-me`, `state-corrupt` */
export function parseRow<S extends z.ZodType>(schema: S, text: string, what: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TerraneError("state-corrupt", `${what} in the ledger is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.flatMap(unknownKeys);
  if (unknown.length > 0)
    throw new TerraneError(
      "newer-than-me",
      `${what} in the ledger has what this release does not know: ${unknown.join(", ")}`,
    );
  throw new TerraneError("state-corrupt", `${what} in the ledger cannot be read`, { cause: parsed.error });
}

function unknownKeys(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== "unrecognized_keys") return [];
  return issue.keys.map((key) => [...issue.path, key].join("."));
}
