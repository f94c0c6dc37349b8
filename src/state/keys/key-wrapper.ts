/**
 * What wraps the data keys of stacks: a key derived from a passphrase, a key in a file of this machine, or a key that a
 * cloud keeps and never gives away. Knows nothing of rings, rows or terrane.yaml.
 */
import { hkdf, type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { Secret } from "../../values/secret.ts";
import { keyBytes, seal, unseal } from "./seal.ts";

export interface KeyWrapper {
  /** @param owner what the wrapped key is for: it unwraps for nothing else */
  wrap(key: Uint8Array, owner: string): Promise<Uint8Array>;
  /** Undefined where this wrapper did not wrap it, or for another owner. @throws TerraneError `key-unavailable` */
  unwrap(wrapped: Uint8Array, owner: string): Promise<Uint8Array | undefined>;
}

/**
 * How a passphrase becomes a key. The numbers are OWASP's for scrypt with 32 MiB:
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html, 2026-11-21.
 */
export const newDerivation = { cost: 2 ** 15, blockSize: 8, parallelization: 3 } as const;

/** As the ledger keeps them. Bounded, so that a row changed by hand cannot ask for all memory of the machine. */
export const derivationSchema = z.strictObject({
  salt: z.base64().min(16).max(128),
  cost: z
    .int()
    .min(2)
    .max(2 ** 20)
    .refine((cost) => Number.isInteger(Math.log2(cost)), "a power of two"),
  blockSize: z.int().min(1).max(16),
  parallelization: z.int().min(1).max(16),
});
export type Derivation = z.infer<typeof derivationSchema>;

const deriveByScrypt: (
  secret: string,
  salt: Uint8Array,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer> = promisify(scrypt);
const deriveByHkdf = promisify(hkdf);

/** Takes a quarter of a second of a core, off the event loop. */
export async function wrapperOfPassphrase(
  passphrase: Secret<string>,
  { salt, cost, blockSize, parallelization }: Derivation,
): Promise<KeyWrapper> {
  const key = await deriveByScrypt(
    // One text, whatever way a keyboard or an editor composes its letters.
    passphrase.reveal().normalize("NFC"),
    Buffer.from(salt, "base64"),
    keyBytes,
    { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize },
  );
  return wrapperOfKey(key);
}

/** For a text that is random itself and needs no stretching. */
export async function wrapperOfRandom(text: Secret<string>, salt: string): Promise<KeyWrapper> {
  const bytes = await deriveByHkdf(
    "sha256",
    text.reveal(),
    Buffer.from(salt, "base64"),
    "terrane state key",
    keyBytes,
  );
  return wrapperOfKey(new Uint8Array(bytes));
}

/** One key wraps all; the id in front of what it seals says nothing here. */
const noId = "0".repeat(16);

function wrapperOfKey(key: Uint8Array): KeyWrapper {
  return {
    wrap: async (plain, owner) => seal(plain, { id: noId, key }, owner),
    unwrap: async (wrapped, owner) => unseal(wrapped, key, owner),
  };
}
