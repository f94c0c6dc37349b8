/**
 * The use cases behind the commands, each loaded when it is first called: a command that only prints never loads
 * the engine or a database.
 */

import type { Operation } from "../model/operation.ts";
import type { Plan } from "../model/plan.ts";
import type {
  AcceptedLedger,
  AcceptRequest,
  AddressReport,
  ApplyOptions,
  ApplyResult,
  AuditHead,
  AuditRecord,
  AuditRequest,
  AuditVerdict,
  ChangeOptions,
  CloudFilter,
  CloudObject,
  ComparedStates,
  DoctorCheck,
  EnvironmentOutputs,
  EnvironmentResources,
  EnvironmentStatus,
  EnvironmentSummary,
  Explanation,
  ExportedState,
  HeldLease,
  HistoryRequest,
  ListRequest,
  LockedEnvironment,
  LockRequest,
  PushRequest,
  RecoveredEnvironment,
  RecoverRequest,
  ReferenceGraph,
  RefreshOptions,
  RefreshResult,
  RenderedEnvironment,
  ResourceFilter,
  RestoreRequest,
  SavedCheckpoint,
  SavedStack,
  SavedState,
  ShownState,
  ValidationReport,
  VersionReport,
} from "../platform/api.ts";
import type { PlatformContext } from "../platform/context.ts";
import type { MigrateRequest, Migration } from "../platform/migrate.ts";
import type { RotatedKeys, RotateKeysRequest } from "../platform/rotate-keys.ts";
import type { ServedState, ServeStateOptions } from "../platform/serve-state.ts";
import type { UnlockRequest } from "../platform/unlock.ts";

export interface InitRequest {
  readonly dir: string;
  readonly blueprint?: string;
  readonly force: boolean;
}

/** `name` is an environment's name or the file of its document; undefined where the project has only one. */
export interface UseCases {
  initProject(
    context: PlatformContext,
    request: InitRequest,
  ): Promise<{ readonly files: readonly string[]; readonly next: string }>;
  validateProject(
    context: PlatformContext,
    request: { readonly files: readonly string[] },
  ): Promise<ValidationReport>;
  renderEnvironment(context: PlatformContext, name: string | undefined): Promise<RenderedEnvironment>;
  planEnvironment(
    context: PlatformContext,
    name: string | undefined,
    options: ChangeOptions & { readonly destroy?: boolean },
  ): Promise<Plan>;
  upEnvironment(
    context: PlatformContext,
    name: string | undefined,
    options: ApplyOptions,
  ): Promise<ApplyResult>;
  destroyEnvironment(
    context: PlatformContext,
    name: string | undefined,
    options: ApplyOptions,
  ): Promise<ApplyResult>;
  refreshEnvironment(
    context: PlatformContext,
    name: string | undefined,
    options: RefreshOptions,
  ): Promise<RefreshResult>;
  rotateKeys(context: PlatformContext, request: RotateKeysRequest): Promise<RotatedKeys>;
  migrateStates(context: PlatformContext, request: MigrateRequest): Promise<Migration>;
  recoverEnvironments(
    context: PlatformContext,
    request: RecoverRequest,
    options: ChangeOptions,
  ): Promise<readonly RecoveredEnvironment[]>;
  cancelOperation(
    context: PlatformContext,
    name: string | undefined,
    options: { readonly startedBy: string },
  ): Promise<HeldLease | undefined>;
  unlockEnvironment(context: PlatformContext, request: UnlockRequest): Promise<HeldLease | undefined>;
  readAddressReport(context: PlatformContext, nameOrFile?: string): Promise<AddressReport>;
  lockEnvironments(context: PlatformContext, request: LockRequest): Promise<readonly LockedEnvironment[]>;
  readOutputs(context: PlatformContext, name: string | undefined): Promise<EnvironmentOutputs>;
  readStatus(context: PlatformContext, name?: string): Promise<readonly EnvironmentStatus[]>;
  listEnvironments(context: PlatformContext, request: ListRequest): Promise<readonly EnvironmentSummary[]>;
  readResources(
    context: PlatformContext,
    name: string | undefined,
    filter: ResourceFilter,
  ): Promise<EnvironmentResources>;
  readHistory(context: PlatformContext, request: HistoryRequest): Promise<readonly Operation[]>;
  listAudit(context: PlatformContext, request: AuditRequest): Promise<readonly AuditRecord[]>;
  verifyAudit(context: PlatformContext, noted?: AuditHead): Promise<AuditVerdict>;
  acceptLedger(context: PlatformContext, request: AcceptRequest): Promise<AcceptedLedger>;
  explain(
    context: PlatformContext,
    request: { readonly topic?: string; readonly detail?: string },
  ): Promise<Explanation>;
  readGraph(context: PlatformContext, name: string | undefined): Promise<ReferenceGraph>;
  readSchema(context: PlatformContext, kind: string | undefined): Promise<object>;
  writeSchema(context: PlatformContext): Promise<{ readonly file: string }>;
  runDoctor(context: PlatformContext): Promise<readonly DoctorCheck[]>;
  readVersion(context: PlatformContext): Promise<VersionReport>;
  listObjects(context: PlatformContext, filter: CloudFilter): Promise<readonly CloudObject[]>;
  showObject(context: PlatformContext, id: string): Promise<CloudObject>;
  removeObject(context: PlatformContext, id: string, options: { readonly force: boolean }): Promise<unknown>;
  listSavedStacks(context: PlatformContext, environment?: string): Promise<readonly SavedStack[]>;
  listCheckpoints(context: PlatformContext, stack: string): Promise<readonly SavedCheckpoint[]>;
  showState(context: PlatformContext, stack: string, serial?: number): Promise<ShownState>;
  compareCheckpoints(
    context: PlatformContext,
    request: { readonly stack: string; readonly from: number; readonly to?: number },
  ): Promise<ComparedStates>;
  exportState(context: PlatformContext, stack: string, serial?: number): Promise<ExportedState>;
  restoreState(context: PlatformContext, request: RestoreRequest): Promise<SavedState>;
  pushState(context: PlatformContext, request: PushRequest): Promise<SavedState>;
  serveState(context: PlatformContext, options: ServeStateOptions): Promise<ServedState>;
}

