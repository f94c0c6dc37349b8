/** Rows of the simulated clouds, read and written inside one transaction. Decides nothing: rules live in the models. */
import type { Transaction } from "../sql/sqlite/open.ts";
import type { Properties } from "../values/value.ts";
import type { CloudView, OnDelete, Place, Side, StoredObject } from "./model.ts";
import { toObject } from "./rows.ts";
import { type Tag, type Tagged, tagPaths, toTagged } from "./tagged.ts";

/** Which objects are wanted; absent fields fit all. */
export interface ObjectFilter {
  readonly cloud?: string;
  readonly account?: string;
  readonly region?: string;
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  /** The resource whose create made it. */
  readonly urn?: string;
}

export interface NewObject {
  readonly place: Place;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** As what it was made, whatever it is called since. */
  readonly urn: string;
  /** How many were made under that URN before. */
  readonly life: number;
  readonly createdAt: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Key of the object it came with. */
  readonly owner?: number;
}

export interface Reference {
  readonly target: number;
  readonly input: string;
  readonly onDelete: OnDelete;
}

/** Aliases that count whatever the place: the URLs of Kubernetes APIs. */
export const everywhere: Place = { cloud: "*", account: "*", region: "*" };
export const endpointType = "endpoint";

const columns = "key, cloud, account, region, type, id, name, urn, life, created_at, inputs, outputs";

export function placeKey(place: Place): string {
  return `${place.cloud}|${place.account}|${place.region}`;
}

/** The rows as a view and a set of edits, for the length of one transaction. */
export class Store implements CloudView {
  readonly #transaction: Transaction;
  readonly #placeOf: (type: string, place: Place) => Place;

  /** @param placeOf where objects of a type live, seen from a place: the global region for global types. */
  constructor(transaction: Transaction, placeOf: (type: string, place: Place) => Place) {
    this.#transaction = transaction;
    this.#placeOf = placeOf;
  }

  /** What a body answers, and nothing of what it did. */
  undone<T>(body: () => T): T {
    this.#transaction.run("SAVEPOINT undone");
    const answer = body();
    this.#transaction.run("ROLLBACK TO undone");
    return answer;
  }

  find(types: string | readonly string[], value: string, place: Place): StoredObject | undefined {
    for (const type of typeof types === "string" ? [types] : types) {
      const found = this.findAlias(type, value, this.#placeOf(type, placeNamedBy(value, place)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  list(type: string, place: Place): readonly StoredObject[] {
    const { cloud, account, region } = this.#placeOf(type, place);
    return this.search({ cloud, account, region, type });
  }

  referrers(target: StoredObject, type?: string): readonly StoredObject[] {
    const sql = `SELECT DISTINCT ${columns} FROM objects JOIN refs ON refs.source = objects.key
      WHERE refs.target = ?${type === undefined ? "" : " AND objects.type = ?"} ORDER BY key`;
    const parameters = type === undefined ? [target.key] : [target.key, type];
    return this.#transaction.all(sql, parameters).map(toObject);
  }

  findAlias(type: string, value: string, place: Place): StoredObject | undefined {
    const row = this.#transaction.get(
      `SELECT ${columns} FROM objects WHERE key =
         (SELECT key FROM aliases WHERE place = ? AND type = ? AND value = ? ORDER BY key DESC LIMIT 1)`,
      [placeKey(place), type, value],
    );
    return row === undefined ? undefined : toObject(row);
  }

  byId(place: Place, type: string, id: string): StoredObject | undefined {
    const row = this.#transaction.get(
      `SELECT ${columns} FROM objects WHERE cloud = ? AND account = ? AND region = ? AND type = ? AND id = ?`,
      [place.cloud, place.account, place.region, type, id],
    );
    return row === undefined ? undefined : toObject(row);
  }

  search(filter: ObjectFilter): readonly StoredObject[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
    const where =
      wanted.length === 0 ? "" : `WHERE ${wanted.map(([column]) => `${column} = ?`).join(" AND ")}`;
    const parameters = wanted.map(([, value]) => value);
    return this.#transaction
      .all(`SELECT ${columns} FROM objects ${where} ORDER BY key`, parameters)
      .map(toObject);
  }

  /** Objects of a cloud that carry the tag, oldest first. */
  tagged(tag: Tag): readonly Tagged[] {
    const paths = tagPaths(tag);
    const carries = paths.map(() => "json_extract(inputs, ?) = ?").join(" OR ");
    return this.#transaction
      .all(
        `SELECT cloud, account, region, type, id, created_at, inputs FROM objects
           WHERE cloud = ? AND (${carries}) ORDER BY key`,
        [tag.cloud, ...paths.flatMap((path) => [path, tag.value])],
      )
      .map((row) => toTagged(toObject({ ...row, outputs: "{}" })));
  }

