/** The stacks that an environment has made, as its last applied spec cuts them. */
import { makeStackGraph } from "../blueprint/graph.ts";
import type { EnvironmentRecord } from "../model/record.ts";

/** Names in rank order; none before the first `up` has begun to apply. */
export function recordedStacks(record: EnvironmentRecord): readonly string[] {
  return record.applied === undefined ? [] : makeStackGraph(record.applied).stacks.map((stack) => stack.name);
}
