/**
 * An access token of Google Cloud, looked for where Google's own libraries look
 * (https://cloud.google.com/docs/authentication/application-default-credentials, 2026-11-21): a token in the environment,
 * a file of credentials, the metadata server of the machine.
 */
import { createSign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, TerraneError } from "../../errors.ts";
import { Secret } from "../../values/secret.ts";

export interface GoogleSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

const scope = "https://www.googleapis.com/auth/cloudkms";
const googleTokens = "https://oauth2.googleapis.com/token";
/** Milliseconds; the metadata server answers at once or is not there. */
const callTimeout = 5_000;
/** Longest life that Google allows an assertion, seconds. */
const assertionLife = 3600;

const credentialsSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("service_account"),
    client_email: z.string(),
    private_key: z.string(),
    token_uri: z.url().default(googleTokens),
  }),
  z.object({
    type: z.literal("authorized_user"),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
    token_uri: z.url().default(googleTokens),
  }),
]);
type Credentials = z.infer<typeof credentialsSchema>;

const tokenSchema = z.object({ access_token: z.string().min(1) });

/** @throws TerraneError `key-unavailable` */
export async function findGoogleToken(surroundings: GoogleSurroundings): Promise<Secret<string>> {
  const { environment } = surroundings;
  const given = environment["GOOGLE_OAUTH_ACCESS_TOKEN"];
  if (given !== undefined && given !== "") return new Secret(given);
  try {
    const credentials = await readCredentials(environment);
    if (credentials === undefined) return await askMetadata(environment);
    return await exchange(credentials, surroundings.now());
  } catch (error) {
    throw new TerraneError(
      "key-unavailable",
      `no access token of Google Cloud is to be had: ${messageOf(error)}`,
      {
        next: "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS.",
        cause: error,
      },
    );
  }
}

async function readCredentials(
  environment: GoogleSurroundings["environment"],
): Promise<Credentials | undefined> {
  const named = environment["GOOGLE_APPLICATION_CREDENTIALS"];
  const home = environment["HOME"];
  const usual = home && join(home, ".config", "gcloud", "application_default_credentials.json");
  const file = named || usual;
  if (!file) return undefined;
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && !named) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = credentialsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} holds no credentials of a service account or a user`);
}

/** Node's own refusal repeats what it could not read. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exchange(credentials: Credentials, now: Date): Promise<Secret<string>> {
  const form: Record<string, string> =
    credentials.type === "authorized_user"
      ? {
          grant_type: "refresh_token",
          client_id: credentials.client_id,
          client_secret: credentials.client_secret,
          refresh_token: credentials.refresh_token,
        }
      : {
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: makeAssertion(credentials, now),
        };
  return askToken(credentials.token_uri, { method: "POST", body: new URLSearchParams(form) });
}

/** https://developers.google.com/identity/protocols/oauth2/service-account, 2026-11-21 */
function makeAssertion(
  { client_email, private_key, token_uri }: Extract<Credentials, { type: "service_account" }>,
  now: Date,
): string {
  const issued = Math.floor(now.getTime() / 1000);
  const claims = { iss: client_email, scope, aud: token_uri, iat: issued, exp: issued + assertionLife };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(private_key, "base64url")}`;
}

function askMetadata(environment: GoogleSurroundings["environment"]): Promise<Secret<string>> {
  const host = environment["GCE_METADATA_HOST"] || "metadata.google.internal";
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token?scopes=${scope}`;
  return askToken(url, { headers: { "metadata-flavor": "Google" } });
}

async function askToken(url: string, request: RequestInit): Promise<Secret<string>> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(callTimeout) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return new Secret(tokenSchema.parse(await response.json()).access_token);
}
