/** What a person sees of the simulated clouds and changes by hand, past any provider. */
import { TerraneError } from "../errors.ts";
import type { Properties, Value } from "../values/value.ts";
import type { StoredObject } from "./model.ts";
import { withoutDigests } from "./sealing.ts";
import type { ObjectFilter, Store } from "./store.ts";

/** One object as people see it. Secrets are markers. */
export interface SimulatedObject {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly properties: Properties;
}

/**
 * The only object of a filter.
 * @throws TerraneError `object-not-found`; `bad-usage` when several objects fit
 */
export function oneOf(store: Store, filter: ObjectFilter): StoredObject {
  const found = store.search(filter);
  const [object] = found;
  const wanted = Object.values(filter).join(" ");
  if (object === undefined)
    throw new TerraneError("object-not-found", `the simulated clouds have no object ${wanted}`);
  if (found.length > 1) {
    const places = found
      .slice(0, 5)
      .map((each) => `${each.type} ${each.id} (${each.cloud} ${each.account} ${each.region})`);
    throw new TerraneError("bad-usage", `${found.length} objects fit ${wanted}: ${places.join(", ")}`, {
      next: "Name its type, cloud, account or region too.",
    });
  }
  return object;
}

/** The properties with the changes; null removes one, and what the type does not take is left out. */
export function applyEdits(
  properties: Properties,
  changes: { readonly [property: string]: Value },
  takes: (name: string) => boolean,
): Properties {
  const wanted = Object.entries(changes).filter(([name]) => takes(name));
  const merged = { ...properties, ...Object.fromEntries(wanted) };
  return Object.fromEntries(
    Object.entries(merged).filter(([name, value]) => value !== null || !(name in changes)),
  );
}

export function toSimulated(object: StoredObject): SimulatedObject {
  const { cloud, account, region, type, id, name, createdAt } = object;
  const properties = withoutDigests({ ...object.inputs, ...object.outputs }) as Properties;
  return { cloud, account, region, type, id, name, createdAt, properties };
}
