/** Text that looks random and repeats: ids, endpoints and dates of simulated objects are drawn by hash. */
import { createHash } from "node:crypto";

export const hex = "0123456789abcdef";
export const digits = "0123456789";
export const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** `length` characters of the alphabet, the same for the same seed. */
export function drawText(seed: readonly string[], length: number, alphabet: string = hex): string {
  let drawn = "";
  for (let round = 0; drawn.length < length; round += 1) {
    const digest = createHash("sha256")
      .update(JSON.stringify([...seed, round]))
      .digest();
    for (const byte of digest) drawn += alphabet[byte % alphabet.length];
  }
  return drawn.slice(0, length);
}
