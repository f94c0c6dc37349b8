/**
 * Before a change is planned: ends what an engine that was killed has left open. A create that was begun is looked up
 * in the clouds; what it has made is taken into the state, so that no second one is made and nothing is lost.
 */
import type { Adoption } from "../engine/request.ts";
import { TerraneError } from "../errors.ts";
import type { StateSummary } from "../state/store.ts";
import type { Change } from "./change.ts";
import { stacksOf } from "./plan-moves.ts";
import { setAsidePlace } from "./set-aside.ts";

/** Whether a state has a create that was begun and whose end nobody recorded, and the clouds can be asked about it. */
export async function hasBegun(change: Change): Promise<boolean> {
  return change.lookUp !== undefined && (await findLeft(change)).length > 0;
}

/**
 * Under the environment's lease: otherwise what is open may be somebody's who works on it. Where the clouds cannot be
 * asked, the state stays as it is and the engine warns of it.
 * @throws TerraneError the engine's error where the state cannot be brought in order
 */
export async function adoptBegun(change: Change): Promise<void> {
  if (change.lookUp === undefined) return;
  const environment = change.graph.environment.name;
  for (const { stack, made } of await findLeft(change)) {
    await using lease = await change.state.open(stack);
    const { error } = await change.engine.adopt(stack, lease.access, made);
    if (error !== undefined) throw error;
    for (const { urn } of made) {
      const message = `an interrupted operation had begun to create it, and it exists: kept`;
      change.emit({ type: "diagnostic", stack: environment, severity: "info", urn, message });
    }
  }
}

interface Left {
  readonly stack: string;
  readonly made: readonly Adoption[];
}

async function findLeft(change: Change): Promise<readonly Left[]> {
  const found = await Promise.all(
    // Nothing is moved yet: what was begun stands where it was begun.
    stacksOf(change).map(async (stack): Promise<readonly Left[]> => {
      const state = await change.state.read(stack);
      const begun = createsBegun(state);
      if (state === undefined || begun.length === 0) return [];
      const made = await Promise.all(begun.map((each) => lookUp(change, state, each)));
      return [{ stack, made: made.filter((each) => each !== undefined) }];
    }),
  );
  return found.flat();
}

/** A replacement keeps its predecessor in the state until it is through: what was made beside it is not told apart here. */
function createsBegun(state: StateSummary | undefined): readonly string[] {
  const there = new Set((state?.resources ?? []).map((resource) => resource.urn));
  const begun = (state?.pending ?? []).filter(({ operation }) => operation === "creating");
  return begun.map(({ urn }) => urn).filter((urn) => !there.has(urn));
}

/** What the create has made; undefined where it made nothing. What is set aside was once made for the same URN. */
async function lookUp(change: Change, state: StateSummary, urn: string): Promise<Adoption | undefined> {
  const found = (await change.lookUp?.(urn)) ?? [];
  const known = new Set(
    state.resources.filter((each) => setAsidePlace(each.urn) === urn).map(({ id }) => id),
  );
  const [id, ...others] = found.filter((each) => !known.has(each));
  if (id === undefined) return undefined;
  if (others.length === 0) return { urn, id };
  throw new TerraneError("state-corrupt", `${urn} was made more than once: ${[id, ...others].join(", ")}`, {
    next: "Delete all but one of them (terrane cloud rm), then run the command again.",
  });
}
