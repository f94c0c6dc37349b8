/** What the simulated clouds say there is. They are asked as real ones are: by tag, and by the id of an import. */
import { importIdOf } from "../../../stacks/import-ids.ts";
import { ownTagOn, taggersByPackage } from "../../../stacks/tagging/taggers.ts";
import type { BegunCreate, CloudInventory, Sighting, TaggedObject } from "../../model/cloud-inventory.ts";
import type { Clouds } from "../../simulator/clouds.ts";
import type { Place } from "../../simulator/model.ts";
import { placeOfProvider } from "../../simulator/provider/configuration.ts";
import type { Tagged } from "../../simulator/tagged.ts";
import { type OwnTag, resourceTag } from "../../values/tags.ts";
import type { Properties } from "../../values/value.ts";

/** @param open opens the clouds, when they are first asked */
export function simulatedInventory(open: () => Promise<Clouds>): CloudInventory {
  return {
    listTagged: async (environment) => {
      const clouds = await open();
      const lists = [...taggersByPackage.values()].map(async (tagger): Promise<readonly TaggedObject[]> => {
        const tag = ownTagOn(tagger, "terrane:environment", environment);
        const found = await clouds.tagged({ cloud: tagger.package, ...tag });
        return found.map((object) => toTaggedObject(environment, object));
      });
      const all = (await Promise.all(lists)).flat();
      return all.toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    },
    find: async (begun) => find(await open(), begun),
    visibilityBound: async (type) => (await open()).visibleAfter(type),
    now: async () => (await open()).now(),
  };
}

async function find(clouds: Clouds, { urn, type, inputs, provider }: BegunCreate): Promise<Sighting> {
  const place = () => placeOfProvider(cloudOf(type), provider, {});
  return await findAt(clouds, { urn, type, inputs }, place);
}

/**
 * By its tags where it has any; other lives of the environment may have had a resource of the same name.
 * @param placeOf where its provider works; asked only where the import id has to tell
 */
export async function findAt(
  clouds: Clouds,
  { urn, type, inputs }: Omit<BegunCreate, "provider">,
  placeOf: () => Place,
): Promise<Sighting> {
  const cloud = cloudOf(type);
  const tagger = taggersByPackage.get(cloud);
  const holder = tagger?.input(type, inputs);
  if (tagger !== undefined && holder !== undefined) {
    const wanted = tagger.held((inputs[holder] ?? {}) as Properties);
    const { key } = ownTagOn(tagger, "terrane:incarnation", "");
    const tag = ownTagOn(tagger, "terrane:resource", resourceTag(urn));
    const found = await clouds.tagged({ cloud, ...tag });
    const ids = found.flatMap((each) =>
      each.type === type && each.tags[key] === wanted[key] ? [each.id] : [],
    );
    return { answer: "told", ids };
  }
  const place = placeOf();
  const importId = importIdOf(type, inputs, place);
  if (importId === undefined) return { answer: "unknowable" };
  const id = await clouds.locate({ type, place, inputs }, importId);
  return { answer: "told", ids: id === undefined ? [] : [id] };
}

function cloudOf(type: string): string {
  return type.slice(0, type.indexOf(":"));
}

function toTaggedObject(environment: string, object: Tagged): TaggedObject {
  const { cloud, account, region, type, id, createdAt, tags } = object;
  const tagger = taggersByPackage.get(cloud);
  const own = (tag: OwnTag) => (tagger === undefined ? undefined : tags[ownTagOn(tagger, tag, "").key]);
  const [incarnation, stack, resource] = [
    own("terrane:incarnation"),
    own("terrane:stack"),
    own("terrane:resource"),
  ];
  return {
    type,
    id,
    place: [cloud, account, region].filter((part) => part !== "").join(" "),
    environment,
    createdAt,
    ...(incarnation === undefined ? {} : { incarnation }),
    ...(stack === undefined ? {} : { stack }),
    ...(resource === undefined ? {} : { resource }),
  };
}