export const platformUseCases: UseCases = {
  initProject: async (...given) => (await import("../platform/init.ts")).initProject(...given),
  validateProject: async (...given) => (await import("../platform/validate.ts")).validateProject(...given),
  renderEnvironment: async (...given) => (await import("../platform/render.ts")).renderEnvironment(...given),
  planEnvironment: async (...given) => (await import("../platform/plan.ts")).planEnvironment(...given),
  upEnvironment: async (...given) => (await import("../platform/up.ts")).upEnvironment(...given),
  destroyEnvironment: async (...given) =>
    (await import("../platform/destroy.ts")).destroyEnvironment(...given),
  refreshEnvironment: async (...given) =>
    (await import("../platform/refresh.ts")).refreshEnvironment(...given),
  rotateKeys: async (...given) => (await import("../platform/rotate-keys.ts")).rotateKeys(...given),
  migrateStates: async (...given) => (await import("../platform/migrate.ts")).migrateStates(...given),
  recoverEnvironments: async (...given) =>
    (await import("../platform/recover.ts")).recoverEnvironments(...given),
  cancelOperation: async (...given) => (await import("../platform/cancel.ts")).cancelOperation(...given),
  unlockEnvironment: async (...given) => (await import("../platform/unlock.ts")).unlockEnvironment(...given),
  readAddressReport: async (...given) =>
    (await import("../platform/addresses.ts")).readAddressReport(...given),
  lockEnvironments: async (...given) => (await import("../platform/lock.ts")).lockEnvironments(...given),
  readOutputs: async (...given) => (await import("../platform/outputs.ts")).readOutputs(...given),
  readStatus: async (...given) => (await import("../platform/status.ts")).readStatus(...given),
  listEnvironments: async (...given) =>
    (await import("../platform/list-environments.ts")).listEnvironments(...given),
  readResources: async (...given) => (await import("../platform/resources.ts")).readResources(...given),
  readHistory: async (...given) => (await import("../platform/history.ts")).readHistory(...given),
  listAudit: async (...given) => (await import("../platform/audit.ts")).listAudit(...given),
  verifyAudit: async (...given) => (await import("../platform/audit.ts")).verifyAudit(...given),
  acceptLedger: async (...given) => (await import("../platform/audit.ts")).acceptLedger(...given),
  explain: async (...given) => (await import("../platform/explain.ts")).explain(...given),
  readGraph: async (...given) => (await import("../platform/graph.ts")).readGraph(...given),
  readSchema: async (...given) => (await import("../platform/schema.ts")).readSchema(...given),
  writeSchema: async (...given) => (await import("../platform/schema.ts")).writeSchema(...given),
  runDoctor: async (...given) => (await import("../platform/doctor.ts")).runDoctor(...given),
  readVersion: async (...given) => (await import("../platform/version.ts")).readVersion(...given),
  listObjects: async (...given) => (await import("../platform/cloud.ts")).listObjects(...given),
  showObject: async (...given) => (await import("../platform/cloud.ts")).showObject(...given),
  removeObject: async (...given) => (await import("../platform/cloud.ts")).removeObject(...given),
  listSavedStacks: async (...given) =>
    (await import("../platform/saved-states.ts")).listSavedStacks(...given),
  listCheckpoints: async (...given) =>
    (await import("../platform/saved-states.ts")).listCheckpoints(...given),
  showState: async (...given) => (await import("../platform/saved-states.ts")).showState(...given),
  compareCheckpoints: async (...given) =>
    (await import("../platform/saved-states.ts")).compareCheckpoints(...given),
  exportState: async (...given) => (await import("../platform/saved-states.ts")).exportState(...given),
  restoreState: async (...given) => (await import("../platform/saved-states.ts")).restoreState(...given),
  pushState: async (...given) => (await import("../platform/saved-states.ts")).pushState(...given),
  serveState: async (...given) => (await import("../platform/serve-state.ts")).serveState(...given),
};
