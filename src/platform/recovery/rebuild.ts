/**
 * Rebuilds the states of an environment from what the clouds hold under its tags. Its programs run through the real
 * engine, on providers that find and make nothing; a refresh then takes in how each object is now, and drops what is in
 * no cloud. A plan is the proof: it changes nothing, or makes just what is missing. Nothing in a cloud is changed.
 */
import type { ApplyResult } from "../../engine/request.ts";
import { messageOf, TerraneError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { StackNode, StackOutputs } from "../../model/spec.ts";
import type { UpstreamOutputs } from "../../model/upstream.ts";
import { resourcesOf } from "../../state/store.ts";
import type { App } from "../app.ts";
import type { Change } from "../applying/change.ts";
import { collectUpstream, toShown } from "../planning/stack-outputs.ts";
import { assertOwnStates, compareClouds } from "./compare-clouds.ts";
import { type Candidate, type Proof, proveRebuilt } from "./prove-rebuilt.ts";

/** What was rebuilt: every object that the clouds hold is in a state. */
export interface Rebuilt {
  /** Objects that no state knew before. */
  readonly taken: number;
  /** Objects that the states know now. */
  readonly known: number;
  /** What they were made from: a plan of it changes nothing but what is missing. */
  readonly spec: Candidate["spec"];
  /** What it has and no cloud holds: the next `up` makes it. */
  readonly missing: readonly { readonly urn: string; readonly type: string }[];
}

export interface Rebuilding {
  readonly app: App;
  /** Of everything that any of the candidates has. */
  readonly change: Change;
  /** The first one that fits counts. */
  readonly candidates: readonly Candidate[];
}

/**
 * Under the environment's lease, on a change whose providers find.
 * @throws TerraneError `state-not-rebuilt` with everything that does not fit, by name; what did fit is in the states;
 * `state-foreign`
 */
export async function rebuildStates({ app, change, candidates }: Rebuilding): Promise<Rebuilt> {
  const ledger = await app.ledger();
  await assertOwnStates(change);
  const before = await compareClouds(change);
  const handed: Handed = { outputs: new Map(), whole: new Set() };
  const misfits: string[] = [];
  for (const node of change.graph.stacks) misfits.push(...(await rebuildStack(change, ledger, node, handed)));
  const after = await compareClouds(change);
  const left = [...after.unknown, ...after.strange, ...after.foreign];
  misfits.push(...left.map(({ type, id, place }) => `${type} ${id} (${place}) is in no program`));
  if (misfits.length > 0) throw notRebuilt(change, misfits, after.known);
  const { spec, missing, untidy } = await findFitting({ app, change, candidates }, after.known);
  for (const node of untidy.toReversed()) await tidyStack(change, ledger, node, handed);
  return { taken: before.unknown.length, known: after.known, spec, missing };
}

/** What nothing is missing of fits best. */
async function findFitting({ app, change, candidates }: Rebuilding, known: number): Promise<Proof> {
  const proofs: Proof[] = [];
  for (const candidate of candidates) {
    const proof = await proveRebuilt(app, change, candidate);
    if (proof.misfits.length + proof.missing.length === 0) return proof;
    proofs.push(proof);
  }
  const fitting = proofs.find(({ misfits }) => misfits.length === 0);
  if (fitting !== undefined) return fitting;
  const [nearest] = proofs.toSorted((one, other) => one.misfits.length - other.misfits.length);
  throw notRebuilt(change, nearest?.misfits ?? [], known, nearest?.spec);
}

function notRebuilt(
  { graph }: Change,
  misfits: readonly string[],
  known: number,
  spec?: Candidate["spec"],
): TerraneError {
  const by = spec === undefined ? "" : spec === "record" ? " by its record" : " by its documents";
  return new TerraneError(
    "state-not-rebuilt",
    `${graph.environment.name} cannot be rebuilt whole${by}:\n${misfits.map((each) => `  ${each}`).join("\n")}`,
    { details: { misfits, known, ...(spec === undefined ? {} : { spec }) } },
  );
}

/** What the stacks that have been through hand to those still to come. */
interface Handed {
  readonly outputs: Map<string, StackOutputs>;
  /** Stacks of which nothing is missing, and of none before them: their outputs are those of their objects. */
  readonly whole: Set<string>;
}

/** Answers what did not fit. */
async function rebuildStack(
  change: Change,
  ledger: Ledger,
  node: StackNode,
  handed: Handed,
): Promise<readonly string[]> {
  const { tenure, graph, state, engine } = change;
  const request = { lease: tenure.lease };
  const refresh = async () => {
    await using access = await state.open(node.name, request);
    return await engine.refresh(node.name, access.access);
  };
  // What the state has of objects that are gone would hide those in whose place they stand.
  if (((await state.read(node.name))?.resources ?? []).length > 0) {
    const { error } = await refresh();
    if (error !== undefined) return [`${node.name}: ${messageOf(error)}`];
  }
  const upstream = collectUpstream(graph.stacks, (stack) => handed.outputs.get(stack));
  const result = await find(change, node, upstream);
  if (result.error !== undefined) {
    const failed = result.resources.flatMap((each) =>
      each.outcome === "failed" ? [`${node.name}: ${each.message ?? each.urn}`] : [],
    );
    return failed.length > 0 ? failed : [`${node.name}: ${messageOf(result.error)}`];
  }
  const refreshed = await refresh();
  if (refreshed.error !== undefined) return [`${node.name}: ${messageOf(refreshed.error)}`];
  handed.outputs.set(node.name, result.outputs);
  const isWhole = refreshed.found.every(({ action }) => action !== "delete");
  if (!isWhole || !node.dependsOn.every((stack) => handed.whole.has(stack))) return [];
  handed.whole.add(node.name);
  await ledger.saveOutputs(tenure.lease, graph.environment.name, node.name, toShown(result.outputs));
  return [];
}

/** Takes out of its state the components and providers that were looked for in vain, and which it does not have. */
async function tidyStack(change: Change, ledger: Ledger, node: StackNode, handed: Handed): Promise<void> {
  const { tenure, graph, state } = change;
  const misfits = await rebuildStack(change, ledger, node, handed);
  if (misfits.length > 0) throw notRebuilt(change, misfits, resourcesOf(await state.read(node.name)).length);
  if (node.converge.components.length > 0) return;
  await state.remove(node.name, tenure.lease);
  await ledger.removeOutputs(tenure.lease, graph.environment.name, node.name);
}

/** What it leaves is on record only once the access to the state is closed. */
async function find(change: Change, node: StackNode, upstream: UpstreamOutputs): Promise<ApplyResult> {
  const { state, engine, tenure } = change;
  await using access = await state.open(node.name, { lease: tenure.lease });
  const program = await change.makeProgram(node.converge, upstream);
  return await engine.up(node.name, access.access, { program });
}
