/**
 * Before an environment is changed: holds what the clouds have under its tags against what its states know. What no
 * state knows would be made a second time, or left behind; so it is refused, and named. Asks each cloud one question.
 */
import { TerraneError } from "../../errors.ts";
import { environmentScope, leaseHeld } from "../../ledger/lease.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { TaggedObject } from "../../model/cloud-inventory.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import type { StateResource } from "../../state/store.ts";
import { resourceTag } from "../../values/tags.ts";
import type { Change } from "../applying/change.ts";
import { stacksOf } from "../planning/plan-moves.ts";

/** What is in the clouds and in no state, or the other way round in the wrong life. */
export interface Comparison {
  /** Of this life of the environment, and in no state. */
  readonly unknown: readonly TaggedObject[];
  /** Of another life of an environment of that name, and in no state. */
  readonly strange: readonly TaggedObject[];
  /** In a state, and of another life. */
  readonly foreign: readonly TaggedObject[];
  /** Objects that the states know. */
  readonly known: number;
}

/**
 * Where the clouds cannot be asked, nothing is found. What others made for an environment is left out, and what an
 * interrupted operation has begun: that is looked up by itself.
 */
export async function compareClouds(change: Change): Promise<Comparison> {
  const { name, incarnation } = change.graph.environment;
  const tagged = (await change.inventory?.listTagged(name)) ?? [];
  // Read after the clouds: what is made meanwhile is then in both.
  const states = (await Promise.all(stacksOf(change).map((stack) => change.state.read(stack)))).filter(
    (state) => state !== undefined,
  );
  const objects = states.flatMap(({ resources }) => resources).filter(isObject);
  const ids = new Set(objects.map(({ type, id }) => keyOf(type, id)));
  const begun = new Set(states.flatMap(({ pending }) => pending).map(({ urn }) => resourceTag(urn)));
  const made = tagged.filter(({ resource }) => resource !== undefined && !begun.has(resource));
  const isKnown = ({ type, id }: TaggedObject) => ids.has(keyOf(type, id));
  const isOwn = (object: TaggedObject) => object.incarnation === incarnation;
  return {
    unknown: made.filter((object) => isOwn(object) && !isKnown(object)),
    strange: made.filter((object) => !isOwn(object) && !isKnown(object)),
    foreign: made.filter((object) => !isOwn(object) && isKnown(object)),
    known: objects.length,
  };
}

/**
 * @param record undefined where the environment is new
 * @throws TerraneError `state-missing`, `state-older-than-cloud`, `state-foreign`; `lease-held` where somebody has begun
 * to work on it meanwhile
 */
export async function assertStatesKnow(
  change: Change,
  ledger: Ledger,
  record: EnvironmentRecord | undefined,
): Promise<void> {
  await assertOwnStates(change);
  const found = await compareClouds(change);
  const refusal = refusalOf(change.graph.environment, found, record);
  if (refusal === undefined) return;
  const lease = await ledger.leases.read(environmentScope(change.graph.environment.name));
  throw lease?.state === "alive" ? leaseHeld(lease) : refusal;
}

/**
 * A URN names its stack: a state that holds other URNs is another stack's.
 * @throws TerraneError `state-foreign`
 */
export async function assertOwnStates(change: Change): Promise<void> {
  for (const stack of stacksOf(change)) {
    const resources = (await change.state.read(stack))?.resources ?? [];
    const alien = resources.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::`));
    if (alien === undefined) continue;
    throw new TerraneError("state-foreign", `the state of ${stack} is another one's: it holds ${alien.urn}`, {
      next: ownState,
      details: { stack, urn: alien.urn },
    });
  }
}

function refusalOf(
  { name, incarnation }: { readonly name: string; readonly incarnation: string },
  { unknown, strange, foreign, known }: Comparison,
  record: EnvironmentRecord | undefined,
): TerraneError | undefined {
  const rebuild = `terrane recover ${name} --rebuild`;
  if (foreign.length > 0) {
    const lives = livesOf(foreign);
    return refuse(
      "state-foreign",
      `a state of ${name} is that of another life (${lives}, now ${incarnation})`,
      foreign,
      ownState,
    );
  }
  if (record === undefined && strange.length > 0) {
    const what = `the cloud holds ${count(strange)} of an environment ${name} that is not on record (${livesOf(strange)})`;
    const next = `Bring the ledger's backup back; or take them in by the documents with \`${rebuild}\`; or choose another name. \`terrane cloud ls --environment ${name}\` shows them.`;
    return refuse("state-missing", what, strange, next);
  }
  if (strange.length > 0) {
    const what = `the cloud holds ${count(strange)} of another life of ${name} (${livesOf(strange)}, on record is ${incarnation})`;
    return refuse("state-older-than-cloud", what, strange);
  }
  if (unknown.length === 0) return undefined;
  if (known === 0) {
    return refuse("state-missing", `the cloud holds ${count(unknown)} of this environment`, unknown, rebuild);
  }
  const what = `the cloud holds ${count(unknown)} of ${name} that no state knows`;
  return refuse("state-older-than-cloud", what, unknown, rebuild);
}

function count(objects: readonly TaggedObject[]): string {
  return `${objects.length} object${objects.length === 1 ? "" : "s"}`;
}

function livesOf(objects: readonly TaggedObject[]): string {
  return [...new Set(objects.map(({ incarnation }) => incarnation ?? "no incarnation"))].join(", ");
}

const ownState = "Bring the environment's own state back; nothing was changed.";

/** Names that fit on a screen. */
const named = 5;

function refuse(
  code: "state-missing" | "state-older-than-cloud" | "state-foreign",
  what: string,
  objects: readonly TaggedObject[],
  next?: string,
): TerraneError {
  const names = objects.slice(0, named).map(({ type, id }) => `${type.split(":").at(-1)} ${id}`);
  const rest = objects.length > named ? `, and ${objects.length - named} more` : "";
  return new TerraneError(code, `${what}: ${names.join(", ")}${rest}`, {
    details: { objects: objects.map(({ type, id, place }) => ({ type, id, place })) },
    ...(next === undefined ? {} : { next }),
  });
}

function isObject(resource: StateResource): resource is StateResource & { readonly id: string } {
  return resource.custom && resource.id !== undefined && !resource.type.startsWith("pulumi:");
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}
