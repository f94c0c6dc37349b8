/**
 * Where the key comes from that wraps the data keys, as a project says it: a passphrase, a file beside an embedded
 * ledger, or a cloud's key. Each kind has parameters that the ledger keeps; none of them is secret.
 */
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import { Secret } from "../../values/secret.ts";
import { privateMode, writeAside } from "../write-whole.ts";
import {
  derivationSchema,
  type KeyWrapper,
  newDerivation,
  wrapperOfPassphrase,
  wrapperOfRandom,
} from "./key-wrapper.ts";

export interface KeySource {
  readonly kind: "passphrase" | "file" | "kms";
  /** For people: `the passphrase in the environment variable X`, `the key file /…`, `awskms://…`. */
  readonly name: string;
  /** Parameters of a new wrapper, for the ledger. Makes the key where it has to be made. */
  prepare(): Promise<object>;
  /**
   * The wrapper that the ledger tells of.
   * @throws TerraneError `wrong-passphrase` where there is nothing to make it from, `key-unavailable`
   */
  open(parameters: unknown): Promise<KeyWrapper>;
}

/** @throws TerraneError `state-corrupt` */
export function parseParameters<S extends z.ZodType>(schema: S, parameters: unknown): z.output<S> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new TerraneError("state-corrupt", "what the ledger says of the state's keys is out of bounds", {
    cause: parsed.error,
  });
}

const saltBytes = 16;
const newSalt = () => randomBytes(saltBytes).toString("base64");

/** @param read throws `wrong-passphrase` where it is not set or empty; asked only when a secret is really needed */
export function passphraseSource(name: string, read: () => Promise<Secret<string>>): KeySource {
  return {
    kind: "passphrase",
    name,
    prepare: async () => ({ salt: newSalt(), ...newDerivation }),
    open: async (parameters) =>
      wrapperOfPassphrase(await read(), parseParameters(derivationSchema, parameters)),
  };
}

const fileParametersSchema = z.strictObject({ salt: z.base64() });

/** A key made once, readable by its owner only. @param path absolute */
export function keyFileSource(path: string): KeySource {
  const name = `the key file ${path}`;
  return {
    kind: "file",
    name,
    prepare: async () => {
      await makeKeyFile(path);
      return { salt: newSalt() };
    },
    open: async (parameters) => {
      const text = await readKeyFile(path);
      const { salt } = parseParameters(fileParametersSchema, parameters);
      if (text !== undefined) return wrapperOfRandom(text, salt);
      throw new TerraneError(
        "wrong-passphrase",
        `${name} is gone, and with it what opens the state's secrets`,
        {
          next: "Put the file back from a backup: nothing else opens them.",
        },
      );
    },
  };
}

/** @throws TerraneError `permission-denied` when others may read it */
async function readKeyFile(path: string): Promise<Secret<string> | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      throw new TerraneError("permission-denied", `others than its owner may use the key file ${path}`, {
        next: `Run \`chmod 600 ${path}\`, then \`terrane state rotate-keys\` if anybody may have read it.`,
      });
    }
    return new Secret((await readFile(path, "utf8")).trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Two processes that start at once agree on one key: it is written whole, then linked into place exclusively. */
async function makeKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = await writeAside(path, `${randomBytes(32).toString("base64url")}\n`, privateMode);
  await chmod(aside, privateMode);
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(aside, { force: true });
}

export interface KmsSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Where Google Cloud is asked; default: where it is. */
  readonly googleEndpoint?: string;
}

/**
 * A key of a cloud. One and the same has several URLs, so the ledger's says only what it was.
 * @param url as `parseKmsUrl` takes it
 */
export function kmsSource(url: string, surroundings: KmsSurroundings): KeySource {
  return {
    kind: "kms",
    name: url,
    prepare: async () => ({ url }),
    open: async () => {
      const { parseKmsUrl } = await import("./kms-url.ts");
      const key = parseKmsUrl(url);
      if (key.cloud === "aws") {
        return (await import("./kms-aws.ts")).awsWrapper(url, key, surroundings.environment);
      }
      const { googleWrapper } = await import("./kms-google.ts");
      const { googleEndpoint, ...rest } = surroundings;
      return googleWrapper(url, key, { ...rest, ...(googleEndpoint && { endpoint: googleEndpoint }) });
    },
  };
}
