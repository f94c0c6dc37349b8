/** The component types of one caller: the shipped ones and those the caller brings. */
import { catalog } from "../../../stacks/catalog.ts";
import { Catalog } from "../../catalog/catalog.ts";
import type { PlatformContext } from "../context.ts";

/** @throws TerraneError `name-collision` when a type of the caller has the name of another */
export function catalogOf({ components }: PlatformContext): Catalog {
  return components === undefined || components.length === 0
    ? catalog
    : new Catalog([...catalog.contracts, ...components], catalog.clouds);
}
