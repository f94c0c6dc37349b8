/**
 * The simulated clouds as a whole: a durable store that all processes of a machine share, calls of providers, and what a
 * person does by hand. Every call is one transaction, durable before it is answered. Knows nothing of blueprints.
 */
import { randomBytes } from "node:crypto";
import { type EmbeddedDatabase, openSqlite } from "../sql/sqlite/open.ts";
import type { Properties, Value } from "../values/value.ts";
import { applyEdits, oneOf, type SimulatedObject, toSimulated } from "./by-hand.ts";
import {
  autoNameOf,
  type CallResult,
  createObject,
  deleteObject,
  readObject,
  removeObject,
  updateObject,
} from "./calls.ts";
import { type CallContext, deleteRefusal } from "./judge.ts";
import type { Place, StoredObject } from "./model.ts";
import { modelOf, placeOf } from "./models.ts";
import { toCloudError } from "./refusal.ts";
import { typeSchema } from "./schema.ts";
import { type Path, seal, secretPaths, unseal } from "./sealing.ts";
import { type ObjectFilter, Store } from "./store.ts";
import { cloudMigrations } from "./tables.ts";
import type { Tag, Tagged } from "./tagged.ts";

export interface CloudsOptions {
  readonly now: () => Date;
  /** Limits other than the clouds' defaults, by type token; `Infinity` lifts one. */
  readonly quotas?: Readonly<Record<string, number>>;
  /**
   * Milliseconds until an object that was made shows up in lists and look-ups by tag, by type token: the clouds are
   * eventually consistent. Default 0: at once.
   */
  readonly visibleAfter?: Readonly<Record<string, number>>;
}

export interface Call {
  readonly urn: string;
  readonly type: string;
  /** Where the provider works. */
  readonly place: Place;
  readonly inputs: Properties;
  /** Where secrets stand among the inputs. */
  readonly secrets?: readonly Path[];
  /** Calls of one operation share a virtual clock. Without one, no clock runs. */
  readonly operation?: string;
  /** See {@link CallContext.lenient}. Default false. */
  readonly lenient?: boolean;
}

export interface Answer extends CallResult {
  /** Where secrets stand among the outputs. */
  readonly secrets: readonly Path[];
}

export interface ReadAnswer {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly secretInputs: readonly Path[];
  readonly secretOutputs: readonly Path[];
}

/** Opens the clouds in a file, which is made where it is missing. */
export async function openClouds(path: string, options: CloudsOptions): Promise<Clouds> {
  const database = await openSqlite({ path, migrations: cloudMigrations });
  return new Clouds(database, await sealingKey(database), options);
}

/** Clouds that end with the process and repeat: for renders and tests. Their clock stands still unless one is handed in. */
export async function openMemoryClouds(options: Partial<CloudsOptions> = {}): Promise<Clouds> {
  const database = await openSqlite({ path: ":memory:", migrations: cloudMigrations });
  return new Clouds(database, "memory", { now: () => new Date("2026-01-01T00:00:00Z"), ...options });
}

export class Clouds implements AsyncDisposable {
  readonly #database: EmbeddedDatabase;
  readonly #sealingKey: string;
  readonly #options: CloudsOptions;

  constructor(database: EmbeddedDatabase, sealing: string, options: CloudsOptions) {
    this.#database = database;
    this.#sealingKey = sealing;
    this.#options = options;
  }

  /** @throws TerraneError `cloud-error` with the cloud's code in `details.code` */
  create(call: Call): Promise<Answer> {
    return this.#change(call, (sealing, context) => createObject({ ...call, seal: sealing }, context));
  }

