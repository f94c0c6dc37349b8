/**
 * What this machine has seen of a ledger, in a file of the project that is no part of the ledger: whoever puts the
 * database back leaves it where it is.
 */
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Witness } from "../../ledger/witness.ts";
import { privateMode, writeWhole } from "../../state/write-whole.ts";
import { sha256 } from "../../values/digest.ts";

const format = "terrane.dev/witness/v1";
const fileSchema = z.object({
  format: z.literal(format),
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
});

/** @param ledger what the database is called: one file for each */
export function witnessFile(root: string, ledger: string): Witness {
  const file = join(root, ".terrane", "witness", `${sha256(ledger).slice(0, 16)}.json`);
  return {
    read: async () => parse(file),
    note: async ({ seq, hash, at }) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeWhole(file, `${JSON.stringify({ format, ledger, seq, hash, at }, null, 2)}\n`, privateMode);
    },
  };
}

/** Read in one go: an `up` that has nothing to do would wait for the turns of an asynchronous read. */
function parse(file: string) {
  try {
    return fileSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}
