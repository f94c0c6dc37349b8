/**
 * The keys of the state's secrets: every stack has random data keys of its own, which its row holds wrapped; what wraps
 * them comes from the project's key source. The source is asked when a secret is really needed, and then once: until
 * then nothing is derived and no cloud is called.
 */
import { randomBytes } from "node:crypto";
import { TerraneError } from "../../errors.ts";
import type { Database } from "../../sql/database.ts";
import { addWrapper, readWrappers, type WrapperRecord } from "./key-records.ts";
import { formatKeyRing, newestKey, parseKeyRing, type WrappedKey } from "./key-ring.ts";
import type { KeySource } from "./key-source.ts";
import type { KeyWrapper } from "./key-wrapper.ts";
import { keyIdOf, makeKey, seal, unseal } from "./seal.ts";

/** Seals and opens values of one stack. What it sealed opens in no other stack. */
export interface StackCipher {
  /** @throws TerraneError `wrong-passphrase`, `key-unavailable` */
  encrypt(plain: Uint8Array): Promise<Uint8Array>;
  /** @throws TerraneError as `encrypt`; `state-corrupt` for what this stack did not seal */
  decrypt(sealed: Uint8Array): Promise<Uint8Array>;
}

export interface StackIdentity {
  /** Of its row; a rename keeps it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
}

export interface KeyedStack extends StackIdentity {
  /** What its row holds of keys, as `makeRing` made it. */
  readonly ring: string;
}

export interface OpenWrapper {
  readonly record: WrapperRecord;
  readonly wrapper: KeyWrapper;
}

export interface StateKeysOptions {
  readonly database: Database;
  readonly source: KeySource;
  readonly now: () => Date;
}

export class StateKeys {
  readonly #options: StateKeysOptions;
  readonly #unwrapped = new Map<string, Promise<Uint8Array>>();
  #opened: Promise<OpenWrapper> | undefined;

  constructor(options: StateKeysOptions) {
    this.#options = options;
  }

  /**
   * Proves that the project's source is the one that the state is sealed with. Call it before anything is changed.
   * @throws TerraneError `wrong-passphrase`, `key-unavailable`
   */
  async assertUsable(stack?: string): Promise<void> {
    await this.open(stack);
  }

  /** Keys of a new stack, for its row. @throws TerraneError as `assertUsable` */
  async makeRing(stack: StackIdentity): Promise<string> {
    return formatKeyRing([await this.makeWrapped(stack)]);
  }

  /** @param rotation that it is made in */
  async makeWrapped(stack: StackIdentity, rotation?: string): Promise<WrappedKey> {
    const { record, wrapper } = await this.open(stack.name);
    const { id, key } = makeKey();
    const wrapped = Buffer.from(await wrapper.wrap(key, stack.id)).toString("base64");
    this.#unwrapped.set(placeOf(stack, id), Promise.resolve(key));
    return { id, wrapped: { [record.id]: wrapped }, ...(rotation === undefined ? {} : { rotation }) };
  }

  /** Costs nothing until it is used. */
  cipherOf(stack: KeyedStack): StackCipher {
    return {
      encrypt: async (plain) => {
        const newest = newestKey(parseKeyRing(stack.name, stack.ring));
        return seal(plain, { id: newest.id, key: await this.unwrap(stack, newest) }, stack.id);
      },
      decrypt: async (sealed) => {
        const { keys } = parseKeyRing(stack.name, stack.ring);
        const wrapped = keys.find(({ id }) => id === keyIdOf(sealed));
        const plain =
          wrapped === undefined ? undefined : unseal(sealed, await this.unwrap(stack, wrapped), stack.id);
        if (plain !== undefined) return plain;
        throw new TerraneError(
          "state-corrupt",
          `a secret in the state of ${stack.name} is none that this stack sealed, or was changed since`,
        );
      },
    };
  }

