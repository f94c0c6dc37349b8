/**
 * Serves policy rules to one engine operation, from this process: the engine's CrossGuard asks before it does anything
 * with a resource, and what a rule denies is not done. Knows no rule; judges are handed in.
 */
import { chmod, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerProto from "@pulumi/pulumi/proto/analyzer_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { Finding } from "../model/finding.ts";
import type { Resource } from "../model/resource.ts";
import { toProperties } from "../model/wire-properties.ts";
import { engineHome } from "./engine-home.ts";
import { grpcChannelOptions, listen } from "./grpc-server.ts";
import type { PolicyJudge } from "./request.ts";
import { nameOf } from "./steps.ts";
import { type VerdictOptions, Verdicts } from "./verdicts.ts";

export interface PolicyServiceOptions extends VerdictOptions {
  /** TERRANE_HOME. */
  readonly home: string;
  /** The operation's own folder; the pack is written there. */
  readonly folder: string;
  readonly policy?: PolicyJudge;
  /** Whether the plan that is applied names the resource; without it, any will do. */
  readonly admits?: (urn: string) => boolean;
}

export interface PolicyService extends AsyncDisposable {
  /** Folder for `--policy-pack`; undefined where there is nothing to ask. */
  readonly pack: string | undefined;
  readonly findings: () => readonly Finding[];
  /** Findings that stopped a resource. */
  readonly denied: () => readonly Finding[];
  /** What a judge threw. */
  readonly broken: () => { readonly error: unknown } | undefined;
}

/** A runtime name of our own: the engine then never looks for a language plugin to start the pack with. */
const runtime = "terrane";
const packName = "terrane";

export async function servePolicies(options: PolicyServiceOptions): Promise<PolicyService> {
  const verdicts = new Verdicts(options);
  const court = new Court(options, verdicts);
  const answers = {
    findings: () => verdicts.all(),
    denied: () => verdicts.denied(),
    broken: () => court.broken,
  };
  if (options.policy === undefined && options.admits === undefined) {
    return { ...answers, pack: undefined, [Symbol.asyncDispose]: async () => {} };
  }
  const server = new grpc.Server(grpcChannelOptions);
  server.addService(analyzerGrpc.AnalyzerService, {
    handshake: reply(() => new analyzerProto.AnalyzerHandshakeResponse()),
    configureStack: reply(() => new analyzerProto.AnalyzerStackConfigureResponse()),
    configure: reply(() => new emptyProto.Empty()),
    cancel: reply(() => new emptyProto.Empty()),
    getPluginInfo: reply(() => new pluginProto.PluginInfo().setVersion("1.0.0")),
    getAnalyzerInfo: reply(() => new analyzerProto.AnalyzerInfo().setName(packName).setVersion("1.0.0")),
    remediate: reply(() => new analyzerProto.RemediateResponse()),
    analyze: court.guarded((request: analyzerProto.AnalyzeRequest) => court.judgeOne(request)),
    analyzeStack: court.guarded((request: analyzerProto.AnalyzeStackRequest) => court.judgeAll(request)),
  });
  const port = await listen(server);
  await placePlugin(engineHome(options.home));
  return {
    ...answers,
    pack: await writePack(options.folder, port),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

/** Puts the engine's questions to the judge, and its verdicts into the engine's terms. */
class Court {
  readonly #options: PolicyServiceOptions;
  readonly #verdicts: Verdicts;
  readonly #seen = new Map<string, Resource>();
  broken: { readonly error: unknown } | undefined;

  constructor(options: PolicyServiceOptions, verdicts: Verdicts) {
    this.#options = options;
    this.#verdicts = verdicts;
  }

  judgeOne(request: analyzerProto.AnalyzeRequest): analyzerProto.AnalyzeResponse {
    if (request.getType() === "pulumi:pulumi:Stack") return this.#answer([]);
    const resource = toResource(request);
    this.#seen.set(resource.urn, resource);
    if (this.#options.admits?.(resource.urn) === false) return refuseUnplanned(resource.urn);
    return this.#answer(this.#options.policy?.judge(resource) ?? []);
  }

  judgeAll(request: analyzerProto.AnalyzeStackRequest): analyzerProto.AnalyzeResponse {
    const judgeStack = this.#options.policy?.judgeStack;
    if (judgeStack === undefined) return this.#answer([]);
    // The engine hands out what the clouds answered; rules judge what was asked for, seen one by one before.
    const resources = request.getResourcesList().flatMap((each) => {
      const resource = this.#seen.get(each.getUrn());
      const dependsOn = [...each.getDependenciesList()].sort();
      return resource === undefined ? [] : [{ ...resource, dependsOn }];
    });
    return this.#answer(judgeStack(resources));
  }

  /** A judge that throws fails this call and all after it, and with them the operation. */
  guarded<Q>(judge: (request: Q) => analyzerProto.AnalyzeResponse) {
    return (call: grpc.ServerUnaryCall<Q, unknown>, callback: grpc.sendUnaryData<unknown>): void => {
      try {
        if (this.broken === undefined) return callback(null, judge(call.request));
      } catch (error) {
        this.broken = { error };
      }
      callback({ code: grpc.status.INTERNAL, details: "a policy rule failed" });
    };
  }

  #answer(findings: readonly Finding[]): analyzerProto.AnalyzeResponse {
    this.#verdicts.record(findings);
    const told = findings.filter((finding) => finding.verdict === "fail" || this.#verdicts.denies(finding));
    return new analyzerProto.AnalyzeResponse().setDiagnosticsList(
      told.map((finding) => toDiagnostic(finding, this.#verdicts.denies(finding))),
    );
  }
}

function reply(make: () => unknown) {
  return (_call: unknown, callback: grpc.sendUnaryData<unknown>): void => callback(null, make());
}

function toResource(request: analyzerProto.AnalyzeRequest): Resource {
  const parent = request.getOptions()?.getParent() ?? "";
  const provider = request.getProvider()?.getUrn() ?? "";
  const type = request.getType();
  return {
    urn: request.getUrn(),
    type,
    name: request.getName() === "" ? nameOf(request.getUrn()) : request.getName(),
    ...(parent === "" || parent.split("::")[2] === "pulumi:pulumi:Stack" ? {} : { parent }),
    // The engine does not say; only what a provider makes has a provider.
    custom: provider !== "" || type.startsWith("pulumi:providers:"),
    ...(provider === "" ? {} : { provider }),
    inputs: toProperties((request.getProperties()?.toJavaScript() ?? {}) as Record<string, unknown>),
    dependsOn: [],
  };
}

function toDiagnostic(finding: Finding, mandatory: boolean): analyzerProto.AnalyzeDiagnostic {
  const [pack = packName, rule = finding.rule] = finding.rule.split("/");
  return new analyzerProto.AnalyzeDiagnostic()
    .setPolicyname(rule)
    .setPolicypackname(pack)
    .setPolicypackversion("1.0.0")
    .setDescription(finding.mend)
    .setMessage(`${finding.why} ${finding.mend}`)
    .setEnforcementlevel(
      mandatory ? analyzerProto.EnforcementLevel.MANDATORY : analyzerProto.EnforcementLevel.ADVISORY,
    )
    .setUrn(finding.urn);
}

function refuseUnplanned(urn: string): analyzerProto.AnalyzeResponse {
  const diagnostic = new analyzerProto.AnalyzeDiagnostic()
    .setPolicyname("as-planned")
    .setPolicypackname(packName)
    .setPolicypackversion("1.0.0")
    .setMessage("the plan that is applied does not name this resource")
    .setEnforcementlevel(analyzerProto.EnforcementLevel.MANDATORY)
    .setUrn(urn);
  return new analyzerProto.AnalyzeResponse().setDiagnosticsList([diagnostic]);
}

async function writePack(folder: string, port: number): Promise<string> {
  const pack = join(folder, "policies");
  await mkdir(pack);
  const settings = {
    name: packName,
    version: "1.0.0",
    runtime: { name: runtime, options: { port: String(port) } },
  };
  await writeFile(join(pack, "PulumiPolicy.yaml"), JSON.stringify(settings));
  return pack;
}

/**
 * The executable that the engine starts for the pack. It tells the port of the service here and stays, with no process
 * of its own, until the engine closes its input or kills it.
 */
const pluginScript = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in -port=*) echo "\${argument#-port=}" ;; esac
done
while read -r _; do :; done
`;

// In the engine's plugin folder: a plugin found on PATH makes the engine warn.
async function placePlugin(home: string): Promise<void> {
  const folder = join(home, "plugins", `analyzer-policy-${runtime}-v1.0.0`);
  const file = join(folder, `pulumi-analyzer-policy-${runtime}`);
  const placed = await stat(file).catch(() => undefined);
  if (placed?.size === Buffer.byteLength(pluginScript)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(aside, pluginScript);
  await chmod(aside, 0o755);
  await rename(aside, file);
}
