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
import type { Emit } from "../model/event.ts";
import type { Finding } from "../model/finding.ts";
import type { Resource } from "../model/resource.ts";
import { grpcChannelOptions, listen } from "./grpc-server.ts";
import { toProperties } from "./properties.ts";
import type { PolicyJudge } from "./request.ts";
import { nameOf } from "./steps.ts";
import { engineHome } from "./workspace.ts";

export interface PolicyServiceOptions {
  readonly stack: string;
  /** TERRANE_HOME. */
  readonly home: string;
  /** The operation's own folder; the pack is written there. */
  readonly folder: string;
  readonly emit: Emit;
  /** True: verdicts are reported and nothing is denied. */
  readonly preview: boolean;
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
  readonly broken: () => unknown;
}

/** A runtime name of our own: the engine then never looks for a language plugin to start the pack with. */
const runtime = "terrane";
const packName = "terrane";

export async function servePolicies(options: PolicyServiceOptions): Promise<PolicyService> {
  const { policy } = options;
  const findings = new Map<string, Finding>();
  const denied = new Map<string, Finding>();
  const seen = new Map<string, Resource>();
  let broken: { readonly error: unknown } | undefined;

  // In an `up` every value a rule needs is known when it is asked; if it still cannot tell, nothing goes on unjudged.
  const denies = (finding: Finding): boolean =>
    !options.preview && finding.severity === "deny" && finding.verdict !== "pass";

  const record = (finding: Finding): void => {
    const key = `${finding.rule}\n${finding.urn}\n${finding.property ?? ""}`;
    if (!findings.has(key) && finding.verdict !== "pass") {
      try {
        options.emit({ type: "finding", stack: options.stack, finding });
      } catch {
        // A listener's trouble is not the operation's.
      }
    }
    findings.set(key, finding);
    if (denies(finding)) denied.set(key, finding);
  };

  const answer = (verdicts: readonly Finding[]): analyzerProto.AnalyzeResponse => {
    for (const finding of verdicts) record(finding);
    const told = verdicts.filter((finding) => finding.verdict === "fail" || denies(finding));
    return new analyzerProto.AnalyzeResponse().setDiagnosticsList(
      told.map((finding) => toDiagnostic(finding, denies(finding))),
    );
  };

  /** A judge that throws fails the call, and with it the operation. */
  const guarded =
    <Q>(judge: (request: Q) => analyzerProto.AnalyzeResponse) =>
    (call: grpc.ServerUnaryCall<Q, unknown>, callback: grpc.sendUnaryData<unknown>): void => {
      let response: analyzerProto.AnalyzeResponse;
      try {
        if (broken !== undefined) throw broken.error;
        response = judge(call.request);
      } catch (error) {
        broken ??= { error };
        callback({ code: grpc.status.INTERNAL, details: "a policy rule failed" });
        return;
      }
      callback(null, response);
    };

  const judgeOne = (request: analyzerProto.AnalyzeRequest): analyzerProto.AnalyzeResponse => {
    if (request.getType() === "pulumi:pulumi:Stack") return answer([]);
    const resource = toResource(request);
    seen.set(resource.urn, resource);
    if (options.admits?.(resource.urn) === false) return refuseUnplanned(resource.urn);
    return answer(policy?.judge(resource) ?? []);
  };

  const judgeAll = (request: analyzerProto.AnalyzeStackRequest): analyzerProto.AnalyzeResponse => {
    if (policy?.judgeStack === undefined) return answer([]);
    const resources = request.getResourcesList().flatMap((each) => {
      const resource = seen.get(each.getUrn());
      return resource === undefined
        ? []
        : [{ ...resource, dependsOn: [...each.getDependenciesList()].sort() }];
    });
    return answer(policy.judgeStack(resources));
  };

  const service = {
    findings: () => [...findings.values()],
    denied: () => [...denied.values()],
    broken: () => broken?.error,
  };
  if (policy === undefined && options.admits === undefined)
    return { ...service, pack: undefined, [Symbol.asyncDispose]: async () => {} };

  const server = new grpc.Server(grpcChannelOptions);
  server.addService(analyzerGrpc.AnalyzerService, {
    handshake: reply(() => new analyzerProto.AnalyzerHandshakeResponse()),
    configureStack: reply(() => new analyzerProto.AnalyzerStackConfigureResponse()),
    configure: reply(() => new emptyProto.Empty()),
    cancel: reply(() => new emptyProto.Empty()),
    getPluginInfo: reply(() => new pluginProto.PluginInfo().setVersion("1.0.0")),
    getAnalyzerInfo: reply(() => new analyzerProto.AnalyzerInfo().setName(packName).setVersion("1.0.0")),
    remediate: reply(() => new analyzerProto.RemediateResponse()),
    analyze: guarded(judgeOne),
    analyzeStack: guarded(judgeAll),
  });
  const port = await listen(server);
  await placePlugin(engineHome(options.home));
  return {
    ...service,
    pack: await writePack(options.folder, port),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
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
