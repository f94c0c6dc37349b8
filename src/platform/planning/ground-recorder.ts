/** Gathers what stacks stand on while an operation goes through them: what of it holds at its end goes into the ledger. */
import type { Finding } from "../../model/finding.ts";
import type { Resource } from "../../model/resource.ts";
import type { StackOutputs, StackSpec } from "../../model/spec.ts";
import type { StackGround } from "../../model/stack-ground.ts";
import type { StateReader } from "../../state/store.ts";
import { type GroundKeys, newSalt, type ShownOutputs } from "./ground-key.ts";
import { sameOutputs } from "./stack-outputs.ts";

/** What one stack was handed by another. */
export interface HandedOutputs {
  readonly stack: string;
  readonly outputs: StackOutputs;
  readonly shown: ShownOutputs;
}

/** A run of a stack's program that left, or found, nothing to change. */
export interface SettledRun {
  readonly spec: StackSpec;
  readonly upstream: readonly HandedOutputs[];
  readonly outputs: StackOutputs;
  readonly findings: readonly Finding[];
  /** What rules that depend on time looked at. */
  readonly dated: readonly Resource[];
  /** Of a preview: digest of the state that it was made on. */
  readonly before?: string | undefined;
}

export class GroundRecorder {
  readonly #runs = new Map<string, SettledRun | undefined>();

  /** The newest run of a stack counts; undefined for one after which something may be left to do. */
  note(stack: string, run: SettledRun | undefined): void {
    this.#runs.set(stack, run);
  }

  /**
   * By stack, on the states as they are now. A stack that was handed something else than what is there in the end has no
   * ground, and neither has one whose state somebody changed after it was previewed.
   * @param recorded what the ledger has already
   */
  async settle(
    state: StateReader,
    keys: GroundKeys,
    recorded: ReadonlyMap<string, StackGround>,
  ): Promise<ReadonlyMap<string, StackGround>> {
    const settled = new Map<string, StackGround>();
    for (const [stack, run] of this.#runs) {
      const digest = run === undefined ? undefined : (await state.read(stack))?.digest;
      if (run === undefined || digest === undefined || !this.#isStillHanded(run)) continue;
      if (!keys.isTold(run.spec) || ("before" in run && run.before !== digest)) continue;
      const upstream = run.upstream.map((each) => ({
        stack: each.stack,
        outputs: each.shown,
        // Stacks come after those that they depend on.
        ground: this.#runs.has(each.stack) ? settled.get(each.stack) : recorded.get(each.stack),
      }));
      const stood = recorded.get(stack);
      // A salt that still serves: with another one, stacks that stand on this one would seem to stand on something else.
      const isSame = stood?.key === (await keys.keyOf({ spec: run.spec, upstream, salt: stood?.salt }));
      const salt = isSame ? stood?.salt : newSalt(run.spec);
      const key = isSame ? stood?.key : await keys.keyOf({ spec: run.spec, upstream, salt });
      if (key !== undefined) settled.set(stack, toGround(run, { key, salt, state: digest }, keys));
    }
    return settled;
  }

  /** Stacks that no run went through hand over what they always did. */
  #isStillHanded({ upstream }: SettledRun): boolean {
    return upstream.every(({ stack, outputs }) => {
      if (!this.#runs.has(stack)) return true;
      const last = this.#runs.get(stack)?.outputs;
      return last === outputs || (last !== undefined && sameOutputs(outputs, last));
    });
  }
}

function toGround(
  { findings, dated }: SettledRun,
  { key, salt, state }: { readonly key: string; readonly salt: string | undefined; readonly state: string },
  keys: GroundKeys,
): StackGround {
  return {
    key,
    ...(salt === undefined ? {} : { salt }),
    state,
    findings: findings.filter(({ verdict, rule }) => verdict !== "pass" && !keys.dependsOnTime(rule)),
    dated: [...dated],
  };
}
