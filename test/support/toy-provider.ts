/**
 * A cloud of one type, `toy:index:Thing`, behind Pulumi's provider protocol: every call is recorded, and a test can
 * make a call fail or wait. Input `kind` is immutable; input `sealed` comes back as the secret output `sealed`.
 */
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { listen } from "../../src/engine/grpc-server.ts";

export type ToyVerb = "create" | "update" | "delete" | "read";

export interface ToyCloud extends AsyncDisposable {
  readonly port: number;
  /** `create name`, in the order in which they arrived. */
  readonly calls: readonly string[];
  /** id → properties of what exists. */
  readonly things: ReadonlyMap<string, Record<string, unknown>>;
  /** Largest number of calls that were open at once. */
  readonly peak: () => number;
  /** Resolves when the engine tells its providers that it is asked to end. */
  readonly cancelled: Promise<void>;
  /** Calls of the verb on the thing answer with these words. */
  fail(verb: ToyVerb, name: string, words: string): void;
  /** Calls of the verb on the thing wait until the answer is called. `reached` resolves when one waits. */
  hold(verb: ToyVerb, name: string): { readonly reached: Promise<void>; readonly release: () => void };
}

const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const immutable = ["kind"];

export async function startToyCloud(): Promise<ToyCloud> {
  const calls: string[] = [];
  const things = new Map<string, Record<string, unknown>>();
  const failures = new Map<string, string>();
  const holds = new Map<string, { reached: () => void; released: Promise<void> }>();
  const cancelled = Promise.withResolvers<void>();
  let serial = 0;
  let open = 0;
  let peak = 0;

  const act = async (verb: ToyVerb, name: string): Promise<void> => {
    const key = `${verb} ${name}`;
    calls.push(key);
    open += 1;
    peak = Math.max(peak, open);
    try {
      const hold = holds.get(key);
      hold?.reached();
      await hold?.released;
    } finally {
      open -= 1;
    }
    const words = failures.get(key);
    if (words !== undefined) throw new Error(words);
  };

  const server = new grpc.Server();
  const unary =
    <Q, R>(handle: (request: Q) => Promise<R> | R) =>
    (call: grpc.ServerUnaryCall<Q, R>, callback: grpc.sendUnaryData<R>): void => {
      void (async () => handle(call.request))().then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
      );
    };
  server.addService(providerGrpc.ResourceProviderService, {
    getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion("1.0.0")),
    handshake: unary(() => new proto.ProviderHandshakeResponse()),
    attach: unary(() => new emptyProto.Empty()),
    cancel: unary(() => {
      cancelled.resolve();
      return new emptyProto.Empty();
    }),
    checkConfig: unary((request: proto.CheckRequest) =>
      new proto.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() =>
      new proto.ConfigureResponse()
        .setAcceptsecrets(false)
        .setSupportspreview(true)
        .setAcceptresources(false),
    ),
    check: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diff: unary(diff),
    create: unary(async (request: proto.CreateRequest) => {
      const inputs = toRecord(request.getProperties());
      const { name } = inputs as { name: string };
      if (request.getPreview()) {
        return new proto.CreateResponse().setProperties(toStruct({ ...inputs, address: unknownText }));
      }
      await act("create", name);
      serial += 1;
      const id = `${name}-${serial}`;
      const outputs = { ...inputs, address: `10.0.0.${serial}` };
      things.set(id, outputs);
      return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const existing = things.get(request.getId());
      if (existing === undefined) return new proto.ReadResponse();
      await act("read", String(existing["name"]));
      const { address: _address, ...inputs } = existing;
      return new proto.ReadResponse()
        .setId(request.getId())
        .setProperties(toStruct(existing))
        .setInputs(toStruct(inputs));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const inputs = toRecord(request.getNews());
      const outputs = { ...toRecord(request.getOlds()), ...inputs };
      if (request.getPreview()) return new proto.UpdateResponse().setProperties(toStruct(outputs));
      await act("update", String(inputs["name"]));
      things.set(request.getId(), outputs);
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await act("delete", String(toRecord(request.getProperties())["name"]));
      things.delete(request.getId());
      return new emptyProto.Empty();
    }),
  });
  const port = await listen(server);
  return {
    port,
    calls,
    things,
    peak: () => peak,
    cancelled: cancelled.promise,
    fail: (verb, name, words) => void failures.set(`${verb} ${name}`, words),
    hold: (verb, name) => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      holds.set(`${verb} ${name}`, { reached: reached.resolve, released: released.promise });
      return { reached: reached.promise, release: released.resolve };
    },
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

function diff(request: proto.DiffRequest): proto.DiffResponse {
  const olds = toRecord(request.getOldInputs());
  const news = toRecord(request.getNews());
  const response = new proto.DiffResponse().setHasdetaileddiff(true);
  let changed = false;
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    if (JSON.stringify(olds[key]) === JSON.stringify(news[key])) continue;
    changed = true;
    const replaces = immutable.includes(key);
    const kind = !(key in olds) ? "ADD" : !(key in news) ? "DELETE" : "UPDATE";
    response
      .getDetaileddiffMap()
      .set(
        key,
        new proto.PropertyDiff()
          .setInputdiff(true)
          .setKind(proto.PropertyDiff.Kind[replaces ? (`${kind}_REPLACE` as const) : kind]),
      );
    response.addDiffs(key);
    if (replaces) response.addReplaces(key);
  }
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return response.setChanges(changed ? DIFF_SOME : DIFF_NONE);
}

function toRecord(struct: structProto.Struct | undefined): Record<string, unknown> {
  return (struct?.toJavaScript() ?? {}) as Record<string, unknown>;
}

function toStruct(record: Record<string, unknown>): structProto.Struct {
  return structProto.Struct.fromJavaScript(record as Record<string, structProto.JavaScriptValue>);
}

export interface ThingInputs {
  readonly name?: pulumi.Input<string>;
  readonly text?: pulumi.Input<string>;
  readonly kind?: pulumi.Input<string>;
  readonly sealed?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export class Thing extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  declare readonly text: pulumi.Output<string | undefined>;
  declare readonly sealed: pulumi.Output<string | undefined>;

  constructor(name: string, inputs: ThingInputs = {}, options: pulumi.CustomResourceOptions = {}) {
    super(
      "toy:index:Thing",
      name,
      { name, text: undefined, kind: undefined, sealed: undefined, ...inputs, address: undefined },
      { additionalSecretOutputs: ["sealed"], ...options },
    );
  }
}
