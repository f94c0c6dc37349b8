/** Bodies of requests: bounded as they arrive and as they inflate, parsed by a schema. */
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { z } from "zod";
import { TerraneError } from "../../errors.ts";

const inflate = promisify(gunzip);
const deflate = promisify(gzip);

/** Largest body, bytes, packed or not: the state of some hundred thousand resources. */
export const largestBody = 512 * 1024 * 1024;

export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #largest: number;

  /** `largest`: bytes, packed or not. */
  constructor(request: IncomingMessage, largest: number) {
    this.#request = request;
    this.#largest = largest;
  }

  /** @throws TerraneError `request-too-large`, `bad-request` */
  async json<S extends z.ZodType>(schema: S): Promise<z.output<S>> {
    return parse(schema, await this.#plain(await this.#read()));
  }

  /** The same beside the body as gzip, for what is kept as it came. */
  async packedJson<S extends z.ZodType>(
    schema: S,
  ): Promise<{ readonly value: z.output<S>; readonly bytes: Uint8Array }> {
    const bytes = await this.#read();
    const plain = await this.#plain(bytes);
    return { value: parse(schema, plain), bytes: this.#isPacked ? bytes : await deflate(plain) };
  }

  /** The same, parsed only where the text holds the mark. */
  async packedText<S extends z.ZodType>(
    mark: string,
    schema: S,
  ): Promise<{ readonly value: z.output<S> | undefined; readonly bytes: Uint8Array }> {
    const bytes = await this.#read();
    const plain = await this.#plain(bytes);
    return {
      value: plain.includes(mark) ? parse(schema, plain) : undefined,
      bytes: this.#isPacked ? bytes : await deflate(plain),
    };
  }

  get #isPacked(): boolean {
    return this.#request.headers["content-encoding"] === "gzip";
  }

  async #read(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.#largest) throw tooLarge(this.#largest);
      chunks.push(chunk);
    }
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  async #plain(bytes: Buffer): Promise<Buffer> {
    if (!this.#isPacked) return bytes;
    try {
      return await inflate(bytes, { maxOutputLength: this.#largest });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(this.#largest);
      throw new TerraneError("bad-request", "the body is not gzip, as its header says", { cause });
    }
  }
}

function parse<S extends z.ZodType>(schema: S, bytes: Buffer): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.length === 0 ? "null" : bytes.toString("utf8"));
  } catch (cause) {
    throw new TerraneError("bad-request", "the body is not JSON", { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TerraneError(
    "bad-request",
    `the body cannot be read: ${issue?.path.join(".")}: ${issue?.message}`,
    {
      cause: parsed.error,
    },
  );
}

function tooLarge(largest: number): TerraneError {
  return new TerraneError("request-too-large", `the body has more than ${largest / 2 ** 20} MiB`);
}
