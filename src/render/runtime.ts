/**
 * The parts of `@pulumi/pulumi` that rendering needs and that are not public: a store per run, a monitor of our own,
 * and the leak detector. Everything is checked against one exact version.
 */
import "../model/lean-sdk.ts";
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { TerraneError } from "../errors.ts";
import { type DebuggableSdk, debuggableSdk, sdkVersion, withoutDebugging } from "../model/quiet-sdk.ts";

interface RuntimeState {
  readonly withLocalStorage: <T>(inside: () => Promise<T>) => Promise<T>;
  readonly getStore: () => { readonly settings: { engine: unknown } };
}

interface RuntimeSettings {
  readonly setMockOptions: (monitor: unknown, project: string, stack: string, preview: boolean) => void;
  readonly waitForRPCs: () => Promise<void>;
}

interface Internals {
  readonly state: RuntimeState;
  readonly settings: RuntimeSettings;
  readonly debuggable: DebuggableSdk;
}

const internals: Internals = loadInternals();

// By `require`: its module objects can be changed, and are the ones that the SDK itself looks into.
function loadInternals(): Internals {
  const require = createRequire(import.meta.url);
  const { version } = require("@pulumi/pulumi/package.json") as { readonly version: string };
  if (version !== sdkVersion) {
    const message = `rendering was written for @pulumi/pulumi ${sdkVersion}, and ${version} is installed`;
    throw new TerraneError("internal", message);
  }
  return {
    state: require("@pulumi/pulumi/runtime/state.js") as RuntimeState,
    settings: require("@pulumi/pulumi/runtime/settings.js") as RuntimeSettings,
    debuggable: debuggableSdk(require, pulumi.Resource),
  };
}

export interface StackRun {
  readonly project: string;
  readonly stack: string;
  /** Outputs that the monitor does not give are unknown; otherwise they are absent. */
  readonly preview: boolean;
  readonly monitor: unknown;
  readonly program: () => Promise<Record<string, unknown>>;
}

/** Runs a program in a store of its own, until it and every registration it began have ended. */
export async function runInOwnStore(run: StackRun): Promise<void> {
  await internals.state.withLocalStorage(async () => {
    internals.settings.setMockOptions(run.monitor, run.project, run.stack, run.preview);
    const errors: string[] = [];
    internals.state.getStore().settings.engine = logTaker(errors);
    await pulumi.runtime.runInPulumiStack(run.program);
    await internals.settings.waitForRPCs();
    // With a real engine, too, a program that logs an error has failed.
    if (errors.length > 0) throw new TerraneError("engine-failed", `${run.stack}: ${errors.join("; ")}`);
  });
}

interface LogRequest {
  getSeverity(): number;
  getMessage(): string;
}

/** Stands where the SDK looks for an engine to log to: without one it writes to the process's own output, secrets too. */
function logTaker(errors: string[]) {
  const error = 3;
  return {
    log: (request: LogRequest, done: () => void) => {
      if (request.getSeverity() === error) errors.push(request.getMessage());
      done();
    },
    setRootResource: (_: unknown, done: (error: null, response: object) => void) => done(null, {}),
  };
}

/** Runs something without the SDK's debugging aids, which cost more than all the rest of a render. */
export function withoutLeakDetector<T>(inside: () => Promise<T>): Promise<T> {
  return withoutDebugging(internals.debuggable, inside);
}
