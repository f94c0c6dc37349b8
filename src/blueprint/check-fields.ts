/** Checks the fields of component entries against their contracts, layer by layer, so that each slip has its place. */
import { safeParse, type z } from "zod";
import type { Catalog } from "../catalog/catalog.ts";
import type { ComponentContract } from "../catalog/component.ts";
import { describeReference } from "../catalog/reference.ts";
import { type ComponentEntry, componentWords, type Parameter } from "../model/documents.ts";
import { readOnce } from "../model/read-once.ts";
import type { EnvironmentClass, Role } from "../model/words.ts";
import { nearest } from "../values/nearest.ts";
import { checkTemplate, templatesIn } from "./check-templates.ts";
import { type Path, toPointer } from "./document-source.ts";
import { ownFields, referencesOf } from "./instances.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { addSchemaProblems, problemAt } from "./schema-problems.ts";
import { acceptsKind, describeSchema, type Schema, schemaAt, showLiteral } from "./schema-walk.ts";
import { wholeParameter } from "./template.ts";

interface Component {
  readonly blueprint: Loaded<"Blueprint">;
  readonly catalog: Catalog;
  readonly name: string;
  readonly entry: ComponentEntry;
  readonly contract: ComponentContract;
}

/** Every layer of one component's fields, and whether the required ones are there. */
export function checkFields(component: Component, problems: ProblemList): void {
  const { entry, contract, blueprint } = component;
  const base: Path = ["components", component.name];
  const own = ownFields(entry);
  if (entry.use !== undefined) {
    for (const [field] of [...own, ...layersOf(entry).map((layer) => [layer.path[0] ?? ""] as const)]) {
      const message = "a borrowed component has no fields of its own";
      problems.add(
        problemAt(
          blueprint.source,
          [...base, field],
          "unknown-key",
          message,
          { seen: showText(String(field)) },
          "key",
        ),
      );
    }
    return;
  }
  checkLayer(component, base, own, problems);
  for (const layer of layersOf(entry)) {
    checkLayer(component, [...base, ...layer.path], Object.entries(layer.values), problems);
  }
  const given = new Set(own.map(([field]) => field));
  for (const [field, schema] of Object.entries(
    contract.fields.shape as Readonly<Record<string, z.ZodType>>,
  )) {
    if (given.has(field) || schema.isOptional() || isAlwaysSet(component, field)) continue;
    problems.add(
      problemAt(
        blueprint.source,
        [...base, field],
        "missing-key",
        `"${component.name}" needs the field "${field}"`,
        {
          allowed: allowedFor(contract, field, schema),
        },
      ),
    );
  }
}

interface Layer {
  readonly path: Path;
  readonly values: Readonly<Record<string, unknown>>;
}

function layersOf(entry: ComponentEntry): readonly Layer[] {
  const byClass = Object.entries(entry.byClass ?? {}) as [EnvironmentClass, Layer["values"]][];
  const byRole = Object.entries(entry.byRole ?? {}) as [Role, Layer["values"]][];
  return [
    ...byClass.map(([key, values]) => ({ path: ["byClass", key], values })),
    ...byRole.map(([key, values]) => ({ path: ["byRole", key], values })),
  ];
}

function checkLayer(
  component: Component,
  base: Path,
  values: readonly (readonly [string, unknown])[],
  problems: ProblemList,
): void {
  const shape = component.contract.fields.shape as Readonly<Record<string, z.ZodType>>;
  for (const [field, value] of values) {
    const schema = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (schema === undefined) addUnknownField(component, base, field, problems);
    else checkField(component, [...base, field], field, schema, value, problems);
  }
}

function addUnknownField(component: Component, base: Path, field: string, problems: ProblemList): void {
  const { blueprint, contract, catalog } = component;
  const path = [...base, field];
  const isWord = base.length > 2 && componentWords.some((word) => word === field);
  const fields = Object.keys(contract.fields.shape);
  const known = base.length > 2 ? fields : [...fields, ...componentWords];
  const owners = catalog.contracts
    .filter((each) => Object.hasOwn(each.fields.shape, field))
    .map((each) => each.name);
  const hint = isWord
    ? `\`${field}\` goes one level up, beside \`type\`.`
    : owners.length > 0
      ? `\`${field}\` belongs to \`${owners.sort().join("`, `")}\`.`
      : undefined;
  const isInterpolated = field.includes("${");
  problems.add(
    problemAt(
      blueprint.source,
      path,
      isInterpolated ? "must-be-literal" : "unknown-key",
      isInterpolated ? "a key cannot be interpolated" : `${contract.name} has no field "${showText(field)}"`,
      { seen: showText(field), allowed: known.join(", "), ...(hint === undefined ? {} : { next: hint }) },
      "key",
    ),
    () => nearest(field, known),
  );
}

