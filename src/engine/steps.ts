/** One step of the engine as a step of a plan. Pure. */
import type { Step, StepAction } from "../model/plan.ts";
import { type StepChanges, toChanges, toFoundChanges } from "./changes.ts";
import type { StepMetadata } from "./event-schema.ts";

export function toStep(metadata: StepMetadata, action: StepAction): Step {
  return makeStep(metadata, action, toChanges(metadata, action));
}

/** What a refresh has found out about a resource. */
export function toFoundStep(metadata: StepMetadata, action: StepAction): Step {
  return makeStep(metadata, action, { changes: action === "update" ? toFoundChanges(metadata) : [] });
}

function makeStep(metadata: StepMetadata, action: StepAction, changes: StepChanges): Step {
  const parent = metadata.new?.parent ?? metadata.old?.parent ?? "";
  return Object.freeze({
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    ...(parent === "" || parent.split("::")[2] === "pulumi:pulumi:Stack" ? {} : { parent }),
    action,
    ...changes,
    replacementUnknown: false,
  });
}

/** The last part of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
