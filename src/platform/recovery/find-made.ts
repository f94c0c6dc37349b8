/**
 * What a create that was begun has made, by what the clouds say. An object counts as never made only once it would have
 * shown up. Never asks a person: what nobody can tell is refused, with what to do.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { BegunResource } from "../../engine/request.ts";
import { TerraneError } from "../../errors.ts";
import type { CloudInventory } from "../../model/cloud-inventory.ts";

/** What a person has found out where the clouds cannot tell. */
export interface Testimony {
  /** URN → id of what was made; null where nothing was. */
  readonly [urn: string]: string | null;
}

export interface FindOptions {
  readonly inventory: CloudInventory;
  readonly environment: string;
  readonly testimony: Testimony;
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Milliseconds between two looks at a cloud that may not show yet what it has. */
const pause = 1000;

/**
 * @returns the id; undefined where nothing was made
 * @throws TerraneError `made-twice`, `create-unknowable`, `cancelled`
 */
export async function findMade(begun: BegunResource, options: FindOptions): Promise<string | undefined> {
  const { inventory, testimony, signal, wait = waitFor } = options;
  const told = testimony[begun.urn];
  if (told !== undefined) return told ?? undefined;
  for (let left = await inventory.visibilityBound(begun.type); ; left -= pause) {
    const id = await look(begun, options);
    if (id !== undefined || left <= 0) return id;
    await wait(Math.min(pause, left), signal);
    if (signal.aborted) throw new TerraneError("cancelled", "stopped while looking for what was begun");
  }
}

async function look(
  begun: BegunResource,
  { inventory, environment }: FindOptions,
): Promise<string | undefined> {
  const { urn } = begun;
  const sighting = await inventory.find(begun);
  if (sighting.answer === "unknowable") {
    throw new TerraneError("create-unknowable", `nobody can tell whether ${urn} was made`, {
      next: `Look in the cloud. Then \`terrane recover ${environment} --made '${urn}=ID'\` with its id, or \`terrane recover ${environment} --not-made '${urn}'\`.`,
      details: { urn },
    });
  }
  const [id, ...others] = sighting.ids.filter((each) => !begun.known.has(each));
  if (others.length === 0) return id;
  const ids = [id, ...others];
  throw new TerraneError("made-twice", `${urn} was made more than once: ${ids.join(", ")}`, {
    next: `Delete all but one of them (\`terrane cloud rm ${others[0]}\`), then run the command again.`,
    details: { urn, ids },
  });
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
