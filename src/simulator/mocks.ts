/**
 * The models behind Pulumi's mocks, so that renders and unit tests see the ids, defaults and outputs of a simulated run.
 * Fits `setMocks` of the SDK without importing it.
 */
import { TerraneError } from "../errors.ts";
import { isUnknown, type Properties, unknown, type Value } from "../values/value.ts";
import type { Clouds } from "./clouds.ts";
import { drawText } from "./draw.ts";
import { lookUp } from "./functions.ts";
import type { Place } from "./model.ts";
import { checkInputs } from "./provider/check.ts";
import { type Accounts, placeOfProvider } from "./provider/configuration.ts";
import { fromWire, toWire } from "./provider/wire.ts";

export interface MockOptions {
  /** Stack that the program belongs to: equal names in different stacks are different objects. Default `mocks`. */
  readonly stack?: string;
  /**
   * True: references must lead to objects that exist, names must be free, quotas count, as in a run. Default false: one
   * program out of its world is looked at, so only its inputs are judged.
   */
  readonly strict?: boolean;
  readonly accounts?: Accounts;
}

/** The arguments of Pulumi's `MockResourceArgs`. */
export interface MockResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `urn::id` of the explicit provider; empty for a default one. */
  readonly provider?: string;
  readonly custom?: boolean;
  /** Given for resources that are read or imported. */
  readonly id?: string;
}

/** The arguments of Pulumi's `MockCallArgs`. */
export interface MockCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider?: string;
}

export interface Mocks {
  newResource(args: MockResource): Promise<{ id: string | undefined; state: Record<string, unknown> }>;
  call(args: MockCall): Promise<Record<string, unknown>>;
}

const defaultRegions: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  gcp: "us-central1",
  "azure-native": "eastus",
};

/** Mocks for one program. Objects are made in the clouds that are handed in, in the order in which the program makes them. */
export function makeMocks(clouds: Clouds, options: MockOptions = {}): Mocks {
  const stack = options.stack ?? "mocks";
  const places = new Map<string, Place>();
  const placeOf = (cloud: string, provider: string | undefined): Place => {
    const id = provider?.slice(provider.lastIndexOf("::") + 2) ?? "";
    return places.get(id) ?? providerPlace(cloud, {}, options.accounts ?? {});
  };
  return {
    async newResource(args) {
      const { value: inputs, secrets } = fromWire(withoutObjects(args.inputs));
      if (args.custom === false) return { id: undefined, state: { ...args.inputs } };
      if (args.type.startsWith("pulumi:providers:")) {
        const cloud = args.type.slice("pulumi:providers:".length);
        const place = providerPlace(cloud, inputs, options.accounts ?? {});
        const id = drawText([stack, args.type, args.name, JSON.stringify(inputs)], 32);
        places.set(id, place);
        return { id, state: { ...args.inputs } };
      }
      const place = placeOf(args.type.split(":")[0] ?? "", args.provider);
      const urn = `urn:pulumi:${stack}::terrane::${args.type}::${args.name}`;
      const call = { urn, type: args.type, place, inputs, secrets, lenient: options.strict !== true };
      if (args.id !== undefined && args.id !== "") {
        const found = await clouds.read({ ...call, id: args.id }, {});
        return { id: args.id, state: { ...args.inputs, ...found?.outputs } };
      }
      const checked = await checkInputs(args.type, inputs, undefined, () => clouds.suggestName(call));
      assertNoFailures(args, checked.failures);
      const made = await clouds.create({ ...call, inputs: checked.inputs });
      const outputs = toWire(withoutUnknown(made.outputs), made.secrets);
      // What was given comes back as it was given: assets, unknowns and secrets keep their own form.
      return { id: made.id, state: { ...outputs, ...changedNowhere(args.inputs, inputs, made.outputs) } };
    },
    async call(args) {
      const place = placeOf(args.token.split(":")[0] ?? "", args.provider);
      const answer = lookUp(args.token, fromWire(withoutObjects(args.inputs)).value, place);
      return toWire(answer.value, answer.secrets);
    },
  };
}

/** A provider that is not configured yet, or whose configuration is not known, works somewhere plausible. */
function providerPlace(cloud: string, settings: Properties, accounts: Accounts): Place {
  const region = defaultRegions[cloud];
  const known = Object.fromEntries(Object.entries(settings).filter(([, value]) => !isUnknown(value)));
  return placeOfProvider(
    cloud,
    { ...(region === undefined ? {} : { region, location: region }), ...known },
    accounts,
  );
}

function assertNoFailures(args: MockResource, failures: readonly { input: string; reason: string }[]): void {
  if (failures.length === 0) return;
  const reasons = failures.map(({ input, reason }) => `${input}: ${reason}`).join("; ");
  throw new TerraneError("cloud-error", `${args.type} "${args.name}" has wrong inputs: ${reasons}`, {
    details: { type: args.type, name: args.name, failures },
  });
}

/** Inputs in plain values: the SDK's unknowns become our marker, assets and other live objects are left out. */
function withoutObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutObjects);
  if (value === null || typeof value !== "object") return value;
  if ((value as { __pulumiUnknown?: unknown }).__pulumiUnknown === true) return unknown;
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const plain = Object.entries(value).map(([key, item]) => [key, withoutObjects(item)] as const);
  return Object.fromEntries(plain.filter(([, item]) => item !== undefined));
}

function withoutUnknown(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !isUnknown(value)));
}

/** The given inputs that the cloud answers unchanged; those that it completes come from the cloud. */
function changedNowhere(
  given: Readonly<Record<string, unknown>>,
  inputs: Properties,
  outputs: Properties,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => same(inputs[name], outputs[name])));
}

function same(one: Value | undefined, other: Value | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