  /** One key of a stack in clear. @throws TerraneError `wrong-passphrase`, `key-unavailable` */
  unwrap(stack: StackIdentity, wrapped: WrappedKey): Promise<Uint8Array> {
    const place = placeOf(stack, wrapped.id);
    const known = this.#unwrapped.get(place);
    if (known !== undefined) return known;
    const unwrapping = this.#unwrap(stack, wrapped);
    this.#unwrapped.set(place, unwrapping);
    unwrapping.catch(() => this.#unwrapped.delete(place));
    return unwrapping;
  }

  async #unwrap(stack: StackIdentity, { wrapped }: WrappedKey): Promise<Uint8Array> {
    const { record, wrapper } = await this.open(stack.name);
    const own = wrapped[record.id];
    const key = own === undefined ? undefined : await wrapper.unwrap(Buffer.from(own, "base64"), stack.id);
    if (key !== undefined) return key;
    throw new TerraneError(
      "state-corrupt",
      `a key of ${stack.name} does not open with what opens the others`,
      {
        next: "Finish a rotation that was interrupted: run `terrane state rotate-keys` as it was begun.",
      },
    );
  }

  /** Asked once; a cloud that did not answer is asked again. */
  open(stack?: string): Promise<OpenWrapper> {
    this.#opened ??= this.#open(stack).catch((error: unknown) => {
      if (error instanceof TerraneError && error.code === "key-unavailable") this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open(stack: string | undefined): Promise<OpenWrapper> {
    const { database, source } = this.#options;
    const records = await readWrappers(database);
    const active = records.find(({ status }) => status === "active");
    if (active === undefined) return this.#makeFirst(stack);
    const opened = await tryRecord(source, active);
    if (opened !== undefined) return opened;
    throw await refusal(source, records, stack);
  }

  async #makeFirst(stack: string | undefined): Promise<OpenWrapper> {
    const { database, source, now } = this.#options;
    const made = await makeWrapper(source, "active", now());
    const { ok } = await database.write([addWrapper(made.record)]);
    // Another process was first: what it made counts.
    return ok ? made : this.#open(stack);
  }
}

/** A wrapper that nobody uses yet. */
export async function makeWrapper(
  source: KeySource,
  status: WrapperRecord["status"],
  now: Date,
): Promise<OpenWrapper> {
  const id = randomBytes(8).toString("hex");
  const parameters = await source.prepare();
  const wrapper = await source.open(parameters);
  const probe = await wrapper.wrap(probeText, id);
  const record = { id, status, kind: source.kind, parameters, probe, changed_at: now.toISOString() };
  return { record, wrapper };
}

/** The wrapper of that record; undefined where the source is not the one it was made from. */
export async function tryRecord(source: KeySource, record: WrapperRecord): Promise<OpenWrapper | undefined> {
  if (source.kind !== record.kind) return undefined;
  const wrapper = await source.open(record.parameters);
  const text = await wrapper.unwrap(record.probe, record.id);
  return text !== undefined && Buffer.from(text).equals(probeText) ? { record, wrapper } : undefined;
}

const probeText = Buffer.from("terrane state");

function placeOf(stack: StackIdentity, key: string): string {
  return `${stack.id}/${key}`;
}

const kindNames = { passphrase: "a passphrase", file: "a key file", kms: "a cloud's key" } as const;

async function refusal(
  source: KeySource,
  records: readonly WrapperRecord[],
  stack: string | undefined,
): Promise<TerraneError> {
  const what = stack === undefined ? "the state's secrets" : `the secrets of ${stack}`;
  const [active] = records;
  if (active !== undefined && active.kind !== source.kind) {
    return new TerraneError(
      "wrong-passphrase",
      `${what} are sealed with ${kindNames[active.kind]}, and the project gives ${source.name}`,
      { next: nextFor[active.kind] },
    );
  }
  for (const earlier of records.filter(({ status }) => status === "retired").slice(0, 1)) {
    if ((await tryRecord(source, earlier)) === undefined) continue;
    return new TerraneError(
      "wrong-passphrase",
      `${source.name} opened ${what} until ${earlier.changed_at.slice(0, 10)}, when the keys were rotated`,
      { next: "Give the one that the keys were rotated to." },
    );
  }
  return new TerraneError("wrong-passphrase", `${source.name} does not open ${what}`);
}

const nextFor = {
  passphrase: "Name it in terrane.yaml: `state: { passphrase: { fromEnv: NAME } }`.",
  file: "Remove `state.passphrase` and `state.key` from terrane.yaml, or run `terrane state rotate-keys` to change it.",
  kms: "Name it in terrane.yaml: `state: { key: … }`, with the URL of the cloud's key.",
} as const;
