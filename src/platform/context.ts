/** What surrounds a use case: where it works, with what, and at which time. */
import type { ComponentContract } from "../catalog/component.ts";

/** What every use case is given: nothing below the command line reads the environment or the clock by itself. */
export interface PlatformContext {
  /** Folder the user stands in, or named with `--dir`. Absolute. */
  readonly dir: string;
  /** TERRANE_HOME: engine, toolchain, plugin folder. Absolute. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Component types beside the shipped ones, made with `defineComponent`. */
  readonly components?: readonly ComponentContract[];
  /** Documents beside those of the project folder: plain objects with `apiVersion` and `kind`. */
  readonly documents?: readonly object[];
  /** Milliseconds that a simulated cloud takes for each second that the real one would. Default 0: no waiting. */
  readonly pace?: number;
  /** Milliseconds that a database which is locked or away is waited for. Default 30,000. */
  readonly patience?: number;
  /** Refuses to go on where a lock is missing or would have to be written. Default: false. */
  readonly locked?: boolean;
  /** Set where the code at work is that of an unmerged pull request: what says so, for people. */
  readonly pullRequest?: string;
  /** Told what is wrong beside what was asked for, one sentence each. Default: nobody. */
  readonly warn?: (message: string) => void;
}
