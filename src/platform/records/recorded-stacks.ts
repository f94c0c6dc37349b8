/** The stacks that an environment has made, as its last applied spec cuts them. */
import { makeStackGraph } from "../../blueprint/graph.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import { stackOf } from "../../model/spec.ts";

/**
 * Names in rank order, then those that components may not have been moved out of yet; none before the first `up` has
 * begun to apply.
 */
export function recordedStacks({ name, applied, moves = [] }: EnvironmentRecord): readonly string[] {
  if (applied === undefined) return [];
  const stacks = makeStackGraph(applied).stacks.map((stack) => stack.name);
  return [...new Set([...stacks, ...moves.map(({ from }) => stackOf(name, from))])];
}
