/**
 * Puts environments in order that a process left half way: takes over from the dead, looks up what was begun, and says
 * what it found. Begins nothing new; where nothing is open it does nothing.
 */
import { TerraneError } from "../errors.ts";
import { thisProcess } from "../ledger/holder.ts";
import { keepLease } from "../ledger/keep-lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { RebuiltEnvironment } from "../ledger/rebuilt-records.ts";
import type { Operation } from "../model/operation.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { ChangeOptions } from "./api.ts";
import type { Change } from "./applying/change.ts";
import { newOperationId } from "./applying/new-operation.ts";
import { openChange } from "./applying/open-change.ts";
import type { PlatformContext } from "./context.ts";
import { type OpenProject, openProject } from "./project/open-project.ts";
import { pickRecord } from "./project/pick-record.ts";
import { type PreparedUp, prepareRecorded } from "./project/prepare.ts";
import { rebuildStates } from "./recovery/rebuild.ts";
import { findCandidates } from "./recovery/rebuild-candidates.ts";
import { type Recovery, recoverEnvironment } from "./recovery/recovery.ts";
import type { RecoveredEnvironment, RecoverRequest } from "./recovery/recovery-report.ts";

/**
 * @throws TerraneError `environment-not-found`; `lease-held` while a living process works on an environment that is
 * named; `not-in-this-release` for a rebuild on live clouds; `made-twice`, `create-unknowable`, `state-not-rebuilt`, `state-foreign`, `engine-alive`, `engine-missing`,
 * `ledger-rolled-back`;
 * `bad-usage` for a rebuild that names no environment
 */
export async function recoverEnvironments(
  context: PlatformContext,
  request: RecoverRequest,
  options: ChangeOptions,
): Promise<readonly RecoveredEnvironment[]> {
  if (request.rebuild && request.environment === undefined) {
    throw new TerraneError("bad-usage", "a rebuild needs the name of an environment");
  }
  await using project = await openProject(context);
  await (await project.app.database()).assertNewest();
  const ledger = await project.app.ledger();
  const recovering = { context, project, ledger, request, options };
  if (request.environment !== undefined) return [await recoverNamed(recovering, request.environment)];
  const recovered: RecoveredEnvironment[] = [];
  for (const record of await ledger.listEnvironments()) {
    if (record.applied !== undefined) recovered.push(await recoverOne(recovering, record));
  }
  return recovered;
}

async function recoverNamed(recovering: Recovering, given: string): Promise<RecoveredEnvironment> {
  const { project, request } = recovering;
  const record = await pickRecord(project, given);
  if (request.rebuild) return await rebuildOne(recovering, record?.name ?? project.pick(given).name, record);
  if (record === undefined)
    throw new TerraneError("environment-not-found", `the environment ${given} is not on record`);
  if (record.applied === undefined) return { environment: record.name, begun: [] };
  return await recoverOne(recovering, record);
}

interface Recovering {
  readonly context: PlatformContext;
  readonly project: OpenProject;
  readonly ledger: Ledger;
  readonly request: RecoverRequest;
  readonly options: ChangeOptions;
}

async function recoverOne(recovering: Recovering, record: EnvironmentRecord): Promise<RecoveredEnvironment> {
  const { project, ledger, options } = recovering;
  const prepared = await prepareRecorded(project, record);
  await using change = await openChange(project.app, prepared, options, newOperationId());
  const found = await putInOrder(recovering, change);
  const latest = await ledger.latestOperation(record.name);
  const recovered = report(record.name, found, latest);
  return recovered;
}

async function putInOrder(
  { context, ledger, request }: Recovering,
  change: Change,
): Promise<Recovery | undefined> {
  const holder = thisProcess(request.startedBy, context.now());
  return await recoverEnvironment(change, ledger, holder, context.now, request.testimony).catch(
    (error: unknown) => unlessBusyElsewhere(error, request),
  );
}

async function rebuildOne(
  recovering: Recovering,
  name: string,
  record: EnvironmentRecord | undefined,
): Promise<RecoveredEnvironment> {
  const { context, project, ledger, request, options } = recovering;
  const { startedBy } = request;
  await using found = await findCandidates(project, name, record, startedBy);
  await using change = await openChange(project.app, found.whole, options, newOperationId(), "find");
  const recovery = await putInOrder(recovering, change);
  await using held = await ledger.holdEnvironment(
    name,
    change.operation,
    thisProcess(startedBy, context.now()),
  );
  await using kept = keepLease(ledger.leases, held.lease);
  change.tenure.begin(kept);
  const rebuilt = await rebuildStates({ app: project.app, change, candidates: found.candidates });
  const { spec, taken, known, missing } = rebuilt;
  await ledger.rebuilt.keep(held.lease, {
    environment: name,
    who: startedBy,
    at: context.now().toISOString(),
    facts: { spec, taken, known, missing: missing.length },
    ...(spec === "documents" ? recordOf(found.documents, context.now()) : {}),
  });
  const told = report(name, recovery, await ledger.latestOperation(name));
  return { ...told, rebuilt, ...(missing.length === 0 ? {} : { next: `terrane up ${name}` }) };
}

/** As an `up` of the documents would have left it. */
function recordOf(documents: PreparedUp | undefined, now: Date): Pick<RebuiltEnvironment, "record" | "hold"> {
  if (documents === undefined) return {};
  const { next, hold } = documents;
  return {
    record: { ...next, status: "ready", updatedAt: now.toISOString() },
    ...(hold === undefined ? {} : { hold }),
  };
}

/** Among all environments, one that somebody works on is in order. */
function unlessBusyElsewhere(error: unknown, { environment }: RecoverRequest): undefined {
  if (environment === undefined && error instanceof TerraneError && error.code === "lease-held")
    return undefined;
  throw error;
}

function report(
  name: string,
  found: Recovery | undefined,
  latest: Operation | undefined,
): RecoveredEnvironment {
  const left = found?.left;
  const broken = latest?.status === "interrupted" ? latest : undefined;
  return {
    environment: name,
    ...(left === undefined
      ? {}
      : {
          holder: {
            user: left.holder.user,
            host: left.holder.host,
            pid: left.holder.pid,
            since: left.holder.since,
            silent: Math.round(left.silence / 1000),
          },
        }),
    ...(broken === undefined
      ? {}
      : {
          operation: {
            id: broken.id,
            kind: broken.kind,
            startedBy: broken.startedBy,
            startedAt: broken.startedAt,
          },
          next: `terrane ${broken.kind} ${name}`,
        }),
    begun: found?.begun ?? [],
  };
}
