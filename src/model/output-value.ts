/**
 * Reads a Pulumi output once its program has run: known, unknown or secret, never made up. Takes the output for what
 * it can do, so that nothing of Pulumi is loaded.
 */
import { Secret } from "../values/secret.ts";
import type { Value } from "../values/value.ts";
import type { OutputValue } from "./spec.ts";

/** The parts of a `pulumi.Output` that are stripped from its public type; `src/engine/command.ts` guards the version. */
interface OutputInside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/** `output`: a `pulumi.Output`. Rejects with the error that it was computed with. */
export async function readOutput(output: unknown): Promise<OutputValue> {
  const inside = output as OutputInside;
  const [isKnown, isSecret] = await Promise.all([inside.isKnown, inside.isSecret]);
  if (!isKnown) return { kind: "unknown", secret: isSecret };
  const value = toPlainValue(await inside.promise(false));
  return isSecret ? { kind: "secret", value: new Secret(value) } : { kind: "known", value };
}

function toPlainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(toPlainValue);
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, toPlainValue(each)]));
}
