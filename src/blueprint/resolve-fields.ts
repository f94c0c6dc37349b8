/** The fields of one component in one site: layers, interpolation, the contract's own defaults, and who decided. */
import type { z } from "zod";
import type { Position } from "../errors.ts";
import { readOnce } from "../model/read-once.ts";
import type { SecretReference } from "../model/secret-reference.ts";
import { type Properties, secret, type Value } from "../values/value.ts";
import { templatesIn } from "./check-templates.ts";
import { type Path, toPointer } from "./document-source.ts";
import type { FieldLayer, FieldSetting, Instance } from "./instances.ts";
import { referencesOf } from "./instances.ts";
import { isSecretReference } from "./parameters.ts";
import { type ProblemList, showValue } from "./problem-list.ts";
import { lookupFor, parameterValue, type ResolveRequest } from "./resolve-request.ts";
import { addSchemaProblems, problemAt } from "./schema-problems.ts";
import { describeSchema, schemaAt } from "./schema-walk.ts";
import { expandTemplate, isTemplate, parametersOf, wholeParameter } from "./template.ts";

/** One field with its value and the layer that decided. */
export interface ExplainedField {
  readonly field: string;
  readonly value: Value;
  readonly layer: FieldLayer;
  /** The class or role, for layers that depend on one. */
  readonly selector?: string;
  /** Where the blueprint says so. */
  readonly position?: Position;
}

export interface ResolvedFields {
  /** Without the reference fields. */
  readonly fields: Properties;
  /** JSON Pointer within the fields → where to read the value. The field itself holds the secret marker there. */
  readonly secrets: Readonly<Record<string, SecretReference>>;
  readonly explained: readonly ExplainedField[];
}

export function resolveFields(
  request: ResolveRequest,
  instance: Instance,
  problems: ProblemList,
): ResolvedFields {
  const fields: Record<string, Value> = {};
  const secrets: Record<string, SecretReference> = {};
  const explained: ExplainedField[] = [];
  const { contract } = instance;
  if (instance.entry.use !== undefined) return { fields, secrets, explained };
  const references = referencesOf(contract);
  const shape = contract.fields.shape as Readonly<Record<string, z.ZodType>>;
  const raw: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries(shape)) {
    const setting = instance.fields.get(field);
    const found: Record<string, SecretReference> = {};
    const inserted = insert(request, instance.site, setting?.value, `/${field}`, found);
    raw[field] = inserted;
    // A secret is not at hand, so nothing but its place can be judged.
    const parsed =
      Object.keys(found).length > 0
        ? { success: true as const, data: inserted }
        : schema.safeParse(inserted, readOnce);
    if (!parsed.success) {
      addFieldProblems(request, setting, schema, parsed.error.issues, problems);
      continue;
    }
    Object.assign(secrets, found);
    const value = parsed.data as Value | undefined;
    if (value === undefined) continue;
    explained.push(explain(request, field, value, setting));
    if (!references.has(field)) fields[field] = value;
  }
  if (Object.keys(secrets).length === 0) checkTogether(request, instance, raw, problems);
  return { fields, secrets, explained };
}

/** Puts parameters in, once. A text that is one parameter takes its type; a secret becomes its marker. */
function insert(
  request: ResolveRequest,
  site: string,
  value: unknown,
  pointer: string,
  secrets: Record<string, SecretReference>,
): unknown {
  if (typeof value === "string") {
    if (!isTemplate(value)) return value;
    const name = wholeParameter(value);
    if (name === undefined) return expandTemplate(value, lookupFor(request, site));
    const inserted = parameterValue(request, name);
    if (inserted === undefined || !isSecretReference(inserted)) return inserted;
    secrets[pointer] = inserted;
    return secret;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => insert(request, site, item, `${pointer}/${index}`, secrets));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      insert(request, site, item, `${pointer}${toPointer([key])}`, secrets),
    ]),
  );
}

function explain(
  request: ResolveRequest,
  field: string,
  value: Value,
  setting: FieldSetting | undefined,
): ExplainedField {
  if (setting === undefined) return { field, value, layer: "default" };
  const position = setting.path === undefined ? undefined : request.blueprint.source.positionOf(setting.path);
  return {
    field,
    value,
    layer: setting.layer,
    ...(setting.selector === undefined ? {} : { selector: setting.selector }),
    ...(position === undefined ? {} : { position }),
  };
}

/** What a parameter's value did to a field: told where the value stands, with the field beside it. */
function addFieldProblems(
  request: ResolveRequest,
  setting: FieldSetting | undefined,
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  problems: ProblemList,
): void {
  const { blueprint, environment } = request;
  if (setting?.path === undefined) return;
  const base: Path = setting.path;
  const templates = templatesIn(setting.value, []);
  const own: z.core.$ZodIssue[] = [];
  for (const issue of issues) {
    const pointer = toPointer(issue.path);
    const template = templates.find((each) => toPointer(each.path).startsWith(pointer));
    const name = template === undefined ? undefined : parametersOf(template.text)[0];
    if (template === undefined || name === undefined) {
      own.push(issue);
      continue;
    }
    const target = schemaAt(schema, issue.path);
    const seen = showValue(parameterValue(request, name), ["parameters", name]);
    const isGiven = Object.hasOwn(environment.document.parameters, name);
    const holder = isGiven ? environment.source : blueprint.source;
    const path = isGiven ? ["parameters", name] : ["parameters", name, "default"];
    const field = base.map(String).join(".");
    problems.add({
      ...problemAt(holder, path, "bad-parameter", `the value of "${name}" does not fit ${field}`),
      ...(seen === undefined ? {} : { seen }),
      ...(target === undefined ? {} : { allowed: describeSchema(target) }),
      related: [
        { position: blueprint.source.positionOf([...base, ...template.path]), message: "put in here" },
        { position: blueprint.source.positionOf(["parameters", name], "key"), message: "declared here" },
      ],
    });
  }
  addSchemaProblems(own, { source: blueprint.source, base, schema }, problems);
}

/** Rules of the contract that look at several fields at once. */
function checkTogether(
  request: ResolveRequest,
  instance: Instance,
  raw: Readonly<Record<string, unknown>>,
  problems: ProblemList,
): void {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const parsed = instance.contract.fields.safeParse(given, readOnce);
  if (parsed.success) return;
  for (const issue of parsed.error.issues) {
    if (issue.code !== "custom") continue;
    const [field] = issue.path;
    const setting = field === undefined ? undefined : instance.fields.get(String(field));
    const path = setting?.path ?? ["components", instance.name];
    const source = request.blueprint.source;
    if (problems.hasAt(source.positionOf(path))) continue;
    addSchemaProblems(
      [{ ...issue, path: setting === undefined ? [] : issue.path.slice(1) }],
      { source, base: path, schema: instance.contract.fields },
      problems,
    );
  }
}
