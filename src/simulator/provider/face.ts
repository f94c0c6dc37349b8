/**
 * The messages of Pulumi's provider protocol, translated: wire values in, calls of the resource provider, wire values
 * out. Decides nothing but which of several providers of one cloud is calling.
 */

import { setTimeout as delay } from "node:timers/promises";
import type * as grpc from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { TerraneError } from "../../errors.ts";
import type { Properties } from "../../values/value.ts";
import type { Clouds } from "../clouds.ts";
import { lookUp } from "../functions.ts";
import type { Place } from "../model.ts";
import { sdkVersion } from "../schema.ts";
import { type Accounts, placeOfProvider } from "./configuration.ts";
import { toDiffResponse } from "./diff-response.ts";
import { type FindExisting, resourcesOf } from "./existing.ts";
import type { CallHooks, ResourceProvider } from "./resource.ts";
import type { StructMessage, Stubs } from "./stubs.ts";
import { fromWire, type Opened, toWire } from "./wire.ts";

export interface FaceOptions {
  /** Calls of one operation share a virtual clock, see {@link Clouds.virtualSeconds}. Without one, no clock runs. */
  readonly operation?: string;
  readonly accounts?: Accounts;
  /** How long a reply waits for each virtual second of its call, so that something is seen to move. Default 0. */
  readonly paceMillisecondsPerVirtualSecond?: number;
  readonly hooks?: CallHooks;
  /** With it nothing in the clouds is changed: see `existing.ts`. */
  readonly existing?: FindExisting;
}

type Handler = (request: never, peer: string) => Promise<unknown>;

/** One cloud's provider: every method answers one message of the protocol. */
export class ProviderFace {
  readonly #cloud: string;
  readonly #options: FaceOptions;
  readonly #stubs: Stubs;
  readonly #resources: ResourceProvider;
  /** Peer connection → where that provider works: explicit providers of one cloud share the port. */
  readonly #places = new Map<string, Place>();
  readonly #settings = new Map<string, Properties>();
  /** Peer connection → what ends its waits. An engine cancels its provider when it is done, and others go on. */
  readonly #waits = new Map<string, AbortController>();

  constructor(cloud: string, clouds: Clouds, options: FaceOptions, stubs: Stubs) {
    this.#cloud = cloud;
    this.#options = options;
    this.#stubs = stubs;
    this.#resources = resourcesOf(clouds, options);
  }

