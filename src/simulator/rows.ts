/** Rows of the objects' table as objects. */
import type { Row, SqlValue } from "../sql/database.ts";
import type { Properties } from "../values/value.ts";
import type { StoredObject } from "./model.ts";

const text = (value: SqlValue | undefined): string => (typeof value === "string" ? value : "");

export function toObject(row: Row): StoredObject {
  return {
    key: Number(row["key"]),
    cloud: text(row["cloud"]),
    account: text(row["account"]),
    region: text(row["region"]),
    type: text(row["type"]),
    id: text(row["id"]),
    name: text(row["name"]),
    urn: text(row["urn"]),
    life: Number(row["life"]),
    createdAt: text(row["created_at"]),
    inputs: JSON.parse(text(row["inputs"])) as Properties,
    outputs: JSON.parse(text(row["outputs"])) as Properties,
  };
}
