/**
 * Secrets on their way from one stack's state to another's: opened with the key of the one, sealed with that of the
 * other. Pulumi's passphrase scheme, `sdk/go/common/resource/config/crypt.go` of 3.250.0: AES-256-GCM, the key by
 * PBKDF2 (SHA-256, 1,000,000 rounds) from passphrase and salt.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { TerraneError } from "../../errors.ts";
import type { Secret } from "../../values/secret.ts";
import type { Checkpoint, StateEntry } from "../deployment/checkpoint.ts";

/** How a state marks a secret value. Source: `sdk/go/common/resource/sig` of 3.250.0. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const rounds = 1_000_000;
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

const deriveKey = promisify(pbkdf2);

/** Keys of stacks, each made once: that alone takes half a second. */
export class StackKeys {
  readonly #passphrase: Secret<string>;
  readonly #keys = new Map<string, Promise<Buffer>>();

  constructor(passphrase: Secret<string>) {
    this.#passphrase = passphrase;
  }

  /** @throws TerraneError `state-corrupt` for a state that no passphrase seals */
  of(stack: string, checkpoint: Checkpoint): Promise<Buffer> {
    const salt = saltOf(checkpoint);
    if (salt === undefined) {
      throw new TerraneError("state-corrupt", `the secrets of ${stack} are not sealed with a passphrase`);
    }
    const key =
      this.#keys.get(salt) ??
      deriveKey(this.#passphrase.reveal(), Buffer.from(salt, "base64"), rounds, keyBytes, "sha256");
    this.#keys.set(salt, key);
    return key;
  }
}

/** Whether the secrets of two states open with one key. */
export function isSameKey(one: Checkpoint, other: Checkpoint): boolean {
  return saltOf(one) !== undefined && saltOf(one) === saltOf(other);
}

export function hasSecrets(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecrets);
  if (typeof value !== "object" || value === null) return false;
  return isSealed(value) || Object.values(value).some(hasSecrets);
}

/** @throws TerraneError `wrong-passphrase` */
export function reseal(entry: StateEntry, from: Buffer, to: Buffer): StateEntry {
  return resealValue(entry, from, to) as StateEntry;
}

function resealValue(value: unknown, from: Buffer, to: Buffer): unknown {
  if (Array.isArray(value)) return value.map((each) => resealValue(each, from, to));
  if (typeof value !== "object" || value === null) return value;
  if (isSealed(value)) return { ...value, ciphertext: seal(open(value.ciphertext, from), to) };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resealValue(each, from, to)]));
}

export function isSealed(value: object): value is { readonly ciphertext: string } {
  return (
    (value as Record<string, unknown>)[signatureKey] === secretSignature &&
    typeof (value as Record<string, unknown>)["ciphertext"] === "string"
  );
}

/** `v1:<nonce>:<text and tag>` */
function open(text: string, key: Buffer): Buffer {
  const [version, nonce = "", sealed = ""] = text.split(":");
  const bytes = Buffer.from(sealed, "base64");
  if (version !== "v1" || bytes.length < tagBytes) {
    throw new TerraneError("state-corrupt", "a secret of the state is in a form that is not known");
  }
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new TerraneError("wrong-passphrase", "the passphrase does not open the secrets of the state", {
      cause,
    });
  }
}

function seal(plain: Buffer, key: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

/** The salt stands second in `v1:<salt>:<a value to try a passphrase on>`. */
function saltOf({ checkpoint }: Checkpoint): string | undefined {
  return checkpoint.latest?.secrets_providers?.state?.salt?.split(":")[1];
}
