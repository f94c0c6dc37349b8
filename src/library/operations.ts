/** What changes an environment, or says what would: each begins at once and answers a {@link RunningOperation}. */
import { TerraneError } from "../errors.ts";
import type { Plan } from "../model/plan.ts";
import type { Target } from "../model/words.ts";
import type { ApplyOptions, ApplyResult, RecoveredEnvironment, RefreshResult } from "../platform/api.ts";
import { type ProjectOptions, processUser, toContext } from "./context.ts";
import { type RunningOperation, type RunOptions, startOperation } from "./running-operation.ts";

/** Names one environment of a project. */
export interface EnvironmentOptions extends ProjectOptions {
  /** Name of the environment, or the file of its document. Default: the only one there is. */
  readonly environment?: string;
}

/** Which environment is planned, and how. */
export interface PlanRequest extends EnvironmentOptions, RunOptions {
  /** What a destroy would do instead of an up. Default false. */
  readonly destroy?: boolean;
}

type Answer = boolean | readonly string[];

/** Which environment is changed, and how. */
export interface ApplyRequest extends EnvironmentOptions, RunOptions {
  /**
   * Asked once with the plan, when something would change; on false nothing is touched. Default: go on. `dataLoss` are the
   * components (`orders@virginia`) whose data a prod environment would lose: a bare true is not enough for them, the
   * answer names each.
   */
  readonly confirm?: (plan: Plan, dataLoss: readonly string[]) => Answer | Promise<Answer>;
  /** Components (`orders@virginia`) whose data may be lost in prod, named beforehand. */
  readonly allowDataLoss?: readonly string[];
  /** Who starts it, for the record. Default: the user of the process. */
  readonly startedBy?: string;
}

/** Which environment is brought up, and how. */
export interface UpRequest extends ApplyRequest {
  /** Fixed when the environment is first made; a different one later is refused. Default: simulated. */
  readonly target?: Target;
}

/**
 * What an up, or a destroy, would change, by the real engine. Changes nothing.
 * @throws TerraneError `document-invalid`, `document-not-found`, `environment-not-found`, `engine-missing`,
 * `engine-failed`, `cancelled`
 */
export function plan(request: PlanRequest = {}): RunningOperation<Plan> {
  const { environment, destroy = false } = request;
  return begin(request, async (context, change) => {
    const { planEnvironment } = await import("../platform/plan.ts");
    return planEnvironment(context, environment, { ...change, destroy });
  });
}

/**
 * Makes an environment what its documents say: plans, asks, applies what was planned. A resource that fails is in the
 * result, not an error.
 * @throws TerraneError `document-invalid`, `document-not-found`, `name-taken`, `denied-by-policy`, `approval-required`,
 * `not-from-a-pull-request`, `lease-held`,
 * `plan-stale`, `engine-missing`, `engine-failed` when no plan could be made, `cancelled` when stopped before anything
 * was touched
 */
export function up(request: UpRequest = {}): RunningOperation<ApplyResult> {
  const { environment, target } = request;
  return begin(request, async (context, change) => {
    const { upEnvironment } = await import("../platform/up.ts");
    const options = { ...applyOptions(request, change), ...(target === undefined ? {} : { target }) };
    return settle(await upEnvironment(context, environment, options), change.signal);
  });
}

/**
 * Takes an environment away, consumers first, then its record and addresses. A resource that fails is in the result, not
 * an error.
 * @throws TerraneError `environment-not-found`, `lease-held`, `engine-missing`, `cancelled` when stopped before anything
 * was touched
 */
export function destroy(request: ApplyRequest = {}): RunningOperation<ApplyResult> {
  return begin(request, async (context, change) => {
    const { destroyEnvironment } = await import("../platform/destroy.ts");
    const result = await destroyEnvironment(context, request.environment, applyOptions(request, change));
    return settle(result, change.signal);
  });
}

/** Which environment is read again. */
export interface RefreshRequest extends EnvironmentOptions, RunOptions {
  /** Who starts it, for the record. Default: the user of the process. */
  readonly startedBy?: string;
}

/**
 * Brings the states of an environment in line with its clouds, and tells what other hands have done. Changes nothing in
 * a cloud. A stack that cannot be read is in the result, not an error.
 * @throws TerraneError `environment-not-found`, `lease-held`, `engine-missing`
 */
export function refresh(request: RefreshRequest = {}): RunningOperation<RefreshResult> {
  const { environment, startedBy = processUser() } = request;
  return begin(request, async (context, change) => {
    const { refreshEnvironment } = await import("../platform/refresh.ts");
    return refreshEnvironment(context, environment, { ...change, startedBy });
  });
}

/** Which environments are put in order, and what is known of what the clouds cannot tell. */
export interface RecoverOptions extends Omit<EnvironmentOptions, "environment">, RunOptions {
  /** Name of one environment, or the file of its document. Default: every environment on record. */
  readonly environment?: string;
  /** URN → id of what an interrupted create made, null for nothing, where no cloud can tell. Default: none. */
  readonly made?: { readonly [urn: string]: string | null };
  /** Rebuilds lost or old states of the environment from the clouds' tags. Default false. */
  readonly rebuild?: boolean;
  /** Who starts it, for the record. Default: the user of the process. */
  readonly startedBy?: string;
}

/**
 * Puts in order what a killed operation left open, and says what it found. Begins nothing new and changes nothing in a
 * cloud; `up` and `destroy` do the same by themselves.
 * @throws TerraneError `environment-not-found`, `lease-held`, `made-twice`, `create-unknowable`, `state-not-rebuilt`,
 * `state-foreign`, `engine-missing`; `bad-usage` for a rebuild that names no environment
 */
export function recover(request: RecoverOptions = {}): RunningOperation<readonly RecoveredEnvironment[]> {
  const { environment, made: testimony = {}, rebuild = false, startedBy = processUser() } = request;
  return begin(request, async (context, change) => {
    const { recoverEnvironments } = await import("../platform/recover.ts");
    return recoverEnvironments(context, { environment, testimony, rebuild, startedBy }, change);
  });
}

type Begun<R> = (
  context: ReturnType<typeof toContext>,
  change: Parameters<Parameters<typeof startOperation>[1]>[0],
) => Promise<R>;

function begin<R>(request: EnvironmentOptions & RunOptions, run: Begun<R>): RunningOperation<R> {
  const context = toContext(request);
  return startOperation({ ...request, now: context.now }, (change) => run(context, change));
}

function applyOptions(request: ApplyRequest, change: Parameters<Begun<unknown>>[1]): ApplyOptions {
  const { confirm = () => true, startedBy = processUser(), allowDataLoss } = request;
  const { signal } = change;
  return {
    ...change,
    startedBy,
    ...(allowDataLoss === undefined ? {} : { allowDataLoss }),
    confirm: async (plan, dataLoss) => {
      const answer = !signal.aborted && (await confirm(plan, dataLoss));
      return signal.aborted ? false : answer;
    },
  };
}

/** Stopped while it was being planned or asked about: nobody declined it. */
function settle(result: ApplyResult, signal: AbortSignal): ApplyResult {
  if (result.result !== "declined" || !signal.aborted) return result;
  throw new TerraneError("cancelled", "the operation was stopped before anything was touched");
}
