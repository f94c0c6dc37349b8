/**
 * Wraps data keys with a key of AWS KMS. Which stack a key is for goes along as the encryption context, so that it
 * unwraps for no other and CloudTrail shows it. Credentials come as AWS's own tools find them.
 */
import type { KMSClient } from "@aws-sdk/client-kms";
import { messageOf, TerraneError } from "../../errors.ts";
import type { KeyWrapper } from "./key-wrapper.ts";
import type { AwsKey } from "./kms-url.ts";

/** Name in the encryption context; it shows in CloudTrail and may stand in key policies. */
const contextName = "terrane:for";

/** Milliseconds for one call. */
const callTimeout = 10_000;

/** @param name of the key, for people */
export async function awsWrapper(
  name: string,
  { key, region, profile, endpoint, context }: AwsKey,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KeyWrapper> {
  const { DecryptCommand, EncryptCommand, KMSClient } = await import("@aws-sdk/client-kms");
  const where = region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  if (where === undefined) {
    throw new TerraneError("bad-url", `${name} names no region`, { next: `Write ${name}?region=REGION.` });
  }
  const client: KMSClient = new KMSClient({
    region: where,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...credentialsOf(environment),
    maxAttempts: 3,
    requestHandler: { requestTimeout: callTimeout, connectionTimeout: callTimeout },
  });
  const contextFor = (owner: string) => ({ ...context, [contextName]: owner });
  return {
    wrap: async (plain, owner) => {
      const command = new EncryptCommand({
        KeyId: key,
        Plaintext: plain,
        EncryptionContext: contextFor(owner),
      });
      const { CiphertextBlob } = await client.send(command).catch((error: unknown) => {
        throw unavailable(name, error);
      });
      if (CiphertextBlob === undefined) throw unavailable(name, "the answer holds nothing");
      return CiphertextBlob;
    },
    unwrap: async (wrapped, owner) => {
      const command = new DecryptCommand({
        KeyId: key,
        CiphertextBlob: wrapped,
        EncryptionContext: contextFor(owner),
      });
      const answer = await client.send(command).catch((error: unknown) => {
        if (wrappedByAnother.includes((error as Error).name)) return undefined;
        throw unavailable(name, error);
      });
      return answer?.Plaintext;
    },
  };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html, 2026-11-21 */
const wrappedByAnother = ["InvalidCiphertextException", "IncorrectKeyException"];

/** Those of the environment handed in; without them the SDK looks where AWS's own tools look. */
function credentialsOf(environment: Readonly<Record<string, string | undefined>>): object {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}

const nextSteps: Readonly<Record<string, string>> = {
  DisabledException: "Enable the key, then run the command again.",
  KMSInvalidStateException:
    "Cancel the key's deletion or wait until it is ready, then run the command again.",
  NotFoundException: "Check the key's name, region and account in terrane.yaml: `state.key`.",
  AccessDeniedException: "Allow kms:Encrypt and kms:Decrypt on the key, then run the command again.",
  CredentialsProviderError: "Give AWS credentials, as its own tools take them.",
};

function unavailable(name: string, error: unknown): TerraneError {
  const kind = error instanceof Error ? error.name : "";
  const words = kind === "" || kind === "Error" ? messageOf(error) : `${kind}: ${messageOf(error)}`;
  return new TerraneError("key-unavailable", `${name} cannot be used: ${words}`, {
    cause: error,
    ...(nextSteps[kind] === undefined ? {} : { next: nextSteps[kind] }),
  });
}
