/**
 * Lets what is replaced stand until nobody uses it any more. The engine deletes it when its own stack is through, and
 * its cloud refuses as long as something in another stack holds on to it; what was refused once, the engine would try
 * again in every later `up`, before any other stack comes to its turn. So it is set aside first: under a URN that no
 * program has, it is a resource that goes away, which converge keeps and prune deletes.
 */
import type { Step } from "../../model/plan.ts";
import type {
  ResourceMove,
  StateMoves,
  StateReader,
  StateResource,
  StateStore,
  StateSummary,
} from "../../state/store.ts";
import { isUnknown } from "../../values/value.ts";

/** No component and no resource has it in its name. */
const mark = "~replaced";

/**
 * What of a stack that others depend on has to be set aside before it converges: what is to be replaced, and what was
 * replaced before and never deleted.
 * @param steps of a preview on that state
 * @param isStateful by type
 */
export function planSetAside(
  stack: string,
  state: StateSummary | undefined,
  steps: readonly Step[],
  isStateful: (type: string) => boolean,
): readonly ResourceMove[] {
  const resources = state?.resources ?? [];
  const taken = new Set(resources.map((resource) => resource.urn));
  const aside = (urn: string) => {
    const free = freeUrn(urn, taken);
    taken.add(free);
    return { from: { stack, urn }, to: { stack, urn: free } };
  };
  const older = resources
    .filter((resource) => resource.replaced && isObject(resource))
    .map((resource): ResourceMove => ({ ...aside(resource.urn), replaced: true }));
  const custom = new Set(resources.filter(isObject).map((resource) => resource.urn));
  const going = steps.filter((step) => custom.has(step.urn) && canWait(step, isStateful(step.type)));
  return [...older, ...going.map((step) => aside(step.urn))];
}

/**
 * What was set aside and finds its place empty: the operation that was to fill it broke off before. It takes its place
 * again, and whatever is planned then starts from there, be it the same replacement or none.
 */
export function planReturn(stack: string, state: StateSummary | undefined): readonly ResourceMove[] {
  const resources = state?.resources ?? [];
  const there = new Set(resources.map((resource) => resource.urn));
  return [...lastSetAside(resources)].flatMap(([place, urn]) =>
    there.has(place) ? [] : [{ from: { stack, urn }, to: { stack, urn: place } }],
  );
}

/**
 * What was set aside and is wanted back by the steps, perhaps: its successor would be replaced in its turn. The two
 * change places. Whether that is what was wanted, only another preview tells.
 */
export function planSwap(
  stack: string,
  state: StateSummary | undefined,
  steps: readonly Step[],
): readonly ResourceMove[] {
  const resources = state?.resources ?? [];
  const taken = new Set(resources.map((resource) => resource.urn));
  const replaced = new Set(steps.filter((step) => step.action === "replace").map((step) => step.urn));
  return [...lastSetAside(resources)].flatMap(([place, urn]) => {
    if (!replaced.has(place)) return [];
    const free = freeUrn(place, taken);
    taken.add(free);
    return [
      { from: { stack, urn: place }, to: { stack, urn: free } },
      { from: { stack, urn }, to: { stack, urn: place } },
    ];
  });
}

/** Both at once, the second as if made after the first; undefined where nothing is left to move. */
export function joinMoves(
  first: StateMoves | undefined,
  then: readonly ResourceMove[],
): StateMoves | undefined {
  if (then.length === 0) return first;
  const before = first?.resources ?? [];
  const origins = new Map(before.map((move) => [keyOf(move.to), move.from]));
  const ends = new Map(then.flatMap((move) => (move.replaced ? [] : [[keyOf(move.from), move.to] as const])));
  const joined = before.map((move) => ({ ...move, to: ends.get(keyOf(move.to)) ?? move.to }));
  const added = then.flatMap((move): ResourceMove[] => {
    const origin = origins.get(keyOf(move.from));
    if (origin === undefined) return [move];
    // What is replaced came along with its successor.
    return move.replaced ? [{ ...move, from: origin }] : [];
  });
  const stacks = then.flatMap(({ from, to }) => [from.stack, to.stack]);
  const resources = [...joined, ...added].filter(({ from, to }) => keyOf(from) !== keyOf(to));
  const providers = first?.providers ?? {};
  if (resources.length === 0 && Object.keys(providers).length === 0) return undefined;
  return {
    resources,
    providers,
    stacks: [...new Set([...(first?.stacks ?? []), ...stacks])],
  };
}

/** The states as they will read once the moves are made. */
export async function readAfter(state: StateStore, moves: StateMoves | undefined): Promise<StateReader> {
  return moves === undefined ? state : await state.afterMoves(moves);
}

function isObject({ type, custom }: StateResource): boolean {
  return custom && !type.startsWith("pulumi:providers:");
}

/**
 * Not what has to go before its successor can come. And data is not given up for what may turn out to be the same: a
 * property that is unknown in a plan counts as changed there.
 */
function canWait({ action, deletesFirst, changes }: Step, isStateful: boolean): boolean {
  if (action !== "replace" || deletesFirst === true) return false;
  return !isStateful || changes.some(({ replaces, after }) => replaces && !isUnknown(after));
}

/** By the URN where it stood before: what was set aside last. */
function lastSetAside(resources: readonly StateResource[]): ReadonlyMap<string, string> {
  const last = new Map<string, string>();
  for (const { urn } of resources) {
    const place = setAsidePlace(urn);
    if (place === undefined) continue;
    const other = last.get(place);
    if (other === undefined || countOf(other) < countOf(urn)) last.set(place, urn);
  }
  return last;
}

function freeUrn(urn: string, taken: ReadonlySet<string>): string {
  const first = `${urn}${mark}`;
  if (!taken.has(first)) return first;
  for (let count = 2; ; count++) if (!taken.has(`${first}-${count}`)) return `${first}-${count}`;
}

/** Where a resource that was set aside stood before; undefined for any other. */
export function setAsidePlace(urn: string): string | undefined {
  const at = urn.lastIndexOf(mark);
  return at === -1 ? undefined : urn.slice(0, at);
}

function countOf(urn: string): number {
  return Number(urn.slice(urn.lastIndexOf(mark) + mark.length + 1) || "1");
}

function keyOf({ stack, urn }: ResourceMove["from"]): string {
  return `${stack} ${urn}`;
}
