/** The one object that is in the simulated clouds for a resource of a program. */
import { TerraneError } from "../../errors.ts";
import type { Clouds } from "../../simulator/clouds.ts";
import type { Place } from "../../simulator/model.ts";
import type { Properties } from "../../values/value.ts";
import { findAt } from "./simulated-inventory.ts";

/** @throws TerraneError `made-twice`, `create-unknowable` */
export async function findExisting(
  clouds: Clouds,
  about: { readonly urn: string; readonly type: string; readonly place: Place },
  inputs: Properties,
): Promise<string | undefined> {
  const sighting = await findAt(clouds, { ...about, inputs }, () => about.place);
  if (sighting.answer === "unknowable") {
    throw new TerraneError(
      "create-unknowable",
      `${about.urn} carries no tag, and no id follows from its inputs`,
    );
  }
  const [id, ...others] = sighting.ids;
  if (others.length === 0) return id;
  throw new TerraneError("made-twice", `${about.urn} is there more than once: ${sighting.ids.join(", ")}`);
}
