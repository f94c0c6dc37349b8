/**
 * Rebuilds the states of an environment from what the clouds hold under its tags. The programs that were applied last
 * run through the real engine, on providers that find and make nothing; a refresh then takes in how each object is now,
 * and a plan without a change proves it. Nothing in a cloud is changed.
 */
import { messageOf, TerraneError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { hasChanges } from "../model/plan.ts";
import type { StackNode, StackOutputs } from "../model/spec.ts";
import type { App } from "./app.ts";
import type { Change } from "./change.ts";
import { assertOwnStates, compareClouds } from "./compare-clouds.ts";
import { planUp } from "./planning.ts";
import type { Prepared } from "./prepare.ts";
import { collectUpstream, toShown } from "./stack-outputs.ts";
import { findUnchanged } from "./unchanged.ts";

/** What was rebuilt: every object that the clouds hold is in a state, and a plan changes nothing. */
export interface Rebuilt {
  /** Objects that no state knew before. */
  readonly taken: number;
  /** Objects that the states know now. */
  readonly known: number;
}

export interface Rebuilding {
  readonly app: App;
  readonly prepared: Prepared;
  readonly change: Change;
}

/**
 * Under the environment's lease, on a change whose providers find.
 * @throws TerraneError `state-not-rebuilt` with everything that does not fit, by name; what did fit is in the states;
 * `state-foreign`
 */
export async function rebuildStates({ app, prepared, change }: Rebuilding): Promise<Rebuilt> {
  const ledger = await app.ledger();
  await assertOwnStates(change);
  const before = await compareClouds(change);
  const outputs = new Map<string, StackOutputs>();
  const misfits: string[] = [];
  for (const node of change.graph.stacks)
    misfits.push(...(await rebuildStack(change, ledger, node, outputs)));
  const after = await compareClouds(change);
  const left = [...after.unknown, ...after.strange, ...after.foreign];
  misfits.push(...left.map(({ type, id, place }) => `${type} ${id} (${place}) is in no program`));
  if (misfits.length === 0) misfits.push(...(await differences(change, { app, prepared })));
  if (misfits.length === 0) return { taken: before.unknown.length, known: after.known };
  const { name } = change.graph.environment;
  throw new TerraneError(
    "state-not-rebuilt",
    `${name} cannot be rebuilt whole:\n${misfits.map((each) => `  ${each}`).join("\n")}`,
    { details: { misfits, known: after.known } },
  );
}

/** Answers what did not fit. */
async function rebuildStack(
  change: Change,
  ledger: Ledger,
  node: StackNode,
  outputs: Map<string, StackOutputs>,
): Promise<readonly string[]> {
  const { tenure, graph, state, engine } = change;
  const upstream = collectUpstream(graph.stacks, (stack) => outputs.get(stack));
  const request = { lease: tenure.lease };
  await using access = await state.open(node.name, request);
  const program = await change.makeProgram(node.converge, upstream);
  const result = await engine.up(node.name, access.access, { program });
  if (result.error !== undefined) {
    const failed = result.resources.flatMap((each) =>
      each.outcome === "failed" ? [`${node.name}: ${each.message ?? each.urn}`] : [],
    );
    return failed.length > 0 ? failed : [`${node.name}: ${messageOf(result.error)}`];
  }
  await using again = await state.open(node.name, request);
  const refreshed = await engine.refresh(node.name, again.access);
  if (refreshed.error !== undefined) return [`${node.name}: ${messageOf(refreshed.error)}`];
  outputs.set(node.name, result.outputs);
  await ledger.saveOutputs(tenure.lease, graph.environment.name, node.name, toShown(result.outputs));
  return [];
}

/** What a plan would change all the same: the proof that the states say what is. */
async function differences(
  change: Change,
  request: Pick<Rebuilding, "app" | "prepared">,
): Promise<readonly string[]> {
  const { plan } = await planUp(change, await findUnchanged({ ...request, full: true }));
  return plan.stacks
    .filter(({ counts }) => hasChanges(counts))
    .flatMap(({ steps }) => steps)
    .filter(({ action }) => action !== "same")
    .map(({ urn, action, changes }) => {
      const paths = changes.map(({ path }) => path).join(", ");
      return `${urn} differs from what was applied: ${action}${paths === "" ? "" : ` (${paths})`}`;
    });
}
