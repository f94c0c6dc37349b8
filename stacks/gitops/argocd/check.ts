/** What is refused of Argo CD's fields: secrets written down, and credentials that do not fit the repository. */
import type { FieldRefusal } from "../../../src/catalog/component.ts";

export interface Credentials {
  readonly password?: string | undefined;
  readonly sshPrivateKey?: string | undefined;
}

export interface CheckedArgocd {
  readonly repository: string;
  readonly sources: readonly string[];
  readonly repositoryCredentials?: Credentials | undefined;
}

/** Fields with a secret parameter in them are not judged here at all: what this sees was written down. */
export function checkArgocd(fields: CheckedArgocd): readonly FieldRefusal[] {
  return [...checkAddresses(fields), ...checkCredentials(fields)];
}

function checkAddresses({ repository, sources }: CheckedArgocd): readonly FieldRefusal[] {
  const wrong = (field: string): FieldRefusal => ({
    field,
    code: "bad-secret-reference",
    message: "a password stands in the address of a repository",
    allowed: "an address without a password",
    next: "Take it out of the address, and give `repositoryCredentials` with a secret parameter.",
  });
  return [
    ...(holdsPassword(repository) ? [wrong("repository")] : []),
    ...(sources.some(holdsPassword) ? [wrong("sources")] : []),
  ];
}

function holdsPassword(address: string): boolean {
  return URL.canParse(address) && new URL(address).password !== "";
}

function checkCredentials({ repositoryCredentials }: CheckedArgocd): readonly FieldRefusal[] {
  if (repositoryCredentials === undefined) return [];
  const written = (["password", "sshPrivateKey"] as const).filter(
    (key) => repositoryCredentials[key] !== undefined,
  );
  if (written.length === 0) {
    const message = "credentials without a password and without a key open nothing";
    return [
      { field: "repositoryCredentials", code: "missing-key", message, allowed: "password, or sshPrivateKey" },
    ];
  }
  return written.map((key) => ({
    field: `repositoryCredentials.${key}`,
    code: "bad-secret-reference",
    message: "a secret is written down",
    allowed: "a secret parameter: ${parameters.repositoryToken}",
    next: "Declare a parameter with `secret: true`, and give it `fromEnv`, `fromFile` or `fromSecret` in the environment.",
  }));
}

/** Why credentials do not open a repository; undefined where they do. */
export function misfit(repository: string, credentials: Credentials): string | undefined {
  const isSsh = repository.startsWith("ssh:");
  if (isSsh && credentials.sshPrivateKey === undefined)
    return "a repository over ssh is read with `sshPrivateKey`";
  if (!isSsh && credentials.password === undefined) return "a repository over https is read with `password`";
  if (credentials.password !== undefined && credentials.sshPrivateKey !== undefined)
    return "one of `password` and `sshPrivateKey` is enough";
  return undefined;
}
