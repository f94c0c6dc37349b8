/** Secrets of a stack: sealed and opened here, so that no client needs its key. Source: `apitype/stacks.go` of 3.250.0. */
import { z } from "zod";
import type { Route, StackExchange } from "./route.ts";
import { stackOf } from "./stack-routes.ts";

const stackPath = "/api/stacks/:organization/:project/:stack";

const bytes = z.string().transform((text) => Buffer.from(text, "base64"));
/** Go writes an empty list of bytes as null. */
const orNone = <S extends z.ZodType>(schema: S) => z.array(schema).nullish();

/** Base64 in, base64 out. */
interface TextCipher {
  encrypt(plain: Uint8Array): Promise<string>;
  decrypt(sealed: Uint8Array): Promise<string>;
}

async function cipherOf(exchange: StackExchange): Promise<TextCipher> {
  const cipher = exchange.store.cipherOf(await stackOf(exchange));
  const { secrets } = exchange.access;
  return {
    encrypt: async (plain) => {
      const sealed = base64(await cipher.encrypt(plain));
      secrets.note(sealed, plain);
      return sealed;
    },
    decrypt: async (sealed) => {
      const plain = await cipher.decrypt(sealed);
      secrets.note(base64(sealed), plain);
      return base64(plain);
    },
  };
}

export const secretRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${stackPath}/encrypt`,
    of: "stack",
    handle: async (exchange) => {
      const { plaintext } = await exchange.body.json(z.object({ plaintext: bytes }));
      const cipher = await cipherOf(exchange);
      return { ciphertext: await cipher.encrypt(plaintext) };
    },
  },
  {
    method: "POST",
    path: `${stackPath}/decrypt`,
    of: "stack",
    handle: async (exchange) => {
      const { ciphertext } = await exchange.body.json(z.object({ ciphertext: bytes }));
      const cipher = await cipherOf(exchange);
      return { plaintext: await cipher.decrypt(ciphertext) };
    },
  },
  {
    method: "POST",
    path: `${stackPath}/batch-encrypt`,
    of: "stack",
    handle: async (exchange) => {
      const { plaintexts } = await exchange.body.json(z.object({ plaintexts: orNone(bytes) }));
      const cipher = await cipherOf(exchange);
      const ciphertexts = await Promise.all((plaintexts ?? []).map((each) => cipher.encrypt(each)));
      return { ciphertexts };
    },
  },
  {
    method: "POST",
    path: `${stackPath}/batch-decrypt`,
    of: "stack",
    handle: async (exchange) => {
      const { ciphertexts } = await exchange.body.json(z.object({ ciphertexts: orNone(bytes) }));
      const cipher = await cipherOf(exchange);
      const opened = await Promise.all(
        (ciphertexts ?? []).map(async (each) => [base64(each), await cipher.decrypt(each)] as const),
      );
      return { plaintexts: Object.fromEntries(opened) };
    },
  },
  // What a client opened with a key of its own; nothing is kept of it.
  { method: "POST", path: `${stackPath}/decrypt/log-decryption`, of: "stack", handle: async () => ({}) },
  {
    method: "POST",
    path: `${stackPath}/decrypt/log-batch-decryption`,
    of: "stack",
    handle: async () => ({}),
  },
];

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}
