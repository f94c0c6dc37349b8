/** Takes an environment away: every stack, consumers first, then its record and its addresses. */
import { thisProcess } from "../ledger/holder.ts";
import type { ApplyOptions, ApplyResult } from "./api.ts";
import { askToApply } from "./applying/ask-to-apply.ts";
import { assertClocks } from "./applying/assert-clocks.ts";
import { assertMerged } from "./applying/assert-merged.ts";
import { carryOut } from "./applying/carry-out.ts";
import { describeResult, type ResultCore } from "./applying/describe-result.ts";
import { newOperation, newOperationId } from "./applying/new-operation.ts";
import { openChange } from "./applying/open-change.ts";
import { teardownSteps, teardownWork } from "./applying/teardown.ts";
import { tellLeft } from "./applying/tell-left.ts";
import type { PlatformContext } from "./context.ts";
import { assertUnprotected } from "./planning/assert-unprotected.ts";
import { planDestroy } from "./planning/planning.ts";
import { tellExpected } from "./planning/tell-expected.ts";
import { openProject } from "./project/open-project.ts";
import { prepareExisting } from "./project/prepare.ts";
import { assertStatesKnow } from "./recovery/compare-clouds.ts";
import { findInterrupted, recoverEnvironment } from "./recovery/recovery.ts";

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
