/** What each component was born as: the record's word for what runs, its own address for what is new. */
import { type ComponentAddress, type ComponentSpec, formatAddress } from "../model/spec.ts";

/**
 * By address. Names at a cloud come from a birth, so no two components that may exist at once share one: what takes a
 * name that a renamed component was born with is born as `<name>-2`.
 * @param applied what may be running, under the names it has now
 */
export function birthsOf(
  addresses: readonly ComponentAddress[],
  applied: readonly ComponentSpec[],
): ReadonlyMap<string, ComponentAddress> {
  const known = new Map(applied.map((each) => [formatAddress(placeOf(each)), each.born]));
  const taken = applied.map((each) => ({ born: each.born, site: each.site }));
  const births = new Map<string, ComponentAddress>();
  for (const address of addresses) {
    const key = formatAddress(address);
    const isTaken = (name: string) =>
      taken.some(
        ({ born, site }) => born.component === name && (born.site === address.site || site === address.site),
      );
    const born = known.get(key) ?? { component: freeName(address.component, isTaken), site: address.site };
    births.set(key, born);
    taken.push({ born, site: address.site });
  }
  return births;
}

function placeOf({ name, site }: ComponentSpec): ComponentAddress {
  return { component: name, site };
}

function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let count = 2; ; count++) if (!isTaken(`${name}-${count}`)) return `${name}-${count}`;
}
