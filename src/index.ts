/**
 * terrane as a library: the use cases that the command line calls, the words they answer in, and what it takes to
 * define a component. Every use case takes a {@link PlatformContext}; nothing here reads the environment or the clock.
 */
export {
  type ComponentContract,
  type ComponentDefinition,
  defineComponent,
  supported,
  unsupported,
  upcoming,
} from "./catalog/component.ts";
export {
  defineCapability,
  optionalReference,
  reference,
  references,
  referencesToAny,
} from "./catalog/reference.ts";
export {
  type ErrorCode,
  errorTable,
  exitCodes,
  type Position,
  type Problem,
  TerraneError,
} from "./errors.ts";
export type { TerraneEvent } from "./model/event.ts";
export type { Finding } from "./model/finding.ts";
export type { Operation } from "./model/operation.ts";
export type { Plan } from "./model/plan.ts";
export type * from "./platform/api.ts";
export { listObjects, removeObject, showObject } from "./platform/cloud.ts";
export type { PlatformContext } from "./platform/context.ts";
export { destroyEnvironment } from "./platform/destroy.ts";
export { runDoctor } from "./platform/doctor.ts";
export { initProject } from "./platform/init.ts";
export { readOutputs } from "./platform/outputs.ts";
export { planEnvironment } from "./platform/plan.ts";
export { renderEnvironment } from "./platform/render.ts";
export { readStatus } from "./platform/status.ts";
export { upEnvironment } from "./platform/up.ts";
export { validateProject } from "./platform/validate.ts";
export { readVersion } from "./platform/version.ts";
