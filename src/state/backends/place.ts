/**
 * A place where stacks keep their states, as far as a move of states from one place to another needs it. A state stands
 * here with its secrets in clear; each place seals them its own way.
 */
import { TerraneError } from "../../errors.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import { isEmptyState, isSameState } from "./portable-state.ts";

export interface StatePlace {
  /** For people, and as a mark: the same whenever the place is opened, without credentials. */
  readonly name: string;
  /** Undefined where there is no such stack. */
  read(stack: string): Promise<VersionedDeployment | undefined>;
  /** Makes the stack where it is missing. */
  write(stack: string, state: VersionedDeployment): Promise<void>;
  /** Where the stack has gone to, if it was marked. */
  movedTo(stack: string): Promise<string | undefined>;
  /** Says, to everybody who looks, where the stack has gone; undefined: that it is here. */
  mark(stack: string, movedTo: string | undefined): Promise<void>;
}

/**
 * Takes a stack's state to another place. The source keeps what it has and is marked, last of all: until then a move that
 * was broken off can be begun again. The caller holds the stack's lease.
 * @returns whether anything was left to do
 * @throws TerraneError `stack-not-found`; `state-moved` when it went elsewhere before; `stack-exists` when the other place
 * holds another state of that name; `state-corrupt` when what arrived is not what was sent
 */
export async function takeTo(
  stack: string,
  from: StatePlace,
  to: StatePlace,
): Promise<"moved" | "moved before"> {
  const gone = await from.movedTo(stack);
  if (gone === to.name) return "moved before";
  if (gone !== undefined) throw stateMoved(stack, from.name, gone);
  const state = await from.read(stack);
  if (state === undefined) {
    throw new TerraneError("stack-not-found", `${from.name} has no stack ${stack}`);
  }
  const there = await to.read(stack);
  const isFree = there === undefined || isEmptyState(there) || (await to.movedTo(stack)) !== undefined;
  if (there === undefined || !isSameState(there, state)) {
    if (!isFree) throw stackExists(stack, to.name);
    await to.write(stack, state);
  }
  const arrived = await to.read(stack);
  if (arrived === undefined || !isSameState(arrived, state)) {
    throw new TerraneError("state-corrupt", `what arrived of ${stack} in ${to.name} is not what was sent`, {
      next: `Work on with ${from.name}, where the stack stands as it was.`,
    });
  }
  await to.mark(stack, undefined);
  await from.mark(stack, to.name);
  return "moved";
}

/** Name of the tag that marks a stack as gone elsewhere. */
export const movedTag = "terrane:moved-to";

export function stateMoved(stack: string, from: string, to: string): TerraneError {
  return new TerraneError("state-moved", `the state of ${stack} was taken from ${from} to ${to}`, {
    details: { stack, to },
  });
}

/** @throws TerraneError `state-moved` for a stack that was taken elsewhere: nobody works on both */
export function assertHere({
  name,
  tags,
}: {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}): void {
  const to = tags[movedTag];
  if (to !== undefined) throw stateMoved(name, "the ledger", to);
}

function stackExists(stack: string, place: string): TerraneError {
  return new TerraneError("stack-exists", `${place} holds another state of ${stack} already`, {
    next: "Look at both, and remove the one that is not wanted: `pulumi stack rm`.",
  });
}
