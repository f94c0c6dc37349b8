/**
 * Puts environments in order that a process left half way: takes over from the dead, looks up what was begun, and says
 * what it found. Begins nothing new; where nothing is open it does nothing.
 */
import { TerraneError } from "../errors.ts";
import { type Holder, thisProcess } from "../ledger/holder.ts";
import { keepLease } from "../ledger/keep-lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Operation } from "../model/operation.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { ChangeOptions } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { newOperationId } from "./new-operation.ts";
import { openChange } from "./open-change.ts";
import { type OpenProject, openProject } from "./open-project.ts";
import { pickRecord } from "./pick-record.ts";
import { prepareRecorded } from "./prepare.ts";
import { type Rebuilding, type Rebuilt, rebuildStates } from "./rebuild.ts";
import { type Recovery, recoverEnvironment } from "./recovery.ts";
import type { RecoveredEnvironment, RecoverRequest } from "./recovery-report.ts";

/**
 * @throws TerraneError `environment-not-found`; `lease-held` while a living process works on an environment that is
 * named; `made-twice`, `create-unknowable`, `state-not-rebuilt`, `state-foreign`, `engine-alive`, `engine-missing`,
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
  const records =
    request.environment === undefined
      ? await ledger.listEnvironments()
      : [await namedRecord(project, request.environment)];
  const recovered: RecoveredEnvironment[] = [];
  for (const record of records) {
    if (record.applied === undefined) continue;
    recovered.push(await recoverOne({ context, project, ledger, request, options }, record));
  }
  return recovered;
}

async function namedRecord(project: OpenProject, name: string): Promise<EnvironmentRecord> {
  const record = await pickRecord(project, name);
  if (record !== undefined) return record;
  throw new TerraneError("environment-not-found", `the environment ${name} is not on record`);
}

interface Recovering {
  readonly context: PlatformContext;
  readonly project: OpenProject;
  readonly ledger: Ledger;
  readonly request: RecoverRequest;
  readonly options: ChangeOptions;
}

async function recoverOne(recovering: Recovering, record: EnvironmentRecord): Promise<RecoveredEnvironment> {
  const { context, project, ledger, request, options } = recovering;
  const prepared = await prepareRecorded(project, record);
  const creates = request.rebuild ? "find" : "make";
  await using change = await openChange(project.app, prepared, options, newOperationId(), creates);
  const holder = thisProcess(request.startedBy, context.now());
  const found = await recoverEnvironment(change, ledger, holder, context.now, request.testimony).catch(
    (error: unknown) => unlessBusyElsewhere(error, request),
  );
  const rebuilt = request.rebuild
    ? await rebuildHeld({ app: project.app, prepared, change }, ledger, holder)
    : undefined;
  const told = report(record, found, await ledger.latestOperation(record.name));
  return rebuilt === undefined ? told : { ...told, rebuilt };
}

async function rebuildHeld(rebuilding: Rebuilding, ledger: Ledger, holder: Holder): Promise<Rebuilt> {
  const { change } = rebuilding;
  await using held = await ledger.holdEnvironment(change.graph.environment.name, change.operation, holder);
  await using kept = keepLease(ledger.leases, held.lease);
  change.tenure.begin(kept);
  return await rebuildStates(rebuilding);
}

/** Among all environments, one that somebody works on is in order. */
function unlessBusyElsewhere(error: unknown, { environment }: RecoverRequest): undefined {
  if (environment === undefined && error instanceof TerraneError && error.code === "lease-held")
    return undefined;
  throw error;
}

function report(
  { name }: EnvironmentRecord,
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