function checkField(
  component: Component,
  path: Path,
  field: string,
  schema: z.ZodType,
  value: unknown,
  problems: ProblemList,
): void {
  const { blueprint, contract } = component;
  const templates = templatesIn(value, []);
  if (referencesOf(contract).has(field)) {
    for (const template of templates) {
      const message = "a reference cannot be interpolated: it decides the order of stacks";
      problems.add(problemAt(blueprint.source, [...path, ...template.path], "must-be-literal", message));
    }
  } else {
    for (const template of templates) checkInserted(component, path, template, schema, problems);
  }
  const parsed = schema.safeParse(value, readOnce);
  if (parsed.success) return;
  const pointers = templates.map((template) => toPointer(template.path));
  const issues = parsed.error.issues.filter((issue) => {
    const pointer = toPointer(issue.path);
    return !pointers.some((each) => each.startsWith(pointer));
  });
  addSchemaProblems(issues, { source: blueprint.source, base: path, schema }, problems);
}

/** Whether what stands in for the interpolation can be of the field's type. */
function checkInserted(
  component: Component,
  base: Path,
  template: { readonly path: Path; readonly text: string },
  schema: Schema,
  problems: ProblemList,
): void {
  const { blueprint } = component;
  const path = [...base, ...template.path];
  checkTemplate(blueprint, path, template.text, "allowed", problems);
  const name = wholeParameter(template.text);
  const { parameters } = blueprint.document;
  const parameter = name !== undefined && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (name !== undefined && parameter === undefined) return;
  const target = schemaAt(schema, template.path);
  if (target === undefined) return;
  const kind = parameter?.type ?? "string";
  if (!acceptsKind(target, kind)) {
    const what =
      parameter === undefined ? "a text with interpolation" : `parameter "${name}", declared ${kind},`;
    problems.add(
      problemAt(blueprint.source, path, "wrong-type", `${what} does not fit the field`, {
        allowed: describeSchema(target),
        ...relatedTo(blueprint, name),
      }),
    );
    return;
  }
  if (name !== undefined && parameter !== undefined)
    checkDeclaredValues(blueprint, path, name, parameter, target, problems);
}

function checkDeclaredValues(
  blueprint: Loaded<"Blueprint">,
  path: Path,
  name: string,
  parameter: Parameter,
  target: Schema,
  problems: ProblemList,
): void {
  const values = [...(parameter.enum ?? []), ...(parameter.default === undefined ? [] : [parameter.default])];
  const wrong = values.filter((value) => !safeParse(target, value, readOnce).success).map(showLiteral);
  if (wrong.length === 0) return;
  const message = `parameter "${name}" can be ${showText(wrong.join(", "))}, which does not fit the field`;
  problems.add(
    problemAt(blueprint.source, path, "bad-parameter", message, {
      allowed: describeSchema(target),
      ...relatedTo(blueprint, name),
    }),
  );
}

function relatedTo(blueprint: Loaded<"Blueprint">, name: string | undefined): object {
  if (name === undefined) return {};
  const position = blueprint.source.positionOf(["parameters", name], "key");
  return { related: [{ position, message: "declared here" }] };
}

/** Whether a contract's defaults or the entry's overrides set a field in every class, or in every role. */
function isAlwaysSet(component: Component, field: string): boolean {
  const has = (values: object | undefined) => values !== undefined && Object.hasOwn(values, field);
  const { contract, entry } = component;
  const classes = entry.when?.class ?? (["prod", "staging", "dev", "sandbox"] as const);
  const roles = entry.when?.role ?? (["primary", "standby"] as const);
  return (
    classes.every((each) => has(contract.defaults.byClass[each]) || has(entry.byClass?.[each])) ||
    roles.every((each) => has(contract.defaults.byRole[each]) || has(entry.byRole?.[each]))
  );
}

function allowedFor(contract: ComponentContract, field: string, schema: Schema): string {
  const info = referencesOf(contract).get(field);
  return info === undefined ? describeSchema(schema) : describeReference(info);
}
