/**
 * terrane as a library: what the command line does, as functions. Each takes one object of options and has a default for
 * all of them; what takes its time answers a `RunningOperation`. See docs/library.md.
 */

export { type BuildContext, type Implementation, implement } from "../stacks/component.ts";
export type { ComponentContract, ComponentDefinition, Support } from "./catalog/component.ts";
export { defineComponent, supported, unsupported, upcoming } from "./catalog/component.ts";
export {
  type Capability,
  defineCapability,
  optionalReference,
  reference,
  references,
  referencesToAny,
} from "./catalog/reference.ts";
export type { ErrorCode, Position, Problem } from "./errors.ts";
export { errorTable, exitCodes, TerraneError } from "./errors.ts";
export { acceptLedger, audit, verifyAudit } from "./library/audit.ts";
export type { ProjectOptions } from "./library/context.ts";
export type { BlueprintInput, EnvironmentInput } from "./library/documents.ts";
export { defineBlueprint, defineEnvironment, loadBlueprint, loadProject } from "./library/documents.ts";
export type { OperationEvent } from "./library/event-log.ts";
export { addresses, graph, history, list, resources } from "./library/inventory.ts";
export { cancel, unlock } from "./library/leases.ts";
export type { ApplyRequest, EnvironmentOptions, PlanRequest, UpRequest } from "./library/operations.ts";
export { destroy, plan, recover, refresh, up } from "./library/operations.ts";
export { cloudObjects, doctor, init, removeCloudObject, version } from "./library/project.ts";
export { explain, lock, outputs, render, status, validate } from "./library/questions.ts";
export type { RunningOperation } from "./library/running-operation.ts";
export { states } from "./library/states.ts";
export type { AuditHead, AuditRecord, AuditVerdict } from "./model/audit.ts";
export type { Blueprint, Environment } from "./model/documents.ts";
export type { Finding } from "./model/finding.ts";
export type { Operation } from "./model/operation.ts";
export type { Plan } from "./model/plan.ts";
export type {
  AddressReport,
  ApplyResult,
  CloudFilter,
  CloudObject,
  DoctorCheck,
  EnvironmentOutputs,
  EnvironmentResources,
  EnvironmentStatus,
  EnvironmentSummary,
  Explanation,
  FoundChange,
  HeldLease,
  LockedEnvironment,
  RecoveredEnvironment,
  ReferenceGraph,
  RefreshResult,
  RenderedEnvironment,
  StackSummary,
  ValidationReport,
  VersionReport,
} from "./platform/api.ts";
export { isSecret, isUnknown } from "./values/value.ts";
