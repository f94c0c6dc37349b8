/** Tokens: random, compared in constant time, kept as digests. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export function makeToken(): string {
  return randomBytes(32).toString("base64url");
}

/** By which a token is looked up: who can time look-ups learns nothing of the token. */
export function digestOfToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export function isSameToken(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOfToken(one)), Buffer.from(digestOfToken(other)));
}
