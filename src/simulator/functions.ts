/** Calls that look something up and make nothing, by token. */
import { TerraneError } from "../errors.ts";
import type { Properties } from "../values/value.ts";
import { awsFunctions, type LookUp } from "./aws/functions.ts";
import { gcpFunctions, gcpSecretResults } from "./gcp/functions.ts";
import type { Place } from "./model.ts";
import { nearestOf } from "./nearest.ts";
import { functionSchema } from "./schema.ts";
import type { Path } from "./sealing.ts";

const functions: Readonly<Record<string, LookUp>> = { ...awsFunctions, ...gcpFunctions };

/**
 * Answers a function of a cloud's SDK.
 * @throws TerraneError `cloud-error` when the cloud refuses, or when the function is not simulated
 */
export function lookUp(
  token: string,
  inputs: Properties,
  place: Place,
): { readonly value: Properties; readonly secrets: readonly Path[] } {
  const answer = functions[token];
  if (answer === undefined) throw notSimulated(token);
  const schema = functionSchema(token);
  for (const name of Object.keys(inputs)) {
    if (schema === undefined || schema.inputs.has(name)) continue;
    const nearest = nearestOf(name, schema.inputs);
    const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    throw new TerraneError("cloud-error", `${token} takes no input "${name}"${hint}`, { details: { token } });
  }
  const value = answer(inputs, place);
  if ("refusal" in value) {
    const { refusal } = value as { readonly refusal: { readonly code: string; readonly message: string } };
    throw new TerraneError("cloud-error", `api error ${refusal.code}: ${refusal.message}`, {
      details: { code: refusal.code, cloud: place.cloud },
    });
  }
  return { value, secrets: (gcpSecretResults[token] ?? []).map((name) => [name]) };
}

function notSimulated(token: string): TerraneError {
  const known = functionSchema(token) !== undefined;
  const why = known ? "is not simulated yet" : "is no function of the installed SDK";
  return new TerraneError("cloud-error", `the function ${token} ${why}`, {
    next: `Simulated are ${Object.keys(functions).join(", ")}.`,
    details: { code: "UnknownFunction", token },
  });
}
