/**
 * A resource provider as the engine sees one, in plain values: check, diff, create, read, update, delete, previews. The
 * gRPC service around it only translates. Stateless: where it works is handed in with every call.
 */
import { type Properties, unknown } from "../../values/value.ts";
import { plannedOutputs, resourceName } from "../calls.ts";
import type { Clouds } from "../clouds.ts";
import { asMap, type Place, valuesAt } from "../model.ts";
import { modelOf, placeOf } from "../models.ts";
import { typeSchema } from "../schema.ts";
import { type Path, secretPaths } from "../sealing.ts";
import { type Checked, checkInputs } from "./check.ts";
import { type Differences, diffInputs } from "./diff.ts";
import type { Opened } from "./wire.ts";

export interface About {
  readonly urn: string;
  readonly type: string;
  readonly place: Place;
}

/** What a call did, for whoever wants to watch or to interfere. */
export interface CallNotice extends About {
  readonly verb: "create" | "read" | "update" | "delete";
  readonly id?: string;
}

export interface CallHooks {
  /** Before anything happens; a rejection is the call's answer. */
  readonly before?: (notice: CallNotice) => Promise<void>;
  /** The effect is durable, the reply is not sent yet; a rejection is the call's answer. */
  readonly after?: (notice: CallNotice) => Promise<void>;
}

export interface ResourceAnswer {
  readonly id: string;
  readonly outputs: Properties;
  readonly secrets: readonly Path[];
  /** Virtual seconds. */
  readonly seconds: number;
}

export class ResourceProvider {
  readonly #clouds: Clouds;
  readonly #clock: { readonly operation?: string };
  readonly #hooks: CallHooks;

  constructor(clouds: Clouds, operation: string | undefined, hooks: CallHooks) {
    this.#clouds = clouds;
    this.#clock = operation === undefined ? {} : { operation };
    this.#hooks = hooks;
  }

  check(about: About, inputs: Properties, previous: Properties | undefined): Promise<Checked> {
    return checkInputs(about.type, inputs, previous, () => this.#clouds.suggestName({ ...about, inputs }));
  }

  /** @param settings what the provider was configured with. */
  diff(about: About, before: Properties, after: Properties, settings: Properties = {}): Differences {
    const model = modelOf(about.type);
    const place = placeOf(model, about.place, after);
    const named = { urn: about.urn, resourceName: resourceName(about.urn), place };
    return diffInputs(model, before, after, named, settings);
  }

  async create(about: About, inputs: Opened): Promise<ResourceAnswer> {
    await this.#hooks.before?.({ ...about, verb: "create" });
    const answer = await this.#clouds.create({
      ...about,
      inputs: inputs.value,
      secrets: inputs.secrets,
      ...this.#clock,
    });
    await this.#hooks.after?.({ ...about, verb: "create", id: answer.id });
    return answer;
  }

  /** What a create would answer, as far as anybody can know: the rest is unknown. */
  planCreate(about: About, inputs: Opened): Omit<ResourceAnswer, "id" | "seconds"> {
    const schema = typeSchema(about.type);
    const place = placeOf(modelOf(about.type), about.place, inputs.value);
    const outputs = plannedOutputs(about.type, inputs.value, place, schema?.outputs.keys() ?? []);
    return {
      outputs,
      secrets: secretPaths(outputs, inputs.value, inputs.secrets, schema?.secrets ?? new Set()),
    };
  }

  /** What an update would answer: what the object has, with the new inputs laid over it. */
  planUpdate(
    about: About,
    state: Properties,
    before: Properties,
    inputs: Opened,
  ): Omit<ResourceAnswer, "id" | "seconds"> {
    const model = modelOf(about.type);
    const place = placeOf(model, about.place, inputs.value);
    const dropped = Object.keys(before).filter((name) => inputs.value[name] === undefined);
    const kept = Object.fromEntries(Object.entries(state).filter(([name]) => !dropped.includes(name)));
    const planned = plannedOutputs(about.type, inputs.value, place, []);
    const outputs: Record<string, Properties[string]> = { ...kept, ...planned };
    for (const path of model.computedInside ?? []) {
      const [top = "", inner = ""] = path.split(".");
      const [old] = valuesAt(state, path);
      if (old !== undefined) outputs[top] = { ...asMap(outputs[top]), [inner]: old };
    }
    for (const name of model.renewed ?? []) outputs[name] = unknown;
    const always = typeSchema(about.type)?.secrets ?? new Set<string>();
    return { outputs, secrets: secretPaths(outputs, inputs.value, inputs.secrets, always) };
  }

  async read(about: About, id: string, inputs: Properties, state: Properties) {
    await this.#hooks.before?.({ ...about, verb: "read", id });
    const call = { ...about, id, inputs: Object.keys(inputs).length === 0 ? state : inputs };
    const answer = await this.#clouds.read(call, state);
    await this.#hooks.after?.({ ...about, verb: "read", id });
    return answer;
  }

  async update(about: About, id: string, inputs: Opened): Promise<ResourceAnswer> {
    await this.#hooks.before?.({ ...about, verb: "update", id });
    const answer = await this.#clouds.update({
      ...about,
      id,
      inputs: inputs.value,
      secrets: inputs.secrets,
      ...this.#clock,
    });
    await this.#hooks.after?.({ ...about, verb: "update", id });
    return answer;
  }

  async delete(about: About, id: string, state: Properties): Promise<{ readonly seconds: number }> {
    await this.#hooks.before?.({ ...about, verb: "delete", id });
    const answer = await this.#clouds.delete({ ...about, id, inputs: state, ...this.#clock });
    await this.#hooks.after?.({ ...about, verb: "delete", id });
    return answer;
  }
}
