/** Keeps the values of secret parameters out of what an engine answers: programs and clouds may repeat them in messages. */
import type { ApplyResult } from "../../engine/request.ts";
import { TerraneError } from "../../errors.ts";
import type { Mask } from "../../values/mask.ts";
import type { ChangeEngine } from "../applying/change.ts";
import type { SecretValues } from "./secret-parameters.ts";

/** `hiding.mask` is what holds at the time of an answer: secrets are read only when a program is made. */
export function hideSecrets(engine: ChangeEngine, hiding: { readonly mask: Mask }): ChangeEngine {
  const hidden = async <T>(answer: Promise<T>, hide: (result: T) => T): Promise<T> =>
    answer.then(hide, (error: unknown) => {
      throw hideInError(error, hiding.mask);
    });
  const hideInResult = <R extends ApplyResult>(result: R): R => ({
    ...result,
    resources: hiding.mask(result.resources),
    findings: hiding.mask(result.findings),
    ...(result.error === undefined ? {} : { error: hideInError(result.error, hiding.mask) }),
  });
  return {
    ...engine,
    preview: (stack, access, request) =>
      hidden(engine.preview(stack, access, request), (result) => ({
        ...result,
        steps: hiding.mask(result.steps),
        findings: hiding.mask(result.findings),
      })),
    up: (stack, access, request) => hidden(engine.up(stack, access, request), hideInResult),
    destroy: (stack, access) => hidden(engine.destroy(stack, access), hideInResult),
    refresh: (stack, access) =>
      hidden(engine.refresh(stack, access), (result) => ({
        ...hideInResult(result),
        found: hiding.mask(result.found),
      })),
    adopt: (stack, access, find) => hidden(engine.adopt(stack, access, find), hideInResult),
  };
}

/** The texts of secret parameters, each once. */
export function textsOf(secrets: SecretValues): readonly string[] {
  const values = Object.values(secrets).flatMap((fields) => Object.values(fields));
  return [...new Set(values.map((each) => each.reveal()).filter((value) => typeof value === "string"))];
}

function hideInError<E>(error: E, mask: Mask): E | TerraneError {
  if (!(error instanceof TerraneError)) return error;
  const message = mask(error.message);
  const problems = mask(error.problems);
  const details = mask(error.details);
  if (
    message === error.message &&
    JSON.stringify([problems, details]) === JSON.stringify([error.problems, error.details])
  )
    return error;
  // Without the cause: it says the same in the words that were hidden.
  return new TerraneError(error.code, message, { problems, details, next: error.next });
}
