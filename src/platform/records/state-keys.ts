/** The source of the key that wraps the state's data keys, as terrane.yaml names it. */
import { dirname, join, resolve } from "node:path";
import { messageOf, TerraneError } from "../../errors.ts";
import type { Project } from "../../model/documents.ts";
import type { SecretReference } from "../../model/secret-reference.ts";
import { type KeySource, keyFileSource, kmsSource, passphraseSource } from "../../state/keys/key-source.ts";
import { placeOfSecret, readSecret, type SecretSources } from "../project/secret-parameters.ts";

export interface KeySurroundings extends SecretSources {
  readonly now: () => Date;
}

/** Reads nothing yet. */
export function keySourceOf(project: Project, sources: KeySurroundings): KeySource {
  const { passphrase, key } = project.state;
  if (passphrase !== undefined) return passphraseFrom(passphrase, sources);
  if (key !== undefined) return kmsSource(key, sources);
  if (project.ledger.url !== undefined) return noSource;
  return keyFileSource(join(dirname(resolve(sources.root, project.ledger.path)), "state", "key"));
}

/** A key file on one machine would lock out all others that use the database. */
const noSource: KeySource = {
  kind: "passphrase",
  name: "no passphrase",
  prepare: () => refuseNoSource(),
  open: () => refuseNoSource(),
};

function refuseNoSource(): Promise<never> {
  const refusal = new TerraneError(
    "missing-key",
    "the ledger is on a server, and terrane.yaml names nothing that opens the state's secrets on every machine",
    {
      next: "Write into terrane.yaml: state: { passphrase: { fromEnv: NAME } }, or state: { key: … } with a cloud's key.",
    },
  );
  return Promise.reject(refusal);
}

/** A passphrase that is not set is a wrong one: what it should open stays as it is. */
export function passphraseFrom(reference: SecretReference, sources: SecretSources): KeySource {
  return passphraseSource(`the passphrase in ${placeOfSecret(reference)}`, () =>
    readSecret(reference, sources).catch((error: unknown) => {
      throw new TerraneError(
        "wrong-passphrase",
        `the state's secrets need a passphrase: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }),
  );
}
