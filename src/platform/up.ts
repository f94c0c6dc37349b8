/** Makes an environment what its documents say: plans, asks, applies what was planned. */
import { isDeepStrictEqual } from "node:util";
import { thisProcess } from "../ledger/holder.ts";
import type { BeginOperation, Ledger } from "../ledger/ledger.ts";
import type { Operation } from "../model/operation.ts";
import { isWork, type Plan } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { ApplyOptions, ApplyResult } from "./api.ts";
import { upSteps, upWork } from "./applying/apply.ts";
import { askToApply } from "./applying/ask-to-apply.ts";
import { assertClocks } from "./applying/assert-clocks.ts";
import { assertMerged } from "./applying/assert-merged.ts";
import { carryOut } from "./applying/carry-out.ts";
import type { Change } from "./applying/change.ts";
import { describeResult, type ResultCore } from "./applying/describe-result.ts";
import { newOperation, newOperationId } from "./applying/new-operation.ts";
import type { PlatformContext } from "./context.ts";
import { assertUnprotected } from "./planning/assert-unprotected.ts";
import { GroundRecorder } from "./planning/ground-recorder.ts";
import { describeUnchanged, planUnchanged } from "./planning/plan-unchanged.ts";
import { assertAllowed, planUp } from "./planning/planning.ts";
import { tellExpected } from "./planning/tell-expected.ts";
import { findUnchanged, type UnchangedStacks } from "./planning/unchanged.ts";
import { keepLock, tellVersions } from "./project/keep-lock.ts";
import { openProject } from "./project/open-project.ts";
import { type PreparedUp, prepareUp } from "./project/prepare.ts";
import { assertStatesKnow } from "./recovery/compare-clouds.ts";
import { findInterrupted, recoverEnvironment } from "./recovery/recovery.ts";

/**
 * A resource that fails is in the result, not an exception.
 * @throws TerraneError `document-invalid`, `environment-not-found`, `name-taken`, `denied-by-policy`,
 * `deletion-protected`, `clock-skew`, `ledger-rolled-back`, `state-missing`, `state-older-than-cloud`, `state-foreign`, `lease-held`, `approval-required`, `not-from-a-pull-request`, `plan-stale`, `engine-missing`,
 * `engine-failed` when no plan could be made
 */
export async function upEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: ApplyOptions,
): Promise<ApplyResult> {
  await using project = await openProject(context);
  const { app } = project;
  // Where nothing has changed nothing else would notice.
  await (await app.database()).assertNewest();
  const environment = project.pick(name);
  assertMerged(context, { class: environment.document.class, target: options.target });
  await using prepared = await prepareUp(project, name, {
    target: options.target,
    startedBy: options.startedBy,
  });
  assertMerged(context, { class: prepared.spec.class, target: prepared.target });
  tellVersions(prepared.found, options.emit);
  const ledger = await app.ledger();
  const asked: Asked = { context, options, prepared, ledger };
  const open = await findInterrupted(ledger, prepared.name, "up");
  const request = { app, prepared, full: options.full ?? false };
  const unchanged = await findUnchanged(request);
  if (unchanged.whole !== undefined && open === undefined && prepared.record?.status === "ready") {
    return await leaveWhole(asked, unchanged);
  }
  const { openChange } = await import("./applying/open-change.ts");
  await using change = await openChange(app, prepared, options, open?.id ?? newOperationId());
  await assertClocks(change.inventory, context.now);
  const holder = thisProcess(options.startedBy, context.now());
  const recovery = await recoverEnvironment(change, ledger, holder, context.now);
  await assertStatesKnow(change, ledger, prepared.record);
  // What was put in order is no longer what was looked at.
  const standing = recovery === undefined ? unchanged : await findUnchanged(request);
  return await planAndApply(asked, change, standing, open !== undefined);
}

interface Asked {
  readonly context: PlatformContext;
  readonly options: ApplyOptions;
  readonly prepared: PreparedUp;
  readonly ledger: Ledger;
}

/** Without an engine: nothing would change. */
async function leaveWhole(asked: Asked, unchanged: UnchangedStacks): Promise<ApplyResult> {
  const plan = await planUnchanged(unchanged, asked.options.emit);
  assertAllowed(plan);
  await leaveUnchanged(asked, plan, newOperationId());
  return await describeUnchanged(unchanged, plan);
}

async function planAndApply(
  asked: Asked,
  change: Change,
  unchanged: UnchangedStacks,
  goesOn: boolean,
): Promise<ApplyResult> {
  const { context, options, prepared, ledger } = asked;
  const { plan, converge, moves, state } = await planUp(change, unchanged);
  assertAllowed(plan);
  await assertUnprotected(state, plan);
  const finish = (core: ResultCore) => describeResult(change, ledger, plan, core);
  const grounds = new GroundRecorder();
  const groundsAfter = () => grounds.settle(change.state, unchanged.keys, unchanged.grounds);

  if (!isWork(plan) && prepared.record?.status === "ready" && !goesOn) {
    for (const [stack, { settled }] of converge) if (settled !== undefined) grounds.note(stack, settled);
    await leaveUnchanged(asked, plan, change.operation);
    await ledger.grounds.keep(plan.environment, await groundsAfter());
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
    before: await findInterrupted(ledger, prepared.name, "up"),
  });
  const { during } = prepared;
  const work = upWork({ change, ledger, plan, converge, moves, grounds });
  await tellExpected(change, ledger, plan, work);
  const ended = await carryOut({
    ...{ context, ledger, change, work, groundsAfter },
    begin: { record: during, ...beginning(asked, operation) },
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

/** No resource changes. What they were made from may: a blueprint's version, say. That is an operation too. */
async function leaveUnchanged(asked: Asked, plan: Plan, id: string): Promise<void> {
  const { context, options, ledger, prepared } = asked;
  await keepLock(context, prepared.found, options.emit);
  if (isOnRecord(prepared)) return;
  const now = context.now();
  const { startedBy } = options;
  const operation = newOperation({ id, kind: "up", plan, startedBy, now, steps: [] });
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
