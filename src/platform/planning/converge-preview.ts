/** What is known of the converge phase of each stack once it has been planned, by its preview or without one. */
import type { EnginePlan, PreviewResult } from "../../engine/request.ts";
import { hasChanges } from "../../model/plan.ts";
import type { StackNode, StackOutputs } from "../../model/spec.ts";
import type { Change } from "../applying/change.ts";
import { hasSecrets } from "./ground-key.ts";
import type { HandedOutputs, SettledRun } from "./ground-recorder.ts";
import { toShown } from "./stack-outputs.ts";
import type { UnchangedStack, UnchangedStacks } from "./unchanged.ts";

/** What the converge phase of a stack reckons with. */
export interface ConvergePreview {
  readonly outputs: StackOutputs;
  /**
   * The engine's own plan, to which `up` is held. A prune has none: it starts from a state that nobody has seen yet; a
   * stack that is known to be unchanged has none either.
   */
  readonly plan?: EnginePlan;
  /** URNs that would go away while other stacks may still use them: they stay until the prune phase. */
  readonly keep: readonly string[];
  /** Whether anything would change. */
  readonly changes: boolean;
  /** Where nothing would: what that stands on. */
  readonly settled?: SettledRun;
  /** Set where there was no preview. */
  readonly unchanged?: UnchangedStack;
}

/** By stack. */
export type ConvergePreviews = ReadonlyMap<string, ConvergePreview>;

interface Previewed {
  readonly change: Pick<Change, "dated">;
  readonly unchanged: Pick<UnchangedStacks, "digests">;
  readonly previews: ConvergePreviews;
  readonly keep: readonly string[];
}

export function withoutPreview(unchanged: UnchangedStack): ConvergePreview {
  return { outputs: unchanged.outputs, keep: [], changes: false, unchanged };
}

export function toConvergePreview(
  node: StackNode,
  result: PreviewResult,
  { change, unchanged, previews, keep }: Previewed,
): ConvergePreview {
  const { outputs, plan } = result;
  const changes = hasChanges(result.counts) || keep.length > 0;
  if (changes || result.hasAsked || node.prune !== undefined) return { outputs, plan, keep, changes };
  const settled: SettledRun = {
    spec: node.converge,
    upstream: handedTo(node, previews, (stack) => previews.get(stack)?.outputs),
    outputs,
    findings: result.findings,
    dated: change.dated(node.name),
    before: unchanged.digests.get(node.name),
  };
  return { outputs, plan, keep, changes, settled };
}

/** What the stacks that it depends on hand to a stack. */
export function handedTo(
  node: StackNode,
  previews: ConvergePreviews,
  outputsOf: (stack: string) => StackOutputs | undefined,
): readonly HandedOutputs[] {
  return node.dependsOn.map((stack) => {
    const outputs = outputsOf(stack) ?? {};
    const unchanged = previews.get(stack)?.unchanged;
    const isRecorded = unchanged !== undefined && unchanged.outputs === outputs;
    return { stack, outputs, shown: isRecorded ? unchanged.plan.outputs : toShown(outputs) };
  });
}

/** Stacks that the node depends on and whose secret outputs nobody here has: they were not previewed. */
export function withheldFrom(node: StackNode, previews: ConvergePreviews): readonly string[] {
  return node.dependsOn.filter((stack) => hasSecrets(previews.get(stack)?.unchanged?.plan.outputs ?? {}));
}
