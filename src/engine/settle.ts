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
 * What is `unknown` becomes `done` or `not-started` where the state proves it: a create by its resource, a delete by
 * its absence, and neither is among the pending. Updates and replacements leave no such trace and stay unknown.
 */
export function settleByState(ends: readonly ResourceEnd[], left: LeftState): ResourceEnd[] {
  const there = new Set(left.resources.map((resource) => resource.urn));
  const pending = new Set(left.pending.map((operation) => operation.urn));
  return ends.map((end): ResourceEnd => {
    if (end.outcome !== "unknown" || pending.has(end.urn)) return end;
    if (end.action === "create" || end.action === "import") {
      return { urn: end.urn, action: end.action, outcome: there.has(end.urn) ? "done" : "not-started" };
    }
    if (end.action === "delete") {
      return { urn: end.urn, action: end.action, outcome: there.has(end.urn) ? "not-started" : "done" };
    }
    return end;
  });
}