  /** Objects of a type that count against one quota. */
  count(type: string, place: Place): number {
    const { cloud, account, region } = this.#placeOf(type, place);
    const sql =
      "SELECT count(*) AS n FROM objects WHERE cloud = ? AND account = ? AND region = ? AND type = ?";
    return Number(this.#transaction.get(sql, [cloud, account, region, type])?.["n"]);
  }

  /** Objects of a type that refer to the target by that input. */
  countReferrers(type: string, target: number, input: string): number {
    const sql = `SELECT count(*) AS n FROM refs JOIN objects ON objects.key = refs.source
      WHERE refs.target = ? AND refs.input = ? AND objects.type = ?`;
    return Number(this.#transaction.get(sql, [target, input, type])?.["n"]);
  }

  insert(object: NewObject, aliases: readonly string[], references: readonly Reference[]): number {
    const { place, type } = object;
    const { lastId: key } = this.#transaction.run(
      `INSERT INTO objects (cloud, account, region, type, id, name, urn, life, owner, created_at, inputs, outputs)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        place.cloud,
        place.account,
        place.region,
        type,
        object.id,
        object.name,
        object.urn,
        object.life,
        object.owner ?? null,
        object.createdAt,
        JSON.stringify(object.inputs),
        JSON.stringify(object.outputs),
      ],
    );
    this.#relate(key, place, type, aliases, references);
    return key;
  }

  insertSide(side: Side, owner: NewObject, ownerKey: number, aliases: readonly string[]): void {
    const place = this.#placeOf(side.type, owner.place);
    const urn = `${owner.urn}#${side.type}`;
    const { life, createdAt } = owner;
    this.insert({ ...side, place, urn, life, createdAt, owner: ownerKey }, aliases, []);
  }

  change(
    object: StoredObject,
    change: { readonly name: string; readonly inputs: Properties; readonly outputs: Properties },
    related?: { readonly aliases: readonly string[]; readonly references: readonly Reference[] },
  ): void {
    this.#transaction.run("UPDATE objects SET name = ?, inputs = ?, outputs = ? WHERE key = ?", [
      change.name,
      JSON.stringify(change.inputs),
      JSON.stringify(change.outputs),
      object.key,
    ]);
    if (related === undefined) return;
    this.#transaction.run("DELETE FROM aliases WHERE key = ? AND place <> ?", [
      object.key,
      placeKey(everywhere),
    ]);
    this.#transaction.run("DELETE FROM refs WHERE source = ?", [object.key]);
    this.#relate(object.key, object, object.type, related.aliases, related.references);
  }

  addEverywhere(key: number, type: string, value: string): void {
    this.#relate(key, everywhere, type, [value], []);
  }

  remove(key: number): void {
    for (const sql of [
      "DELETE FROM objects WHERE key = ?",
      "DELETE FROM aliases WHERE key = ?",
      "DELETE FROM refs WHERE source = ?",
      "DELETE FROM refs WHERE target = ?",
    ]) {
      this.#transaction.run(sql, [key]);
    }
  }

  owned(key: number): readonly StoredObject[] {
    return this.#transaction
      .all(`SELECT ${columns} FROM objects WHERE owner = ? ORDER BY key`, [key])
      .map(toObject);
  }

  /** Objects that refer to this one with the given consequence, oldest first. */
  sources(key: number, onDelete: OnDelete): readonly StoredObject[] {
    const sql = `SELECT DISTINCT ${columns} FROM objects JOIN refs ON refs.source = objects.key
      WHERE refs.target = ? AND refs.on_delete = ? ORDER BY key`;
    return this.#transaction.all(sql, [key, onDelete]).map(toObject);
  }

  targets(key: number): readonly number[] {
    return this.#transaction
      .all("SELECT DISTINCT target FROM refs WHERE source = ?", [key])
      .map((row) => Number(row["target"]));
  }

  incarnation(place: Place, urn: string): number {
    const sql = "SELECT count FROM incarnations WHERE place = ? AND urn = ?";
    return Number(this.#transaction.get(sql, [placeKey(place), urn])?.["count"] ?? 0);
  }

  countIncarnation(place: Place, urn: string): void {
    this.#transaction.run(
      `INSERT INTO incarnations (place, urn, count) VALUES (?, ?, 1)
       ON CONFLICT (place, urn) DO UPDATE SET count = count + 1`,
      [placeKey(place), urn],
    );
  }

  /** Virtual second at which the latest of the objects is ready, counted from the start of the operation. */
  readyAt(operation: string, keys: readonly number[]): number {
    let latest = 0;
    for (const key of keys) {
      const row = this.#transaction.get("SELECT ends FROM clock WHERE operation = ? AND key = ?", [
        operation,
        key,
      ]);
      latest = Math.max(latest, Number(row?.["ends"] ?? 0));
    }
    return latest;
  }

  keepBusy(operation: string, key: number, until: number): void {
    this.#transaction.run(
      `INSERT INTO clock (operation, key, ends) VALUES (?, ?, ?)
       ON CONFLICT (operation, key) DO UPDATE SET ends = max(ends, excluded.ends)`,
      [operation, key, until],
    );
  }

  #relate(
    key: number,
    place: Place,
    type: string,
    aliases: readonly string[],
    references: readonly Reference[],
  ): void {
    const alias = "INSERT OR IGNORE INTO aliases (place, type, value, key) VALUES (?, ?, ?, ?)";
    for (const value of aliases) this.#transaction.run(alias, [placeKey(place), type, value, key]);
    for (const { target, input, onDelete } of references) {
      this.#transaction.run(
        "INSERT OR IGNORE INTO refs (source, target, input, on_delete) VALUES (?, ?, ?, ?)",
        [key, target, input, onDelete],
      );
    }
  }
}

/** ARNs and Google's links say themselves where their object lives. */
function placeNamedBy(value: string, place: Place): Place {
  const link = /projects\/([^/]+)\/(?:regions\/([^/]+)|global)\//.exec(value);
  if (link !== null)
    return { cloud: place.cloud, account: link[1] ?? place.account, region: link[2] ?? "global" };
  if (!value.startsWith("arn:")) return place;
  const [, , , region = "", account = ""] = value.split(":");
  return {
    cloud: place.cloud,
    account: account === "" ? place.account : account,
    region: region === "" ? place.region : region,
  };
}
