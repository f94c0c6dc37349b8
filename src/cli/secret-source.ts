/** How a secret is named on the command line: never by its value, which everybody on the machine could read there. */
import type { SecretReference } from "../model/secret-reference.ts";

const form = /^(env|file):(.+)$/;

export function refuseSecretSource(value: string): string | undefined {
  return form.test(value) ? undefined : "env:NAME or file:PATH, never the passphrase itself";
}

/** Undefined for another form. */
export function parseSecretSource(value: string | undefined): SecretReference | undefined {
  const [, kind, name = ""] = form.exec(value ?? "") ?? [];
  if (kind === undefined) return undefined;
  return kind === "env" ? { fromEnv: name } : { fromFile: name };
}
