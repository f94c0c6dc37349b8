/** Remembers which sealed texts hold the same secret, without keeping the secret: for as long as a token lasts. */
import { createHmac, randomBytes } from "node:crypto";

export class SecretMemory {
  readonly #key = randomBytes(32);
  /** Sealed text → what is the same for the same secret. */
  readonly #known = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  note(sealed: string, plain: Uint8Array): void {
    this.#known.set(sealed, createHmac("sha256", this.#key).update(plain).digest("base64"));
  }

  isSame(one: string, other: string): boolean {
    const known = this.#known.get(one);
    return known !== undefined && known === this.#known.get(other);
  }
}
