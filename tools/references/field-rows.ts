/** Rows of a table of fields: each with what it is made of below it, as documents and components alike show them. */
import type { ComponentFieldDoc } from "../../src/blueprint/explain-schema.ts";
import type { FieldDoc } from "../../src/blueprint/field-doc.ts";
import { showDefault } from "../../src/cli/output/field-page.ts";
import { code } from "./markdown.ts";

type Field = FieldDoc | ComponentFieldDoc;

/** Name, what is allowed, default, meaning. */
export function fieldRows(field: Field, above = ""): readonly (readonly string[])[] {
  const path = `${above}${field.name}`;
  return [
    [code(path), field.allowed, defaultOf(field), field.description ?? ""],
    ...field.fields.flatMap((inner) => fieldRows(inner, `${path}${stepOf(field)}.`)),
  ];
}

/** What stands between a key and those below it: a name of the user's, or a place in a list. */
function stepOf({ allowed }: Field): string {
  if (allowed.startsWith("a list")) return "[]";
  return allowed === "a mapping from names" ? ".<name>" : "";
}

function defaultOf(field: Field): string {
  const own = field.default === undefined ? [] : [code(showDefault(field.default))];
  const varying = "defaultsBy" in field ? field.defaultsBy : [];
  return [
    ...(field.required ? ["required"] : []),
    ...own,
    ...varying.map(({ selector, value }) => `${selector}: ${code(showDefault(value))}`),
  ].join("; ");
}