  /** What `create` would answer if nothing stood in its way: nothing is made, and nothing is refused. */
  foresee(call: Call): Promise<Answer> {
    return this.#change({ ...call, lenient: true }, (sealing, context) =>
      context.store.undone(() => createObject({ ...call, seal: sealing }, context)),
    );
  }

  /** @throws TerraneError `cloud-error` */
  update(call: Call & { readonly id: string }): Promise<Answer> {
    return this.#change(call, (sealing, context) => updateObject({ ...call, seal: sealing }, context));
  }

  /**
   * Deletes an object; one that is gone already counts as deleted.
   * @param call.inputs the object's last known state, from which its region is read
   * @throws TerraneError `cloud-error` when something blocks it
   */
  delete(call: Call & { readonly id: string }): Promise<{ readonly seconds: number }> {
    return this.#transact(call, (context) => deleteObject({ ...call, state: call.inputs }, context));
  }

  /**
   * The object as it is, or undefined when it is gone.
   * @param known inputs and outputs as the caller last saw them: secrets are stored as digests and come from there
   */
  async read(call: Call & { readonly id: string }, known: Properties): Promise<ReadAnswer | undefined> {
    const object = await this.#transact(call, (context) => readObject(call, context));
    if (object === undefined) return undefined;
    const inputs = unseal(object.inputs, call.inputs, this.#sealingKey);
    const outputs = unseal(object.outputs, known, this.#sealingKey);
    return {
      id: object.id,
      inputs: inputs.value,
      outputs: outputs.value,
      secretInputs: inputs.secrets,
      secretOutputs: outputs.secrets,
    };
  }

  /** Name for a resource whose program gives none. */
  suggestName(call: Call): Promise<string> {
    return this.#transact(call, ({ store }) => autoNameOf(call, store));
  }

  /** Objects that carry the tag, oldest first; one that is too young does not show yet. */
  async tagged(tag: Tag): Promise<readonly Tagged[]> {
    return this.#transact(undefined, ({ store, now }) =>
      store.tagged(tag).filter((object) => this.#shows(object, now)),
    );
  }

  /**
   * Id of the object that an import by this text would take; undefined where there is none, or none shows yet.
   * @param about the type, and where its provider works
   */
  async locate(
    about: Pick<Call, "type" | "place" | "inputs">,
    importId: string,
  ): Promise<string | undefined> {
    const model = modelOf(about.type);
    return this.#transact(undefined, ({ store, now }) => {
      const place = placeOf(model, about.place, about.inputs);
      const found = store.byId(place, about.type, importId) ?? store.findAlias(about.type, importId, place);
      return found !== undefined && this.#shows(found, now) ? found.id : undefined;
    });
  }

  /** Milliseconds until an object of the type shows up in lists. */
  visibleAfter(type: string): number {
    return this.#options.visibleAfter?.[type] ?? 0;
  }

  /** What the clouds' own clock shows. */
  async now(): Promise<Date> {
    const [row] = await this.#database.read<{ value: string }>(
      "SELECT value FROM settings WHERE name = 'clock-offset'",
      [],
    );
    return new Date(this.#options.now().getTime() + Number(row?.value ?? 0));
  }

  /** From now on the clouds' clock is that many milliseconds ahead of the host's, for everybody. Negative: behind. */
  async setClock(offset: number): Promise<void> {
    await this.#database.write([
      {
        sql: "INSERT INTO settings VALUES ('clock-offset', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        parameters: [String(offset)],
      },
    ]);
  }

  /** Objects of a filter, oldest first. */
  async list(filter: ObjectFilter = {}): Promise<readonly SimulatedObject[]> {
    return (await this.#search(filter)).map(toSimulated);
  }

  /** @throws TerraneError `object-not-found`; `bad-usage` when several objects fit */
  async show(filter: ObjectFilter): Promise<SimulatedObject> {
    return toSimulated(await this.#transact(undefined, ({ store }) => oneOf(store, filter)));
  }

  /**
   * Deletes an object by hand, past any provider.
   * @param options.force also what something else still needs, as no cloud would
   * @throws TerraneError `object-not-found`, `bad-usage`, `cloud-error` when something blocks it
   */
  remove(filter: ObjectFilter, options: { readonly force?: boolean } = {}): Promise<SimulatedObject> {
    return this.#transact(undefined, (context) => {
      const object = oneOf(context.store, filter);
      const refusal = options.force === true ? undefined : deleteRefusal(object, context.store);
      if (refusal !== undefined) {
        throw toCloudError(refusal, {
          verb: "delete",
          model: modelOf(object.type),
          place: object,
          urn: object.urn,
        });
      }
      removeObject(object, 0, context);
      return toSimulated(object);
    });
  }

  /**
   * Changes properties of an object by hand, past any provider; null removes one.
   * @throws TerraneError `object-not-found`, `bad-usage`
   */
  edit(filter: ObjectFilter, changes: { readonly [property: string]: Value }): Promise<SimulatedObject> {
    return this.#transact(undefined, ({ store }) => {
      const object = oneOf(store, filter);
      const inputs = applyEdits(
        object.inputs,
        changes,
        (name) => typeSchema(object.type)?.inputs.has(name) !== false,
      );
      const outputs = applyEdits(object.outputs, changes, () => true);
      store.change(object, { name: object.name, inputs, outputs });
      return toSimulated({ ...object, inputs, outputs });
    });
  }

  /** Virtual seconds that the operation would have taken at the real clouds, everything in parallel that can be. */
  async virtualSeconds(operation: string): Promise<number> {
    const [row] = await this.#database.read("SELECT max(ends) AS ends FROM clock WHERE operation = ?", [
      operation,
    ]);
    return Number(row?.["ends"] ?? 0);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #change(
    call: Call,
    act: (sealing: (value: Properties) => Properties, context: CallContext) => CallResult,
  ): Promise<Answer> {
    const always = typeSchema(call.type)?.secrets ?? new Set<string>();
    const find = (value: Properties) => secretPaths(value, call.inputs, call.secrets ?? [], always);
    const sealing = (value: Properties) => seal(value, find(value), this.#sealingKey);
    const result = await this.#transact(call, (context) => act(sealing, context));
    return { ...result, secrets: find(result.outputs) };
  }

  #shows({ type, createdAt }: Pick<StoredObject, "type" | "createdAt">, now: string): boolean {
    const age = Date.parse(now) - Date.parse(createdAt);
    return age >= this.visibleAfter(type);
  }

  #search(filter: ObjectFilter): Promise<readonly StoredObject[]> {
    return this.#transact(undefined, ({ store }) => store.search(filter));
  }

  #transact<T>(
    call: Pick<Call, "operation" | "lenient"> | undefined,
    body: (context: CallContext) => T,
  ): Promise<T> {
    return this.#database.transact((transaction) =>
      body({
        store: new Store(transaction, (type, place) => placeOf(modelOf(type), place, {})),
        now: this.#options.now().toISOString(),
        quotas: this.#options.quotas ?? {},
        operation: call?.operation,
        lenient: call?.lenient ?? false,
      }),
    );
  }
}

/** Digests of one store mean nothing in another. */
async function sealingKey(database: EmbeddedDatabase): Promise<string> {
  const fresh = randomBytes(32).toString("hex");
  await database.write([
    { sql: "INSERT OR IGNORE INTO settings VALUES ('sealing-key', ?)", parameters: [fresh] },
  ]);
  const [row] = await database.read<{ value: string }>(
    "SELECT value FROM settings WHERE name = 'sealing-key'",
  );
  return row?.value ?? fresh;
}
