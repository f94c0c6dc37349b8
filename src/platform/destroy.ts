/** Takes an environment away: every stack, consumers first, then its record and its addresses. */
import { thisProcess } from "../ledger/holder.ts";
import type { ApplyOptions, ApplyResult } from "./api.ts";
import { askToApply } from "./ask-to-apply.ts";
import { assertClocks } from "./assert-clocks.ts";
import { assertMerged } from "./assert-merged.ts";
import { assertUnprotected } from "./assert-unprotected.ts";
import { carryOut } from "./carry-out.ts";
import { assertStatesKnow } from "./compare-clouds.ts";
import type { PlatformContext } from "./context.ts";
import { describeResult, type ResultCore } from "./describe-result.ts";
import { newOperation, newOperationId } from "./new-operation.ts";
import { openChange } from "./open-change.ts";
import { openProject } from "./open-project.ts";
import { planDestroy } from "./planning.ts";
import { prepareExisting } from "./prepare.ts";
import { findInterrupted, recoverEnvironment } from "./recovery.ts";
import { teardownSteps, teardownWork } from "./teardown.ts";
import { tellExpected } from "./tell-expected.ts";
import { tellLeft } from "./tell-left.ts";

/**
 * A resource that fails is in the result, not an exception.
 * @throws TerraneError `environment-not-found`, `approval-required`, `not-from-a-pull-request`, `lease-held`, `ledger-rolled-back`, `engine-missing`
 */
export async function destroyEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: ApplyOptions,
): Promise<ApplyResult> {
  await using project = await openProject(context);
  await (await project.app.database()).assertNewest();
  const prepared = await prepareExisting(project, name, "destroy");
  assertMerged(context, { class: prepared.record.class, target: prepared.target });
  const ledger = await project.app.ledger();
  const open = await findInterrupted(ledger, prepared.name, "destroy");
  await using change = await openChange(project.app, prepared, options, open?.id ?? newOperationId());
  const holder = thisProcess(options.startedBy, context.now());
  await assertClocks(change.inventory, context.now);
  await recoverEnvironment(change, ledger, holder, context.now);
  await assertStatesKnow(change, ledger, prepared.record);
  const { plan, moves, state } = await planDestroy(change);
  await assertUnprotected(state, plan);
  const finish = (core: ResultCore) => describeResult(change, ledger, plan, core);
  if (!(await askToApply(plan, options))) return await finish({ result: "declined" });

  const operation = newOperation({
    id: change.operation,
    kind: "destroy",
    plan,
    startedBy: options.startedBy,
    now: context.now(),
    steps: teardownSteps(change, moves),
    before: await findInterrupted(ledger, prepared.name, "destroy"),
  });
  const during = {
    ...prepared.record,
    status: "destroying" as const,
    updatedAt: context.now().toISOString(),
  };
  const work = teardownWork(change, ledger, { plan, moves });
  await tellExpected(change, ledger, plan, work);
  const ended = await carryOut({
    ...{ context, ledger, change, work },
    begin: { record: during, before: prepared.record, operation, holder },
    recordAfter: (status) =>
      status === "succeeded"
        ? "gone"
        : { ...during, status: "failed", updatedAt: context.now().toISOString() },
  });
  if (ended.status === "succeeded") {
    await tellLeft(change);
    return await finish({ result: "succeeded", operation: ended });
  }
  return await finish({
    result: ended.status === "cancelled" ? "cancelled" : "failed",
    operation: ended,
    next: `terrane destroy ${prepared.name}`,
  });
}
