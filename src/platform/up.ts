/** Makes an environment what its documents say: plans, asks, applies what was planned. */
import { isDeepStrictEqual } from "node:util";
import { thisProcess } from "../ledger/holder.ts";
import type { BeginOperation, Ledger } from "../ledger/ledger.ts";
import type { Operation } from "../model/operation.ts";
import { isWork, type Plan } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { ApplyOptions, ApplyResult } from "./api.ts";
import { upSteps, upWork } from "./apply.ts";
import { askToApply } from "./ask-to-apply.ts";
import { assertMerged } from "./assert-merged.ts";
import { assertUnprotected } from "./assert-unprotected.ts";
import { carryOut } from "./carry-out.ts";
import type { Change } from "./change.ts";
import type { PlatformContext } from "./context.ts";
import { describeResult, type ResultCore } from "./describe-result.ts";
import { keepLock, tellVersions } from "./keep-lock.ts";
import { newOperation, newOperationId } from "./new-operation.ts";
import { openChange } from "./open-change.ts";
import { openProject } from "./open-project.ts";
import { assertAllowed, planUp } from "./planning.ts";
import { type PreparedUp, prepareUp } from "./prepare.ts";
import { findInterrupted, recoverEnvironment } from "./recovery.ts";
import { tellExpected } from "./tell-expected.ts";

/**
 * A resource that fails is in the result, not an exception.
 * @throws TerraneError `document-invalid`, `environment-not-found`, `name-taken`, `denied-by-policy`,
 * `deletion-protected`, `lease-held`, `approval-required`, `not-from-a-pull-request`, `plan-stale`, `engine-missing`,
 * `engine-failed` when no plan could be made
 */
export async function upEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: ApplyOptions,
): Promise<ApplyResult> {
  await using project = await openProject(context);
  const environment = project.pick(name);
  assertMerged(context, { class: environment.document.class, target: options.target });
  await using prepared = await prepareUp(project, name, {
    target: options.target,
    startedBy: options.startedBy,
  });
  assertMerged(context, { class: prepared.spec.class, target: prepared.target });
  tellVersions(prepared.found, options.emit);
  const ledger = await project.app.ledger();
  const open = await findInterrupted(ledger, prepared.name, "up");
  await using change = await openChange(project.app, prepared, options, open?.id ?? newOperationId());
  await recoverEnvironment(change, ledger, thisProcess(options.startedBy, context.now()), context.now);
  const { plan, converge, moves, state } = await planUp(change);
  assertAllowed(plan);
  await assertUnprotected(state, plan);
  const finish = (core: ResultCore) => describeResult(change, ledger, plan, core);

  if (!isWork(plan) && prepared.record?.status === "ready" && open === undefined) {
    await keepLock(context, prepared.found, options.emit);
    if (!isOnRecord(prepared)) await recordUnchanged({ context, options, ledger, prepared, change, plan });
    return await finish({ result: "unchanged" });
  }
  if (!(await askToApply(plan, options))) return await finish({ result: "declined" });

  await keepLock(context, prepared.found, options.emit);
  const operation = newOperation({
    id: change.operation,
    kind: "up",
    plan,
    startedBy: options.startedBy,
    now: context.now(),
    steps: upSteps({ change, plan, moves }),
  });
  const { during } = prepared;
  const work = upWork({ change, ledger, plan, converge, moves });
  await tellExpected(change, ledger, plan, work);
  const ended = await carryOut({
    ...{ context, ledger, change, work },
    begin: { record: during, ...beginning({ context, options, prepared }, operation) },
    recordAfter: (status) => recordAfter(status === "succeeded", during, prepared, context.now()),
  });
  if (ended.status === "succeeded") return await finish({ result: "succeeded", operation: ended });
  return await finish({
    result: ended.status === "cancelled" ? "cancelled" : "failed",
    operation: ended,
    next: `terrane up ${prepared.name}`,
  });
}

type Beginning = Omit<BeginOperation, "record">;

interface Asked {
  readonly context: PlatformContext;
  readonly options: ApplyOptions;
  readonly prepared: PreparedUp;
}

function beginning({ context, options, prepared }: Asked, operation: Operation): Beginning {
  return {
    before: prepared.record,
    operation,
    holder: thisProcess(options.startedBy, context.now()),
    ...(prepared.hold === undefined ? {} : { hold: prepared.hold }),
  };
}

/** Whether the record says already what an `up` would leave in it. */
function isOnRecord({ record, next }: PreparedUp): boolean {
  return isDeepStrictEqual(asRecorded({ ...record, updatedAt: "" }), asRecorded({ ...next, updatedAt: "" }));
}

/** What comes back of a value that was written down: plain objects, nothing undefined. */
function asRecorded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** No resource changes, but what they were made from does: a blueprint's version, say. That is an operation too. */
async function recordUnchanged(
  asked: Asked & { readonly ledger: Ledger; readonly change: Change; readonly plan: Plan },
): Promise<void> {
  const { context, options, ledger, prepared, change, plan } = asked;
  const now = context.now();
  const operation = newOperation({
    id: change.operation,
    kind: "up",
    plan,
    startedBy: options.startedBy,
    now,
    steps: [],
  });
  const record = { ...prepared.next, updatedAt: now.toISOString() };
  const lease = await ledger.beginOperation({ record, ...beginning(asked, operation) });
  const ended = { ...operation, status: "succeeded" as const, endedAt: context.now().toISOString() };
  await ledger.endOperation(lease, ended, record);
}

function recordAfter(
  succeeded: boolean,
  during: EnvironmentRecord,
  prepared: PreparedUp,
  now: Date,
): EnvironmentRecord {
  const updatedAt = now.toISOString();
  return succeeded
    ? { ...prepared.next, status: "ready", updatedAt }
    : { ...during, status: "failed", updatedAt };
}
