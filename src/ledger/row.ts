/** Rows that come back from the database are parsed, so that a damaged or foreign ledger is refused, never misread. */
import type { z } from "zod";
import { TerraneError } from "../errors.ts";

/** @throws TerraneError `state-corrupt` */
export function parseRow<S extends z.ZodType>(schema: S, text: string, what: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TerraneError("state-corrupt", `${what} in the ledger is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new TerraneError("state-corrupt", `${what} in the ledger cannot be read`, { cause: parsed.error });
}
