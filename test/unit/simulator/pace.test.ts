/** Slowed replies over the real wire: who waits, and whose waits end. */
import { type Client, credentials, type ServiceError } from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { afterEach, describe, expect, it } from "vitest";
import { openMemoryClouds } from "../../../src/simulator/clouds.ts";
import type { FaceOptions } from "../../../src/simulator/provider/face.ts";
import { startProviders } from "../../../src/simulator/provider/server.ts";

let cleanUp = new AsyncDisposableStack();
afterEach(() => cleanUp.disposeAsync());

/** Longer than any test waits, so that a reply that comes was not paced. */
const anHour = 3_600_000;
const vpcType = "aws:ec2/vpc:Vpc";
/** Virtual seconds that a network takes. */
const vpcSeconds = 3;

/** One engine's connection to the provider, configured. */
class Engine {
  readonly #client: InstanceType<typeof providerGrpc.ResourceProviderClient>;
  /** Names of networks whose create was answered, in order. */
  readonly answered: string[] = [];

  constructor(port: number) {
    this.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      {
        // Two engines are two connections, as two processes have.
        "grpc.use_local_subchannel_pool": 1,
      },
    );
    cleanUp.defer(() => (this.#client as Client).close());
  }

  configure(): Promise<unknown> {
    const args = structProto.Struct.fromJavaScript({ region: "us-east-1" });
    return this.#call("configure", new proto.ConfigureRequest().setArgs(args));
  }

  async create(name: string): Promise<void> {
    const request = new proto.CreateRequest()
      .setUrn(`urn:pulumi:s::terrane::${vpcType}::${name}`)
      .setType(vpcType)
      .setProperties(structProto.Struct.fromJavaScript({ cidrBlock: "10.0.0.0/16" }));
    await this.#call("create", request);
    this.answered.push(name);
  }

  cancel(): Promise<unknown> {
    return this.#call("cancel", new emptyProto.Empty());
  }

  /** A call that is never paced: whatever this connection was sent before is here once it is answered. */
  roundTrip(): Promise<unknown> {
    return this.#call("getPluginInfo", new emptyProto.Empty());
  }

  #call(method: "configure" | "create" | "cancel" | "getPluginInfo", request: unknown): Promise<unknown> {
    type Method = (request: unknown, reply: (error: ServiceError | null, value: unknown) => void) => void;
    return new Promise((resolve, reject) => {
      const run = this.#client[method] as unknown as Method;
      run.call(this.#client, request, (error, value) => (error === null ? resolve(value) : reject(error)));
    });
  }
}

/** Providers with that pace, two engines at one of them, and word of every effect that is durable. */
async function openPaced(paceMillisecondsPerVirtualSecond: number) {
  cleanUp = new AsyncDisposableStack();
  const clouds = cleanUp.use(await openMemoryClouds());
  const made = new Map<string, PromiseWithResolvers<void>>();
  const effect = (name: string): PromiseWithResolvers<void> => {
    const known = made.get(name) ?? Promise.withResolvers<void>();
    made.set(name, known);
    return known;
  };
  const hooks: FaceOptions["hooks"] = {
    after: async ({ urn }) => effect(urn.slice(urn.lastIndexOf("::") + 2)).resolve(),
  };
  const providers = cleanUp.adopt(
    await startProviders(clouds, { paceMillisecondsPerVirtualSecond, hooks }),
    (running) => running.close(),
  );
  const port = providers.ports["aws"] ?? 0;
  const [one, other] = [new Engine(port), new Engine(port)];
  await Promise.all([one.configure(), other.configure()]);
  return { clouds, providers, one, other, made: (name: string) => effect(name).promise };
}

describe("a paced provider", () => {
  it("holds a reply for as long as its call takes", async () => {
    const { one } = await openPaced(5);
    const start = performance.now();
    await one.create("a");
    // Timers may be early by the fraction that they round off.
    expect(performance.now() - start).toBeGreaterThanOrEqual(5 * vpcSeconds - 1);
  });

  it("shows the effect before the reply", async () => {
    const { clouds, one, made } = await openPaced(anHour);
    const create = one.create("a");
    await made("a");
    expect(await clouds.list({ type: vpcType })).toHaveLength(1);
    await one.roundTrip();
    expect(one.answered).toEqual([]);
    await one.cancel();
    await create;
  });

  it("ends the waits of the engine that cancels, and of no other", async () => {
    const { one, other, made } = await openPaced(anHour);
    const ofOne = [one.create("a"), one.create("b")];
    const ofOther = other.create("c");
    await Promise.all([made("a"), made("b"), made("c")]);
    await one.cancel();
    await Promise.all(ofOne);
    expect(one.answered.sort()).toEqual(["a", "b"]);
    await other.roundTrip();
    expect(other.answered).toEqual([]);
    await other.cancel();
    await ofOther;
  });

  it("goes on slowing down an engine after another one has cancelled", async () => {
    const { one, other, made } = await openPaced(anHour);
    const ofOne = one.create("a");
    await made("a");
    await one.cancel();
    await ofOne;
    const ofOther = other.create("b");
    await made("b");
    await other.roundTrip();
    expect(other.answered).toEqual([]);
    await other.cancel();
    await ofOther;
    expect(other.answered).toEqual(["b"]);
  });

  it("lets nobody wait once it is closed", async () => {
    const { providers, one, made } = await openPaced(anHour);
    const create = one.create("a").catch((error: unknown) => error);
    await made("a");
    await providers.close();
    // Answered or cut off: either way the engine is not left hanging.
    await create;
  });
});
