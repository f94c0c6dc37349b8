/**
 * The URL of a cloud's key, in the forms that Pulumi users write as `--secrets-provider`
 * (https://www.pulumi.com/docs/iac/concepts/secrets/, 2026-11-21). Pure.
 */
import { TerraneError } from "../../errors.ts";

export type KmsKey = AwsKey | GoogleKey;

export interface AwsKey {
  readonly cloud: "aws";
  /** Id, ARN or `alias/<name>`. */
  readonly key: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpoint: string | undefined;
  /** `context_<name>` of the URL, beside terrane's own. */
  readonly context: Readonly<Record<string, string>>;
}

export interface GoogleKey {
  readonly cloud: "google";
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…` */
  readonly key: string;
}

const forms = [
  "awskms://alias/NAME?region=REGION",
  "awskms:///ARN?region=REGION",
  "gcpkms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
];

/** @throws TerraneError `bad-url`, `not-in-this-release` */
export function parseKmsUrl(text: string): KmsKey {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "awskms:") return parseAws(text, url);
  if (url?.protocol === "gcpkms:") return parseGoogle(text, url);
  if (url?.protocol === "azurekeyvault:" || url?.protocol === "hashivault:") {
    throw new TerraneError("not-in-this-release", `this release cannot use the key ${text}`, {
      next: "Name a key of AWS or Google Cloud (awskms://, gcpkms://), or a passphrase.",
    });
  }
  throw refuse(text);
}

const awsParameters = /^(region|profile|endpoint|awssdk|context_.+)$/;

function parseAws(text: string, url: URL): KmsKey {
  const key = decodeURIComponent(`${url.host}${url.pathname}`).replace(/^\/+|\/+$/g, "");
  const names = [...url.searchParams.keys()];
  const unknown = names.find((name) => !awsParameters.test(name));
  if (key === "") throw refuse(text);
  if (unknown !== undefined) throw refuse(text, `has a parameter that is not known: ${unknown}`);
  const context = names
    .filter((name) => name.startsWith("context_"))
    .map((name) => [name.slice("context_".length), url.searchParams.get(name) ?? ""]);
  const regionOfArn = /^arn:[^:]+:kms:([^:]+):/.exec(key)?.[1];
  return {
    cloud: "aws",
    key,
    region: url.searchParams.get("region") ?? regionOfArn,
    profile: url.searchParams.get("profile") ?? undefined,
    endpoint: url.searchParams.get("endpoint") ?? undefined,
    context: Object.fromEntries(context),
  };
}

const googleKey = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

function parseGoogle(text: string, url: URL): KmsKey {
  const key = `${url.host}${url.pathname}`;
  if (!googleKey.test(key) || url.search !== "") throw refuse(text);
  return { cloud: "google", key };
}

function refuse(text: string, why = "is not the URL of a cloud's key"): TerraneError {
  return new TerraneError("bad-url", `${text} ${why}`, { next: `Write ${forms.join(", or ")}.` });
}
