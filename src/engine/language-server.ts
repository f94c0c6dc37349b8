/**
 * Runs a program for the engine inside this process, as the Automation API's own language server does, with two
 * differences: a stray rejection belongs to the stack whose program caused it, and an error of the program comes back
 * as the object that was thrown. Relies on parts of `@pulumi/pulumi` 3.250.0 that are not public; `command.ts` guards
 * the version.
 */
import "../model/lean-sdk.ts";
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings.js";
import * as runtimeState from "@pulumi/pulumi/runtime/state.js";
import { debuggableSdk, withoutDebugging } from "../model/quiet-sdk.ts";
import { grpcChannelOptions, listen } from "./grpc-server.ts";

const sdk = debuggableSdk(createRequire(import.meta.url), pulumi.Resource);

/** Gives the SDK a store of its own for everything that runs inside; stripped from its public types. */
const { withLocalStorage } = runtimeState as unknown as {
  readonly withLocalStorage: <T>(inside: () => Promise<T>) => Promise<T>;
};

export interface ProgramHost extends AsyncDisposable {
  /** `127.0.0.1:<port>`, for the engine's `--client`. */
  readonly address: string;
  /** What the program threw, first to last: empty after a sound run. Engine errors that reached it are not counted. */
  readonly errors: readonly unknown[];
  /** Whether the program has asked a provider for something that no state holds: data sources, functions, what is read. */
  readonly hasAsked: () => boolean;
}

export interface HostOptions {
  /** Keep stack traces, the SDK's leak detector, its source positions and debug messages; slow, for debugging. */
  readonly traces: boolean;
}

/** Serves one program to one engine. */
export async function hostProgram(
  program: () => Promise<unknown>,
  options: HostOptions,
): Promise<ProgramHost> {
  const run: ProgramRun = { errors: [], traces: options.traces, hasAsked: false };
  const server = new grpc.Server(grpcChannelOptions);
  server.addService(languageGrpc.LanguageRuntimeService, {
    getRequiredPlugins: (_call: unknown, callback: grpc.sendUnaryData<unknown>) =>
      callback(null, new languageProto.GetRequiredPluginsResponse()),
    getPluginInfo: (_call: unknown, callback: grpc.sendUnaryData<unknown>) =>
      callback(null, new pluginProto.PluginInfo().setVersion("1.0.0")),
    run: (
      call: grpc.ServerUnaryCall<languageProto.RunRequest, languageProto.RunResponse>,
      callback: grpc.sendUnaryData<languageProto.RunResponse>,
    ) => {
      void runProgram(run, program, call.request).then(() => {
        const response = new languageProto.RunResponse();
        // Bail: the engine ends the operation and adds no words of its own to what is known here already.
        if (run.errors.length > 0) response.setBail(true);
        callback(null, response);
      });
    },
  });
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    errors: run.errors,
    hasAsked: () => run.hasAsked,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

interface ProgramRun {
  readonly errors: unknown[];
  readonly traces: boolean;
  hasAsked: boolean;
}

/** The run that the code at hand belongs to; node keeps it for rejections that nobody handled. */
const currentRun = new AsyncLocalStorage<ProgramRun>();
const activeRuns = new Set<ProgramRun>();

async function runProgram(
  run: ProgramRun,
  program: () => Promise<unknown>,
  request: languageProto.RunRequest,
): Promise<void> {
  watchStrays(run);
  try {
    const inStore = () =>
      withLocalStorage(async () => {
        configure(request);
        noteQuestions(run);
        let sound = false;
        try {
          await pulumi.runtime.runInPulumiStack(program);
          sound = true;
        } catch (error) {
          // The engine has said already why it refused a resource.
          if (!isGrpcError(error)) note(run, error);
        }
        await runtimeSettings.disconnect(sound).catch((error: unknown) => {
          if (!isGrpcError(error)) note(run, error);
        });
      });
    await currentRun.run(run, () => (run.traces ? inStore() : withoutDebugging(sdk, inStore)));
    if (run.errors.length === 0 && currentRun.run(run, () => pulumi.log.hasErrors())) {
      note(run, new Error("the program logged an error"));
    }
  } finally {
    unwatchStrays(run);
  }
}

function configure(request: languageProto.RunRequest): void {
  runtimeSettings.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    request.getArgsList()[0] ?? "",
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  runtimeConfig.setAllConfig(
    Object.fromEntries(request.getConfigMap().toArray()),
    request.getConfigsecretkeysList(),
  );
}

/** Calls of the resource monitor by which a program learns what neither its inputs nor its state say. */
const questions = ["invoke", "streamInvoke", "call", "readResource"] as const;

// The client belongs to this run's store alone.
function noteQuestions(run: ProgramRun): void {
  const monitor = runtimeSettings.getMonitor() as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of questions) {
    const ask = monitor[name];
    if (ask === undefined) continue;
    monitor[name] = (...given) => {
      run.hasAsked = true;
      return ask.apply(monitor, given);
    };
  }
}

function note(run: ProgramRun, error: unknown): void {
  if (!run.errors.includes(error)) run.errors.push(error);
}

function isGrpcError(error: unknown): boolean {
  return (
    error instanceof Error &&
    typeof (error as Partial<grpc.ServiceError>).code === "number" &&
    typeof (error as Partial<grpc.ServiceError>).details === "string"
  );
}

/**
 * Strays are process-wide events. One listener serves all runs: it looks up whose code failed. What belongs to no run
 * is counted against every run at work, since any of them may depend on it.
 */
function onStray(error: unknown): void {
  if (isGrpcError(error)) return;
  const owner = currentRun.getStore();
  for (const run of owner === undefined ? activeRuns : [owner]) note(run, error);
}

// The gRPC client takes a stack trace for each call, beside those of the SDK's own debugging aids. While programs run,
// traces are therefore cut to nothing, unless someone asks for them.
let fullTraces = Error.stackTraceLimit;

function watchStrays(run: ProgramRun): void {
  if (activeRuns.size === 0) {
    fullTraces = Error.stackTraceLimit;
    if (!run.traces) Error.stackTraceLimit = 0;
    process.on("unhandledRejection", onStray);
    process.on("uncaughtException", onStray);
  }
  activeRuns.add(run);
}

function unwatchStrays(run: ProgramRun): void {
  activeRuns.delete(run);
  if (activeRuns.size === 0) {
    process.off("unhandledRejection", onStray);
    process.off("uncaughtException", onStray);
    Error.stackTraceLimit = fullTraces;
  }
}
