/**
 * Wraps data keys with a key of Google Cloud KMS, over its REST interface
 * (https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt, 2026-11-21).
 * Which stack a key is for is authenticated along with it.
 */
import { z } from "zod";
import { messageOf, TerraneError } from "../../errors.ts";
import type { KeyWrapper } from "./key-wrapper.ts";
import { findGoogleToken, type GoogleSurroundings } from "./kms-google-token.ts";
import type { GoogleKey } from "./kms-url.ts";

const service = "https://cloudkms.googleapis.com";
/** Milliseconds for one call. */
const callTimeout = 10_000;

const encryptedSchema = z.object({ ciphertext: z.base64() });
// A key of no bytes would be left out of the answer: there is none.
const decryptedSchema = z.object({ plaintext: z.base64() });
const failureSchema = z.object({ error: z.object({ status: z.string(), message: z.string() }) });

/** @param name of the key, for people. @param endpoint default: Google's own */
export function googleWrapper(
  name: string,
  { key }: GoogleKey,
  { endpoint = service, ...surroundings }: GoogleSurroundings & { readonly endpoint?: string },
): KeyWrapper {
  const call = async (verb: "encrypt" | "decrypt", body: object): Promise<unknown> => {
    const token = await findGoogleToken(surroundings);
    const response = await fetch(`${endpoint}/v1/${key}:${verb}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(callTimeout),
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const failure = failureSchema.safeParse(answer);
    throw failure.success
      ? new GoogleRefusal(failure.data.error.status, failure.data.error.message)
      : new Error(`HTTP ${response.status}`);
  };
  const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const authenticated = (owner: string) => toBase64(Buffer.from(`terrane:for=${owner}`));
  return {
    wrap: async (plain, owner) => {
      const body = { plaintext: toBase64(plain), additionalAuthenticatedData: authenticated(owner) };
      try {
        return Buffer.from(encryptedSchema.parse(await call("encrypt", body)).ciphertext, "base64");
      } catch (error) {
        throw unavailable(name, error);
      }
    },
    unwrap: async (wrapped, owner) => {
      const body = { ciphertext: toBase64(wrapped), additionalAuthenticatedData: authenticated(owner) };
      try {
        return Buffer.from(decryptedSchema.parse(await call("decrypt", body)).plaintext, "base64");
      } catch (error) {
        // What another key wrapped, or for another owner, is a bad argument here.
        if (error instanceof GoogleRefusal && error.status === "INVALID_ARGUMENT") return undefined;
        throw unavailable(name, error);
      }
    },
  };
}

class GoogleRefusal extends Error {
  readonly status: string;

  constructor(status: string, message: string) {
    super(`${status}: ${message}`);
    this.status = status;
  }
}

const nextSteps: Readonly<Record<string, string>> = {
  FAILED_PRECONDITION: "Enable the key's primary version, then run the command again.",
  PERMISSION_DENIED:
    "Grant roles/cloudkms.cryptoKeyEncrypterDecrypter on the key, then run the command again.",
  NOT_FOUND: "Check the key's name in terrane.yaml: `state.key`.",
  UNAUTHENTICATED: "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS.",
};

function unavailable(name: string, error: unknown): TerraneError {
  if (error instanceof TerraneError) return error;
  const next = error instanceof GoogleRefusal ? nextSteps[error.status] : undefined;
  return new TerraneError("key-unavailable", `${name} cannot be used: ${messageOf(error)}`, {
    cause: error,
    ...(next === undefined ? {} : { next }),
  });
}
