/**
 * The data keys of one stack, as its row holds them: each wrapped, never in clear. The newest seals; all of them open,
 * so that what was sealed before a rotation stays readable. Pure.
 */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";

const wrappedKeySchema = z.strictObject({
  /** Stands in front of every value that the key sealed. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** The rotation that made it; absent for the first key of a stack. */
  rotation: z.string().optional(),
  /** Wrapper → the key as that wrapper wrapped it, base64. Several while one wrapper takes over from another. */
  wrapped: z.record(z.string(), z.base64()),
});
export type WrappedKey = z.infer<typeof wrappedKeySchema>;

const keyRingSchema = z.strictObject({ version: z.literal(1), keys: z.array(wrappedKeySchema).min(1) });
/** Oldest first. */
export type KeyRing = z.infer<typeof keyRingSchema>;

/** @throws TerraneError `state-corrupt` */
export function parseKeyRing(stack: string, text: string): KeyRing {
  try {
    return keyRingSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TerraneError("state-corrupt", `the keys of ${stack} in the ledger cannot be read`, { cause });
  }
}

export function formatKeyRing(keys: readonly WrappedKey[]): string {
  return JSON.stringify({ version: 1, keys });
}

/** The key that seals. */
export function newestKey(ring: KeyRing): WrappedKey {
  const newest = ring.keys.at(-1);
  if (newest === undefined) throw new TerraneError("internal", "a key ring without a key");
  return newest;
}
