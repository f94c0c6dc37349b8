/** Saved states of a project's stacks: looked at, set side by side, brought back, accepted, pushed. Asks no cloud. */
import { TerraneError } from "../errors.ts";
import { thisProcess } from "../ledger/holder.ts";
import { keepLease } from "../ledger/keep-lease.ts";
import { scopeOfStack } from "../ledger/lease.ts";
import { hideSecrets } from "../state/deployment/compare.ts";
import { toDeployment, type VersionedDeployment } from "../state/deployment/deployment.ts";
import { faultsOf } from "../state/deployment/integrity.ts";
import { commandName } from "../state/stacks/sound-checkpoint.ts";
import type { StackRef } from "../state/stacks/stack-rows.ts";
import { StateArchive, type StateHand } from "../state/stacks/state-archive.ts";
import { newOperationId } from "./applying/new-operation.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import type {
  ComparedStates,
  ExportedState,
  PushRequest,
  RestoreRequest,
  SavedCheckpoint,
  SavedStack,
  SavedState,
  ShownState,
} from "./saved-state.ts";

/** Every stack, or those of one environment, by name. */
export async function listSavedStacks(
  context: PlatformContext,
  environment?: string,
): Promise<readonly SavedStack[]> {
  await using project = await openProject(context);
  const stacks = await (await project.app.stacks()).list();
  const found = stacks.map((stack) => ({
    stack: commandName(stack),
    serial: stack.serial,
    resources: stack.resources,
    pending: stack.pending,
    isOpen: stack.activeUpdate !== undefined,
    ...(stack.updatedAt === undefined ? {} : { savedAt: stack.updatedAt }),
  }));
  const isMeant = ({ stack }: SavedStack) => environment === undefined || stack.startsWith(`${environment}.`);
  const meant = found.filter(isMeant);
  return meant;
}

/** Newest first. @throws TerraneError `stack-not-found` */
export async function listCheckpoints(
  context: PlatformContext,
  stack: string,
): Promise<readonly SavedCheckpoint[]> {
  await using project = await openProject(context);
  const archive = new StateArchive(await project.app.stacks());
  const kept = await archive.checkpoints(refOf(stack));
  const told = kept.map(({ serial, digest, size, resources, reason, createdAt }) => ({
    ...{ serial, digest, size, resources, reason },
    savedAt: createdAt,
  }));
  return told;
}

/** @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `state-corrupt`, `state-tampered` */
export async function showState(
  context: PlatformContext,
  stack: string,
  serial?: number,
): Promise<ShownState> {
  await using project = await openProject(context);
  const archive = new StateArchive(await project.app.stacks());
  const found = await archive.state(refOf(stack), serial);
  const { deployment, version, features } = found.state;
  return {
    stack,
    serial: found.serial,
    version,
    features: features ?? [],
    engine: deployment.manifest?.version ?? "",
    resources: (deployment.resources ?? []).map((resource) => ({
      urn: resource.urn,
      type: resource.type,
      ...(resource.id ? { id: resource.id } : {}),
      protect: resource.protect ?? false,
      replaced: resource.delete ?? false,
      outputs: hideSecrets(resource.outputs ?? {}),
    })),
    pending: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      urn: resource.urn,
      operation: type,
    })),
    faults: faultsOf(deployment),
  };
}

/**
 * @param to serial of the later one. Default: the newest
 * @throws TerraneError as `showState`
 */
export async function compareCheckpoints(
  context: PlatformContext,
  request: { readonly stack: string; readonly from: number; readonly to?: number },
): Promise<ComparedStates> {
  await using project = await openProject(context);
  const archive = new StateArchive(await project.app.stacks());
  const { stack, from } = request;
  const ref = refOf(stack);
  const to = request.to ?? (await archive.state(ref)).serial;
  return { stack, from, to, ...(await archive.compare(ref, from, to)) };
}

/** @throws TerraneError as `showState` */
export async function exportState(
  context: PlatformContext,
  stack: string,
  serial?: number,
): Promise<ExportedState> {
  await using project = await openProject(context);
  const archive = new StateArchive(await project.app.stacks());
  const found = await archive.state(refOf(stack), serial);
  return { ...found.state, terrane: { stack, serial: found.serial } };
}

/** @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `lease-held`, `plan-stale`, `state-corrupt` */
export async function restoreState(context: PlatformContext, request: RestoreRequest): Promise<SavedState> {
  const { restoring } = request;
  return change(context, request, (archive, ref, by) =>
    "serial" in restoring
      ? archive.restore(ref, restoring.serial, by)
      : archive.accept(ref, restoring.accept, by),
  );
}

/**
 * @throws TerraneError `stack-not-found`, `state-foreign`, `state-corrupt`, `state-newer`, `lease-held`; `plan-stale` when
 *   something newer is there; `bad-usage` when neither says what it was made from
 */
export async function pushState(context: PlatformContext, request: PushRequest): Promise<SavedState> {
  const { stack, text } = request;
  const { terrane, ...state } = parsePushed(stack, text);
  const over = request.over ?? terrane?.serial;
  if (terrane !== undefined && terrane.stack !== stack) {
    throw new TerraneError(
      "state-foreign",
      `what was given was exported from ${terrane.stack}, not from ${stack}`,
    );
  }
  if (over === undefined) {
    throw new TerraneError("bad-usage", "nothing says which checkpoint this state was made from", {
      next: `Name it with --over: terrane state checkpoints ${stack} shows which there are.`,
    });
  }
  return change(context, request, (archive, ref, by) => archive.push(ref, { state, over }, by));
}

function parsePushed(stack: string, text: string): VersionedDeployment & Partial<ExportedState> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TerraneError("state-corrupt", `what was given for ${stack} is not JSON; it may be cut short`, {
      cause,
      next: "Export it again.",
    });
  }
  return toDeployment(stack, json) as VersionedDeployment & Partial<ExportedState>;
}

/** Under the lease that operations on the stack take. */
async function change(
  context: PlatformContext,
  { stack, startedBy }: { readonly stack: string; readonly startedBy: string },
  make: (archive: StateArchive, ref: StackRef, by: StateHand) => Promise<{ serial: number; digest: string }>,
): Promise<SavedState> {
  await using project = await openProject(context);
  const [ledger, stacks] = [await project.app.ledger(), await project.app.stacks()];
  const ref = refOf(stack);
  const holder = thisProcess(startedBy, context.now());
  await using held = await ledger.holdScope(scopeOfStack(ref.project, ref.name), newOperationId(), holder);
  await using kept = keepLease(ledger.leases, held.lease);
  const { serial, digest } = await make(new StateArchive(stacks), ref, { who: startedBy, lease: kept.lease });
  return { stack, serial, digest };
}

/** `<environment>.<site>.<domain>`, or `<project>/<stack>` for those that are not terrane's own. */
function refOf(stack: string): StackRef {
  const [name = "", project = "terrane"] = stack.split("/").reverse();
  return { project, name };
}
