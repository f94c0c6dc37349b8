/** The simulated clouds seen and changed by hand: `terrane cloud ls|show|rm`. */
import type { SimulatedObject } from "../simulator/by-hand.ts";
import type { Value } from "../values/value.ts";
import type { CloudFilter, CloudObject } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";

/** Objects that fit, oldest first. */
export async function listObjects(
  context: PlatformContext,
  filter: CloudFilter,
): Promise<readonly CloudObject[]> {
  await using project = await openProject(context);
  const { cloud, region } = filter;
  const objects = await (await project.app.clouds()).list({
    ...(cloud === undefined ? {} : { cloud }),
    ...(region === undefined ? {} : { region }),
  });
  const type = filter.type?.toLowerCase() ?? "";
  const fitting = objects.filter(
    (object) =>
      object.type.toLowerCase().includes(type) &&
      (filter.environment === undefined || environmentOf(object) === filter.environment),
  );
  return fitting;
}

/** @throws TerraneError `object-not-found`; `bad-usage` when several objects have the id */
export async function showObject(context: PlatformContext, id: string): Promise<CloudObject> {
  await using project = await openProject(context);
  return await (await project.app.clouds()).show({ id });
}

/**
 * Deletes an object by hand, past any engine: the next plan finds it gone.
 * @throws TerraneError `object-not-found`; `cloud-error` when something still needs it and `force` is not set
 */
export async function removeObject(
  context: PlatformContext,
  id: string,
  options: { readonly force: boolean },
): Promise<CloudObject> {
  await using project = await openProject(context);
  return await (await project.app.clouds()).remove({ id }, options);
}

/** Tags where the type has them, labels on Google Cloud and in Kubernetes. */
function environmentOf({ properties }: SimulatedObject): Value | undefined {
  const metadata = properties["metadata"];
  const places = [
    properties["tags"],
    properties["labels"],
    isMapping(metadata) ? metadata["labels"] : undefined,
  ];
  for (const place of places) {
    if (!isMapping(place)) continue;
    const found =
      place["terrane:environment"] ?? place["terrane_environment"] ?? place["terrane.dev/environment"];
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMapping(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