  /** Ends every wait. */
  stop(): void {
    for (const peer of this.#waits.keys()) this.#cancel(peer);
  }

  implementation(): grpc.UntypedServiceImplementation {
    const handlers: Readonly<Record<string, Handler>> = {
      handshake: async () => this.#handshake(),
      attach: async () => new this.#stubs.Empty(),
      getPluginInfo: async () => {
        const info = new this.#stubs.PluginInfo();
        info.setVersion(sdkVersion(this.#cloud) ?? "0.0.0");
        return info;
      },
      checkConfig: (request: messages.CheckRequest) => this.#checkConfig(request),
      diffConfig: (request: messages.DiffRequest) => this.#diffConfig(request),
      configure: (request: messages.ConfigureRequest, peer) => this.#configure(request, peer),
      check: (request: messages.CheckRequest, peer) => this.#check(request, peer),
      diff: (request: messages.DiffRequest, peer) => this.#diff(request, peer),
      create: (request: messages.CreateRequest, peer) => this.#create(request, peer),
      read: (request: messages.ReadRequest, peer) => this.#read(request, peer),
      update: (request: messages.UpdateRequest, peer) => this.#update(request, peer),
      delete: (request: messages.DeleteRequest, peer) => this.#delete(request, peer),
      invoke: (request: messages.InvokeRequest, peer) => this.#invoke(request, peer),
      cancel: async (_request: unknown, peer) => {
        this.#cancel(peer);
        return new this.#stubs.Empty();
      },
    };
    const names = Object.keys(this.#stubs.service);
    return Object.fromEntries(
      names.map((name) => [name, this.#serve(handlers[name], name)]),
    ) as unknown as grpc.UntypedServiceImplementation;
  }

  #serve(handler: Handler | undefined, name: string) {
    return (call: grpc.ServerUnaryCall<never, unknown>, reply: grpc.sendUnaryData<unknown>): void => {
      const { status } = this.#stubs.grpc;
      if (handler === undefined) {
        const error = { code: status.UNIMPLEMENTED, details: `${name} is not simulated` };
        // Streams have no reply function: they end by an error event.
        if (typeof reply === "function") reply(error);
        else (call as unknown as { emit(event: string, error: object): void }).emit("error", error);
        return;
      }
      handler(call.request, call.getPeer()).then(
        (response) => reply(null, response),
        (error: unknown) => reply({ code: status.UNKNOWN, details: wordsOf(error) }),
      );
    };
  }

  async #handshake(): Promise<unknown> {
    const response = new this.#stubs.provider.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  /** Settings of a provider are refused when it is configured, where the real ones refuse them too. */
  async #checkConfig(request: messages.CheckRequest): Promise<unknown> {
    const response = new this.#stubs.provider.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }

  /** A provider that moves to another account, project or cluster takes everything it made with it. */
  async #diffConfig(request: messages.DiffRequest): Promise<unknown> {
    const before = open(request.getOldInputs() ?? request.getOlds());
    const after = open(request.getNews());
    const response = new this.#stubs.provider.DiffResponse();
    const changed = JSON.stringify(before.value) !== JSON.stringify(after.value);
    const { DIFF_SOME, DIFF_NONE } = this.#stubs.provider.DiffResponse.DiffChanges;
    response.setChanges(changed ? DIFF_SOME : DIFF_NONE);
    if (changed && this.#moves(before.value, after.value))
      response.setReplacesList([movingSetting[this.#cloud] ?? "region"]);
    return response;
  }

  #moves(before: Properties, after: Properties): boolean {
    try {
      const [from, to] = [before, after].map((each) =>
        placeOfProvider(this.#cloud, each, this.#options.accounts ?? {}),
      );
      return JSON.stringify(from) !== JSON.stringify(to);
    } catch {
      // What cannot be placed is refused when it is configured.
      return false;
    }
  }

  async #configure(request: messages.ConfigureRequest, peer: string): Promise<unknown> {
    const settings = { ...open(request.getArgs()).value, ...variablesOf(request) };
    this.#places.set(peer, placeOfProvider(this.#cloud, settings, this.#options.accounts ?? {}));
    this.#settings.set(peer, settings);
    const response = new this.#stubs.provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async #check(request: messages.CheckRequest, peer: string): Promise<unknown> {
    const news = open(request.getNews());
    const olds = request.hasOlds() ? open(request.getOlds()).value : {};
    const previous = Object.keys(olds).length === 0 ? undefined : olds;
    const checked = await this.#resources.check(this.#about(request, peer), news.value, previous);
    const response = new this.#stubs.provider.CheckResponse();
    response.setInputs(this.#struct(checked.inputs, news.secrets));
    response.setFailuresList(
      checked.failures.map(({ input, reason }) => {
        const failure = new this.#stubs.provider.CheckFailure();
        failure.setProperty(input);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }

  async #diff(request: messages.DiffRequest, peer: string): Promise<unknown> {
    const before = open(request.getOldInputs() ?? request.getOlds()).value;
    const after = open(request.getNews()).value;
    return toDiffResponse(
      this.#resources.diff(this.#about(request, peer), before, after, this.#settings.get(peer) ?? {}),
      this.#stubs.provider,
    );
  }

  async #create(request: messages.CreateRequest, peer: string): Promise<unknown> {
    const about = this.#about(request, peer);
    const inputs = open(request.getProperties());
    const response = new this.#stubs.provider.CreateResponse();
    if (request.getPreview()) {
      const planned = this.#resources.planCreate(about, inputs);
      response.setProperties(this.#struct(planned.outputs, planned.secrets));
      return response;
    }
    const made = await this.#resources.create(about, inputs);
    await this.#pace(made.seconds, peer);
    response.setId(made.id);
    response.setProperties(this.#struct(made.outputs, made.secrets));
    return response;
  }

  async #read(request: messages.ReadRequest, peer: string): Promise<unknown> {
    const inputs = open(request.getInputs()).value;
    const state = open(request.getProperties()).value;
    const found = await this.#resources.read(this.#about(request, peer), request.getId(), inputs, state);
    const response = new this.#stubs.provider.ReadResponse();
    if (found === undefined) return response;
    response.setId(found.id);
    response.setProperties(this.#struct(found.outputs, found.secretOutputs));
    response.setInputs(this.#struct(found.inputs, found.secretInputs));
    return response;
  }

  async #update(request: messages.UpdateRequest, peer: string): Promise<unknown> {
    const about = this.#about(request, peer);
    const inputs = open(request.getNews());
    const response = new this.#stubs.provider.UpdateResponse();
    if (request.getPreview()) {
      const before = open(request.getOldInputs()).value;
      const planned = this.#resources.planUpdate(about, open(request.getOlds()).value, before, inputs);
      response.setProperties(this.#struct(planned.outputs, planned.secrets));
      return response;
    }
    const changed = await this.#resources.update(about, request.getId(), inputs);
    await this.#pace(changed.seconds, peer);
    response.setProperties(this.#struct(changed.outputs, changed.secrets));
    return response;
  }

  async #delete(request: messages.DeleteRequest, peer: string): Promise<unknown> {
    const state = open(request.getProperties()).value;
    const { seconds } = await this.#resources.delete(this.#about(request, peer), request.getId(), state);
    await this.#pace(seconds, peer);
    return new this.#stubs.Empty();
  }

  async #invoke(request: messages.InvokeRequest, peer: string): Promise<unknown> {
    const answer = lookUp(request.getTok(), open(request.getArgs()).value, this.#place(peer));
    const response = new this.#stubs.provider.InvokeResponse();
    response.setReturn(this.#struct(answer.value, answer.secrets));
    return response;
  }

  #about(request: { getUrn(): string; getType(): string }, peer: string) {
    const urn = request.getUrn();
    const type = request.getType() || (urn.split("::")[2]?.split("$").at(-1) ?? "");
    return { urn, type, place: this.#place(peer) };
  }

  #place(peer: string): Place {
    const place = this.#places.get(peer);
    if (place !== undefined) return place;
    // A connection that was made anew is unknown, but with one provider there is no doubt whose it is.
    const known = new Map([...this.#places.values()].map((each) => [JSON.stringify(each), each]));
    const [only] = known.values();
    if (only !== undefined && known.size === 1) return only;
    throw new TerraneError("cloud-error", `a provider of ${this.#cloud} called before it was configured`);
  }

  #struct(value: Properties, secrets: Opened["secrets"]): StructMessage {
    return this.#stubs.Struct.fromJavaScript(toWire(value, secrets));
  }

  async #pace(seconds: number, peer: string): Promise<void> {
    const pause = seconds * (this.#options.paceMillisecondsPerVirtualSecond ?? 0);
    if (pause <= 0) return;
    // The effect is there already: a cancelled wait changes nothing but the time of the reply.
    const wait = this.#waits.get(peer) ?? new AbortController();
    this.#waits.set(peer, wait);
    await delay(pause, undefined, { signal: wait.signal }).catch(() => undefined);
  }

  #cancel(peer: string): void {
    this.#waits.get(peer)?.abort();
    this.#waits.delete(peer);
  }
}

/** The setting named as the reason when a provider moves. */
const movingSetting: Readonly<Record<string, string>> = {
  gcp: "project",
  kubernetes: "kubeconfig",
  "azure-native": "subscriptionId",
};

function open(struct: StructMessage | undefined): Opened {
  return fromWire(struct?.toJavaScript());
}

/** Old engines send configuration as `aws:config:region`. */
function variablesOf(request: messages.ConfigureRequest): Properties {
  if (request.hasArgs()) return {};
  const entries = [...request.getVariablesMap().entries()] as [string, string][];
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(key.lastIndexOf(":") + 1), value]));
}

/** A refusal is the cloud's own words; anything else is a defect and keeps its stack for the report. */
function wordsOf(error: unknown): string {
  if (error instanceof TerraneError) return error.message;
  return error instanceof Error
    ? `the simulated clouds failed: ${error.stack ?? error.message}`
    : String(error);
}
