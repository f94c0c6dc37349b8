/**
 * Narrows down what an engine that was killed left open, by the state it left behind: it asks a provider only after
 * the begin of the step is in the state. Pure.
 */
import type { ResourceEnd } from "./request.ts";

export interface LeftState {
  readonly resources: readonly { readonly urn: string }[];
  /** Operations that were begun and whose end nobody recorded. */
  readonly pending: readonly { readonly urn: string }[];
}

/**
 * For an engine that was killed. What is `unknown` becomes `done` or `not-started` where the state proves it: a create
 * by its resource, a delete by its absence, and neither is among the pending. Updates and replacements leave no such
 * trace and stay unknown. What was told as done, but came too late for the state, is `unknown` again: the cloud has it,
 * and nothing here knows.
 */
export function settleByState(ends: readonly ResourceEnd[], left: LeftState): ResourceEnd[] {
  const there = new Set(left.resources.map((resource) => resource.urn));
  const pending = new Set(left.pending.map((operation) => operation.urn));
  return ends.map((end): ResourceEnd => {
    const { urn, action } = end;
    const makes = action === "create" || action === "import";
    if (!makes && action !== "delete") return end;
    const saved = !pending.has(urn) && there.has(urn) === makes;
    if (end.outcome === "done") return saved ? end : { urn, action, outcome: "unknown" };
    if (end.outcome !== "unknown" || pending.has(urn)) return end;
    return { urn, action, outcome: saved ? "done" : "not-started" };
  });
}
