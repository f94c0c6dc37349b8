/** The source of the key that wraps the state's data keys, as terrane.yaml names it. */
import { dirname, join, resolve } from "node:path";
import { messageOf, TerraneError } from "../errors.ts";
import type { Project } from "../model/documents.ts";
import type { SecretReference } from "../model/secret-reference.ts";
import { type KeySource, keyFileSource, kmsSource, passphraseSource } from "../state/key-source.ts";
import { placeOfSecret, readSecret, type SecretSources } from "./secret-parameters.ts";

export interface KeySurroundings extends SecretSources {
  readonly now: () => Date;
}

/** Reads nothing yet. */
export function keySourceOf(project: Project, sources: KeySurroundings): KeySource {
  const { passphrase, key } = project.state;
  if (passphrase !== undefined) return passphraseFrom(passphrase, sources);
  if (key !== undefined) return kmsSource(key, sources);
  return keyFileSource(join(dirname(resolve(sources.root, project.ledger.path)), "state", "key"));
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
