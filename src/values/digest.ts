/** SHA-256 of texts. */

/**
 * Lowercase hexadecimal. `node:crypto` is loaded with the first digest, not before: it costs a fifth of what node takes to
 * start, and most of what knows names never makes one.
 */
export function sha256(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text);
}
