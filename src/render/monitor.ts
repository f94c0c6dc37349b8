/**
 * Stands where the engine's resource monitor stands: takes registrations, asks the mocks what the cloud would answer,
 * and writes down every resource with its URN, parent, provider and dependencies. Knows neither stacks nor clouds.
 */
import "../model/lean-sdk.ts";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import type { Mocks } from "@pulumi/pulumi/runtime/mocks.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Resource } from "../model/resource.ts";
import { toProperties } from "../model/wire-properties.ts";

type Callback = (error: Error | null, response?: unknown) => void;

/** Something the mocks refused, with the resource it was for. */
export interface Refusal {
  readonly urn: string;
  readonly error: unknown;
}

const stackType = "pulumi:pulumi:Stack";
const providerTypes = "pulumi:providers:";
// Values with dependencies inside are an optimization that inputs would have to be cleaned of.
const unsupportedFeatures: ReadonlySet<string> = new Set(["outputValues"]);

interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly provider: string;
  readonly id: string;
  readonly inputs: structProto.Struct;
}

export interface MonitorOptions {
  readonly mocks: Mocks;
  readonly stack: string;
  readonly project: string;
  /** Of what the mocks answer, only what the inputs say already is known. */
  readonly preview: boolean;
}

export class RenderMonitor {
  readonly #mocks: Mocks;
  readonly #preview: boolean;
  readonly #urnPrefix: string;
  readonly #resources = new Map<string, Resource>();
  readonly #refusals: Refusal[] = [];
  /** Providers whose configuration is not known. */
  readonly #unconfigured = new Set<string>();

  constructor({ mocks, stack, project, preview }: MonitorOptions) {
    this.#mocks = mocks;
    this.#preview = preview;
    this.#urnPrefix = `urn:pulumi:${stack}::${project}::`;
  }

  /** Everything registered so far but the stack itself, in the order of registration. */
  get resources(): readonly Resource[] {
    return [...this.#resources.values()];
  }

  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  registerResource(request: RegisterResourceRequest, callback: Callback): void {
    const registration = {
      urn: this.#toUrn(request.getParent(), request.getType(), request.getName()),
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      provider: request.getProvider(),
      id: request.getImportid(),
      inputs: request.getObject() ?? new structProto.Struct(),
    };
    this.#record(registration, request.getParent(), request.getDependenciesList());
    if (registration.type.startsWith(providerTypes) && holdsUnknown(registration.inputs.toJavaScript())) {
      this.#unconfigured.add(registration.urn);
    }
    void this.#answer(registration).then(({ id, state }) => {
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(registration.urn);
      response.setId(id);
      response.setObject(state);
      callback(null, response);
    });
  }

  readResource(request: ReadResourceRequest, callback: Callback): void {
    const registration = {
      urn: this.#toUrn(request.getParent(), request.getType(), request.getName()),
      type: request.getType(),
      name: request.getName(),
      custom: true,
      provider: request.getProvider(),
      id: request.getId(),
      inputs: request.getProperties() ?? new structProto.Struct(),
    };
    void this.#answer(registration).then(({ state }) => {
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(registration.urn);
      response.setProperties(state);
      callback(null, response);
    });
  }

  async invoke(request: ResourceInvokeRequest, callback: Callback): Promise<void> {
    try {
      const result = await this.#mocks.call({
        token: request.getTok(),
        inputs: runtime.deserializeProperties(request.getArgs() ?? new structProto.Struct()),
        provider: request.getProvider(),
      });
      const response = new providerProto.InvokeResponse();
      response.setReturn(await toStruct(result));
      callback(null, response);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
    }
  }

  registerResourceOutputs(_request: RegisterResourceOutputsRequest, callback: Callback): void {
    callback(null, {});
  }

  supportsFeature(request: SupportsFeatureRequest, callback: Callback): void {
    callback(null, { getHassupport: () => !unsupportedFeatures.has(request.getId()) });
  }

  #record(registration: Registration, parent: string, dependencies: readonly string[]): void {
    const { urn, type, name, custom, provider, inputs } = registration;
    if (type === stackType) return;
    this.#resources.set(urn, {
      urn,
      type,
      name,
      custom,
      ...(parent === "" || isStack(parent) ? {} : { parent }),
      ...(provider === "" ? {} : { provider: urnOfProvider(provider) }),
      inputs: toProperties(inputs.toJavaScript()),
      dependsOn: [...dependencies].sort(),
    });
  }

  // A refusal does not end the run, so that all of them are found at once: what follows sees unknown outputs.
  async #answer(
    registration: Registration,
  ): Promise<{ readonly id: string; readonly state: structProto.Struct }> {
    const { urn, type, name, custom, provider, id, inputs } = registration;
    if (!custom) return { id: "", state: inputs };
    try {
      const result = await this.#mocks.newResource({
        type,
        name,
        inputs: runtime.deserializeProperties(inputs),
        provider,
        custom,
        id,
      });
      // A provider is asked by its id, also while nothing it makes has one.
      const hides = this.#preview && !type.startsWith(providerTypes);
      if (!hides) return { id: result.id ?? "", state: await toStruct(result.state) };
      // As in the engine's preview, which does not ask such a provider: nothing is known of what it would answer.
      if (this.#unconfigured.has(urnOfProvider(provider))) return { id: "", state: new structProto.Struct() };
      const answered = await runtime.serializeProperties("", result.state);
      return {
        id: "",
        state: structProto.Struct.fromJavaScript(hideComputed(inputs.toJavaScript(), answered)),
      };
    } catch (error) {
      this.#refusals.push({ urn, error });
      return { id: "", state: new structProto.Struct() };
    }
  }

  // As the engine does: the types of all ancestors but the stack, then the resource's own.
  #toUrn(parent: string, type: string, name: string): string {
    const qualified = parent === "" || isStack(parent) ? type : `${parent.split("::")[2]}$${type}`;
    return `${this.#urnPrefix}${qualified}::${name}`;
  }
}

type Wire = Readonly<Record<string, structProto.JavaScriptValue>>;

/** The answer with everything unknown that is not in the inputs, at any depth: what the cloud alone decides. */
function hideComputed(inputs: Wire, answered: Wire): Record<string, structProto.JavaScriptValue> {
  const shown = Object.entries(answered).map(([key, value]) => [
    key,
    key in inputs ? hide(inputs[key], value) : runtime.unknownValue,
  ]);
  return { ...inputs, ...Object.fromEntries(shown) };
}

function hide(
  input: structProto.JavaScriptValue | undefined,
  answered: structProto.JavaScriptValue,
): structProto.JavaScriptValue {
  // Secrets, assets and lists come back as they were given.
  if (isSigned(input) || isSigned(answered) || Array.isArray(input)) return input ?? null;
  if (isWire(input) && isWire(answered)) return hideComputed(input, answered);
  // A cloud that answers otherwise than asked decides by itself.
  return isDeepStrictEqual(input, answered) ? (input ?? null) : runtime.unknownValue;
}

function isSigned(value: unknown): boolean {
  return isWire(value) && runtime.specialSigKey in value;
}

function isWire(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === runtime.unknownValue;
  return Object.values(value).some(holdsUnknown);
}

/** A provider reference is the provider's URN and id. */
function urnOfProvider(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

function isStack(urn: string): boolean {
  return urn.split("::")[2] === stackType;
}

async function toStruct(properties: Record<string, unknown>): Promise<structProto.Struct> {
  return structProto.Struct.fromJavaScript(await runtime.serializeProperties("", properties));
}
