/**
 * Pulumi's SDK without its debugging aids: the leak detector, which takes a stack trace for each promise that the SDK
 * makes; the source position of each resource, for which it takes another; and its debug messages, three calls of the
 * engine for each resource, one after the other. Together they cost more than all the rest of a program, and hold on to
 * every promise until it ends. Without outputs that nobody reads, too (`lazy-outputs.ts`). Nothing of Pulumi is loaded
 * here: whoever hands the SDK over has it, and has checked its version.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { makeLazily, type TransferProperties } from "./lazy-outputs.ts";

/** The one version of `@pulumi/pulumi` whose insides are known here. */
export const sdkVersion = "3.250.0";

/** The parts of it that are stripped from its public types. By `require`: only those can be changed. */
export interface DebuggableSdk {
  /** `runtime/debuggable.js`: each call of the detector goes through this object. */
  readonly leakDetector: { debuggablePromise: (promise: unknown, context: unknown) => unknown };
  /** The class `Resource`. */
  readonly resources: { stackTrace: (skip: number) => readonly unknown[] };
  /** `log/index.js`: an engine shows debug messages only when it is started to. */
  readonly log: { debug: (...message: unknown[]) => Promise<void> };
  /** `runtime/rpc.js`. */
  readonly rpc: { transferProperties: TransferProperties };
}

/**
 * @param load answers the very module that the SDK itself looks into: a `require`
 * @param resources the SDK's `Resource`
 */
export function debuggableSdk(load: (module: string) => unknown, resources: unknown): DebuggableSdk {
  return {
    leakDetector: load("@pulumi/pulumi/runtime/debuggable.js") as DebuggableSdk["leakDetector"],
    resources: resources as DebuggableSdk["resources"],
    log: load("@pulumi/pulumi/log/index.js") as DebuggableSdk["log"],
    rpc: load("@pulumi/pulumi/runtime/rpc.js") as DebuggableSdk["rpc"],
  };
}

const quiet = new AsyncLocalStorage<boolean>();
const prepared = new WeakSet<object>();

/** Runs something without the aids. What runs beside it, even in the same SDK, keeps them. */
export function withoutDebugging<T>(sdk: DebuggableSdk, inside: () => Promise<T>): Promise<T> {
  prepare(sdk);
  return quiet.run(true, inside);
}

// Put in place once and left there: whoever took them out again would have to know that nobody else is at work.
function prepare({ leakDetector, resources, log, rpc }: DebuggableSdk): void {
  if (prepared.has(leakDetector)) return;
  prepared.add(leakDetector);
  const { debuggablePromise } = leakDetector;
  const { stackTrace } = resources;
  const { debug } = log;
  const { transferProperties } = rpc;
  const transferLazily = makeLazily(transferProperties);
  leakDetector.debuggablePromise = (promise, context) =>
    quiet.getStore() === true ? promise : debuggablePromise(promise, context);
  resources.stackTrace = (skip) => (quiet.getStore() === true ? [] : stackTrace.call(resources, skip + 1));
  log.debug = (...message) => (quiet.getStore() === true ? Promise.resolve() : debug(...message));
  rpc.transferProperties = (...given) =>
    quiet.getStore() === true ? transferLazily(...given) : transferProperties(...given);
}
