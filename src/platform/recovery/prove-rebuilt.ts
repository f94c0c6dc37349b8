/**
 * The proof that a rebuild came to its end: a plan of what the environment may have been made from changes nothing in a
 * cloud, or makes just what is missing.
 */
import type { Step } from "../../model/plan.ts";
import { isInCloud } from "../../model/resource.ts";
import type { StackGraph, StackNode } from "../../model/spec.ts";
import { resourcesOf, type StateResource } from "../../state/store.ts";
import { isSecret, isUnknown, type Value } from "../../values/value.ts";
import type { App } from "../app.ts";
import type { Change } from "../applying/change.ts";
import { planUp } from "../planning/planning.ts";
import { findUnchanged } from "../planning/unchanged.ts";
import type { Prepared } from "../project/prepare.ts";

/** What the environment may have been made from. */
export interface Candidate {
  /** What was applied last by the record; or the documents as they are now, where the record is of an earlier day. */
  readonly spec: "record" | "documents";
  readonly prepared: Prepared;
}

export interface Proof extends Pick<Candidate, "spec"> {
  /** What it has and no cloud holds. */
  readonly missing: readonly { readonly urn: string; readonly type: string }[];
  /** What a plan would do beside making what is missing. */
  readonly misfits: readonly string[];
  /** Stacks, as it has them, whose states still have components of another candidate; without any if it lacks them. */
  readonly untidy: readonly StackNode[];
}

/** @param change of everything that any of the candidates has, on the states that were rebuilt */
export async function proveRebuilt(app: App, change: Change, { spec, prepared }: Candidate): Promise<Proof> {
  const { sources, moves } = prepared;
  const graph = withoutLeavers(prepared.graph);
  const unchanged = await findUnchanged({ app, prepared: { ...prepared, graph }, full: true });
  const { plan } = await planUp({ ...change, graph, sources, moves }, unchanged);
  const outside = await stacksOutside(change, graph);
  const steps = plan.stacks.flatMap((stack) => stack.steps).filter(({ action }) => action !== "same");
  const missing = steps.filter(({ action }) => action === "create");
  const rest = steps.filter(
    (step) => step.action !== "create" && !isLeftOver(step) && !(missing.length > 0 && isFollowing(step)),
  );
  const strange = outside.flatMap(({ resources }) => resources.filter(({ type }) => isInCloud(type)));
  const untidy = new Set(
    plan.stacks.flatMap(({ stack, steps: own }) => (own.some(isLeftOver) ? [stack] : [])),
  );
  return {
    spec,
    // A component is missing with what it is made of.
    missing: missing.filter(({ type }) => isInCloud(type)).map(({ urn, type }) => ({ urn, type })),
    misfits: [...rest.map(describe), ...strange.map(({ urn }) => `${urn} is in no stack of it`)],
    untidy: [...graph.stacks.filter(({ name }) => untidy.has(name)), ...outside.map(({ node }) => node)],
  };
}

/** What an `up` comes to once it has removed what is in its spec no more. */
function withoutLeavers(graph: StackGraph): StackGraph {
  const stacks = graph.stacks.flatMap(({ prune, ...node }) =>
    prune === undefined ? [node] : prune.components.length === 0 ? [] : [{ ...node, converge: prune }],
  );
  const names = new Set(stacks.map(({ name }) => name));
  return {
    ...graph,
    stacks: stacks.map((node) => ({
      ...node,
      dependsOn: node.dependsOn.filter((stack) => names.has(stack)),
    })),
  };
}

interface StackOutside {
  /** With nothing in it. */
  readonly node: StackNode;
  readonly resources: readonly StateResource[];
}

/** Stacks that have a state and are not in the graph: no plan of it says so. */
async function stacksOutside(change: Change, { stacks }: StackGraph): Promise<readonly StackOutside[]> {
  const own = new Set(stacks.map(({ name }) => name));
  const others = change.graph.stacks.filter(({ name }) => !own.has(name));
  const found: StackOutside[] = [];
  for (const { prune: _, ...node } of others) {
    const state = await change.state.read(node.name);
    if (state === undefined) continue;
    found.push({
      node: { ...node, converge: { ...node.converge, components: [] } },
      resources: resourcesOf(state),
    });
  }
  return found;
}

/** The component or provider of what is in no cloud. */
function isLeftOver(step: Step): boolean {
  return step.action === "delete" && !isInCloud(step.type);
}

/** It changes only by what is not known before what is missing is there. */
function isFollowing({ action, changes }: Step): boolean {
  return action === "update" && changes.every(({ after }) => after !== undefined && mayBeUnknown(after));
}

/** Of a secret nobody says whether it is known: the next plan shows whether it has changed. */
function mayBeUnknown(value: Value): boolean {
  if (isUnknown(value) || isSecret(value)) return true;
  return value !== null && typeof value === "object" && Object.values(value).some(mayBeUnknown);
}

function describe({ urn, action, changes }: Step): string {
  const paths = changes.map(({ path }) => path).join(", ");
  return `${urn} differs from what was applied: ${action}${paths === "" ? "" : ` (${paths})`}`;
}
