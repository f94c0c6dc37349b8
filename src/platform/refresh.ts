/**
 * Brings the states of an environment in line with its clouds and changes nothing in them: what was changed or deleted
 * by other hands is known from then on, and told. What an interrupted operation had begun is looked up first, as in `up`.
 */

import { thisProcess } from "../ledger/holder.ts";
import { noChanges } from "../model/plan.ts";
import type { FoundChange, RefreshOptions, RefreshResult } from "./api.ts";
import { timed, toStepResult } from "./applying/apply.ts";
import { assertClocks } from "./applying/assert-clocks.ts";
import { assertMerged } from "./applying/assert-merged.ts";
import { carryOut } from "./applying/carry-out.ts";
import type { Change } from "./applying/change.ts";
import { newOperation, newOperationId, newStep, stepId } from "./applying/new-operation.ts";
import { openChange } from "./applying/open-change.ts";
import type { StepResult, StepWork } from "./applying/run-operation.ts";
import type { PlatformContext } from "./context.ts";
import { hashOf } from "./planning/make-plan.ts";
import { stacksOf } from "./planning/plan-moves.ts";
import { openProject } from "./project/open-project.ts";
import { prepareExisting } from "./project/prepare.ts";
import { countResources } from "./records/count-resources.ts";
import { assertStatesKnow } from "./recovery/compare-clouds.ts";
import { findInterrupted, recoverEnvironment } from "./recovery/recovery.ts";

/**
 * A stack that cannot be read is in the result, not an exception; then nothing of what could not be read is forgotten.
 * @throws TerraneError `environment-not-found`, `not-from-a-pull-request`, `clock-skew`, `state-missing`,
 * `state-older-than-cloud`, `state-foreign`, `ledger-rolled-back`, `lease-held`, `engine-missing`
 */
export async function refreshEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: RefreshOptions,
): Promise<RefreshResult> {
  await using project = await openProject(context);
  await (await project.app.database()).assertNewest();
  const prepared = await prepareExisting(project, name, "refresh");
  const { record, target } = prepared;
  assertMerged(context, { class: record.class, target });
  const ledger = await project.app.ledger();
  const open = await findInterrupted(ledger, record.name, "refresh");
  await using change = await openChange(project.app, prepared, options, open?.id ?? newOperationId());
  const holder = thisProcess(options.startedBy, context.now());
  await assertClocks(change.inventory, context.now);
  await recoverEnvironment(change, ledger, holder, context.now);
  await assertStatesKnow(change, ledger, record);

  const found: FoundChange[] = [];
  const stacks = await stacksThere(change);
  const operation = newOperation({
    id: change.operation,
    kind: "refresh",
    plan: {
      environment: record.name,
      blueprint: record.blueprint,
      hash: hashOf({ kind: "refresh", stacks }),
    },
    startedBy: options.startedBy,
    now: context.now(),
    steps: stacks.map(({ stack }) => newStep(stack, "refresh")),
    before: await findInterrupted(ledger, record.name, "refresh"),
  });
  const ended = await carryOut({
    ...{ context, ledger, change },
    work: stacks.map(({ stack }) => refreshWork(change, stack, found)),
    begin: { record, before: record, operation, holder },
    // What it is to be has not changed, and neither has how far it has come.
    recordAfter: () => record,
  });
  const result = ended.status === "succeeded" || ended.status === "cancelled" ? ended.status : "failed";
  return {
    result,
    environment: record.name,
    target,
    found: found.sort(byUrn),
    operation: ended,
    resources: await countResources(
      change.state,
      stacks.map(({ stack }) => stack),
    ),
    ...(result === "succeeded" ? {} : { next: `terrane refresh ${record.name}` }),
  };
}

/** Under the names they have and those they may have had: an interrupted operation may not have moved anything yet. */
async function stacksThere(
  change: Change,
): Promise<readonly { readonly stack: string; readonly digest: string }[]> {
  const read = stacksOf(change).map(async (stack) => {
    const state = await change.state.read(stack);
    return state === undefined ? [] : [{ stack, digest: state.digest }];
  });
  return (await Promise.all(read)).flat();
}

function refreshWork(change: Change, stack: string, found: FoundChange[]): StepWork {
  return {
    id: stepId("refresh", stack),
    // Reading depends on nothing.
    after: [],
    run: () => refreshStack(change, stack, found),
  };
}

async function refreshStack(change: Change, stack: string, found: FoundChange[]): Promise<StepResult> {
  if ((await change.state.read(stack)) === undefined)
    return { outcome: "done", counts: noChanges, resources: [] };
  const result = await timed(change, stack, "refresh", "refresh", async () => {
    await using lease = await change.state.open(stack, { lease: change.tenure.lease });
    const ended = await change.engine.refresh(stack, lease.access);
    found.push(
      ...ended.found.map(({ urn, type, name, action, changes }): FoundChange => {
        return { stack, urn, type, name, kind: action === "delete" ? "gone" : "changed", changes };
      }),
    );
    return ended;
  });
  return toStepResult(change, stack, result);
}

function byUrn(one: FoundChange, other: FoundChange): number {
  return one.stack.localeCompare(other.stack, "en") || one.urn.localeCompare(other.urn, "en");
}
