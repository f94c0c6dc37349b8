/** What a provider refuses without asking the cloud: missing, unknown and ill-typed inputs, and the rules of the model. */
import { isUnknown, type Properties, type Value } from "../../values/value.ts";
import { type AutoName, type InputFailure, valuesAt } from "../model.ts";
import { modelOf } from "../models.ts";
import { nearestOf } from "../nearest.ts";
import { type Shape, type TypeSchema, typeSchema } from "../schema.ts";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly InputFailure[];
}

/**
 * Checks the inputs of a resource and fills in its name where the program gives none: the old one, or a new one.
 * @param previous inputs as they were checked before; undefined for a new object
 */
export async function checkInputs(
  type: string,
  inputs: Properties,
  previous: Properties | undefined,
  suggestName: () => Promise<string>,
): Promise<Checked> {
  const schema = typeSchema(type);
  const model = modelOf(type);
  if (schema === undefined)
    return { inputs, failures: [{ input: "", reason: `unknown resource type ${type}` }] };
  const given = withoutNulls(inputs);
  const failures = [...missing(schema, given), ...unexpected(schema, given), ...illTyped(schema, given)];
  const named = await nameInput(model.autoName, given, previous, suggestName);
  const own =
    failures.length === 0 ? [...tooLong(model.autoName, named), ...(model.checkInputs?.(named) ?? [])] : [];
  return { inputs: named, failures: [...failures, ...own] };
}

/** Whether the name was made up by the provider and not written by the program. */
export function isAutoNamed(autoName: AutoName, inputs: Properties, resourceName: string): boolean {
  const [name] = valuesAt(inputs, autoName.input);
  if (typeof name !== "string" || !/-[0-9a-f]{7}$/.test(name)) return false;
  const stem = name.slice((autoName.prefix ?? "").length, -8);
  return stem !== "" && resourceName.startsWith(stem);
}

function missing(schema: TypeSchema, inputs: Properties): readonly InputFailure[] {
  return schema.required
    .filter((name) => inputs[name] === undefined)
    .map((name) => ({ input: name, reason: `Missing required property "${name}"` }));
}

function unexpected(schema: TypeSchema, inputs: Properties): readonly InputFailure[] {
  if (schema.open) return [];
  return Object.keys(inputs)
    .filter((name) => !schema.inputs.has(name))
    .map((name) => {
      const nearest = nearestOf(name, schema.inputs.keys());
      const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
      return { input: name, reason: `${schema.token} takes no input "${name}"${hint}` };
    });
}

function illTyped(schema: TypeSchema, inputs: Properties): readonly InputFailure[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const shape = schema.inputs.get(name) ?? "any";
    if (isUnknown(value) || fits(value, shape)) return [];
    return [{ input: name, reason: `expected a ${shape}, got a ${shapeOf(value)}` }];
  });
}

/** Providers turn scalars into one another, so `"80"` passes for a number; lists and mappings are never turned. */
function fits(value: Value, shape: Shape): boolean {
  const seen = shapeOf(value);
  if (shape === "any") return true;
  if (shape === "list" || shape === "map") return seen === shape;
  if (seen === "list" || seen === "map") return false;
  return shape !== "number" || Number.isFinite(Number(value));
}

function shapeOf(value: Value): Shape {
  if (Array.isArray(value)) return "list";
  if (value !== null && typeof value === "object") return "map";
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string";
}

/** A name that the program gives is held to the same length as one that is made up for it. */
function tooLong(autoName: AutoName | undefined, inputs: Properties): readonly InputFailure[] {
  if (autoName === undefined) return [];
  const { input, maxLength } = autoName;
  const [name] = valuesAt(inputs, input);
  if (typeof name !== "string" || isUnknown(name) || name.length <= maxLength) return [];
  return [
    { input, reason: `expected length of ${input} to be in the range (1 - ${maxLength}), got ${name}` },
  ];
}

async function nameInput(
  autoName: AutoName | undefined,
  inputs: Properties,
  previous: Properties | undefined,
  suggestName: () => Promise<string>,
): Promise<Properties> {
  if (autoName === undefined || valuesAt(inputs, autoName.input).length > 0) return inputs;
  const prefix = [`${autoName.input}Prefix`, "generateName"].find((name) => typeof inputs[name] === "string");
  const [old] = previous === undefined ? [] : valuesAt(previous, autoName.input);
  const made = typeof old === "string" ? old : await suggestName();
  const name =
    prefix === undefined || old !== undefined ? made : `${String(inputs[prefix])}${made.slice(-7)}`;
  return put(inputs, autoName.input.split("."), name);
}

function put(value: Properties, [part = "", ...rest]: readonly string[], leaf: string): Properties {
  if (rest.length === 0) return { ...value, [part]: leaf };
  const inner = value[part];
  if (isUnknown(inner)) return value;
  return { ...value, [part]: put((inner ?? {}) as Properties, rest, leaf) };
}

function withoutNulls(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
}
