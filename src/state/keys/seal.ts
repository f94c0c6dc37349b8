/**
 * Seals bytes with AES-256-GCM so that they open only with the same key and in the same place: whose they are is
 * authenticated with them. Knows nothing of stacks, and of where keys come from.
 *
 * The form: one byte for the form's version, eight for the key's id, twelve of nonce, the sealed bytes, sixteen of tag.
 * A nonce is random; 2^32 of them are safe under one key (NIST SP 800-38D, 8.3), which no stack comes near.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const form = 1;
const keyIdBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + nonceBytes;

/** Length of a key, bytes. */
export const keyBytes = 32;

export interface SealingKey {
  /** Sixteen hexadecimal digits: stands in front of what the key sealed. */
  readonly id: string;
  readonly key: Uint8Array;
}

/** @param owner whose the bytes are; they open for nobody else */
export function seal(plain: Uint8Array, { id, key }: SealingKey, owner: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const head = Buffer.concat([Uint8Array.of(form), Buffer.from(id, "hex"), nonce]);
  cipher.setAAD(authenticated(head, owner));
  return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Which key opens the bytes; undefined for bytes that `seal` did not make. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  if (sealed[0] !== form || sealed.length < headBytes + tagBytes) return undefined;
  return Buffer.from(sealed.subarray(1, 1 + keyIdBytes)).toString("hex");
}

/** The bytes; undefined where the key, the owner or a single bit is another. */
export function unseal(sealed: Uint8Array, key: Uint8Array, owner: string): Uint8Array | undefined {
  if (keyIdOf(sealed) === undefined) return undefined;
  const head = sealed.subarray(0, headBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, head.subarray(1 + keyIdBytes));
  decipher.setAAD(authenticated(head, owner));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A new key under a new id. */
export function makeKey(): SealingKey {
  return { id: randomBytes(keyIdBytes).toString("hex"), key: randomBytes(keyBytes) };
}

function authenticated(head: Uint8Array, owner: string): Uint8Array {
  return Buffer.concat([head.subarray(0, 1 + keyIdBytes), Buffer.from(owner, "utf8")]);
}
