/** A state's text as the database keeps it: compressed off the event loop, with the digest of what went in. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { TerraneError } from "../../errors.ts";

export interface PackedState {
  /** SHA-256 of the text, hexadecimal. */
  readonly digest: string;
  /** Bytes of the text. */
  readonly size: number;
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

// A state of 1.5 MB: zstd 1 takes 4 ms for 6 % of it, deflate 1 takes 5 ms for 8.5 %, zstd 3 gains nothing on 1.
const encoding = "zstd";
const parameters = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Largest state that is read back, bytes: forty times the largest that anybody has told of. */
const largestState = 512 * 1024 * 1024;

export async function packState(text: Uint8Array): Promise<PackedState> {
  return {
    digest: digestOf(text),
    size: text.length,
    encoding,
    bytes: await compress(text, { params: parameters }),
  };
}

/**
 * The text, whether or not it is the one that was packed.
 * @throws TerraneError `state-newer`, `state-corrupt`
 */
export async function unpack(what: string, packed: PackedState): Promise<Buffer> {
  if (packed.encoding !== encoding) {
    throw new TerraneError(
      "state-newer",
      `${what} is packed as ${packed.encoding}, which this release cannot read`,
    );
  }
  try {
    // Somebody may have made it longer.
    const maxOutputLength = Math.min(largestState, 2 * packed.size + 1024 * 1024);
    return await decompress(packed.bytes, { maxOutputLength });
  } catch (cause) {
    throw new TerraneError("state-corrupt", `${what} cannot be unpacked: it is cut short or overwritten`, {
      cause,
    });
  }
}

export function digestOf(text: Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
