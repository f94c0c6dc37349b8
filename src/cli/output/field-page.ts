/** One key of a document or one field of a component: what is allowed, its default and who changes it, its own keys. */
import type { ComponentFieldDoc, FieldDoc } from "../../platform/api.ts";
import { emptyLine, type Line, labelled, line, padText, styled, textWidth, wrapText } from "./line.ts";

export function fieldLines(
  path: string,
  field: FieldDoc | ComponentFieldDoc,
  width: number,
): readonly Line[] {
  const varying = "defaultsBy" in field ? field.defaultsBy : [];
  const leadsTo = "leadsTo" in field ? field.leadsTo : undefined;
  return [
    line(styled("strong", path)),
    ...(field.description === undefined ? [] : wrapText(field.description, width).map((part) => line(part))),
    emptyLine,
    ...fact("allowed", field.allowed, width),
    ...fact("required", field.required ? "yes" : "no", width),
    ...(field.default === undefined ? [] : fact("default", showDefault(field.default), width)),
    ...varying.flatMap(({ selector, value }) =>
      fact("", `${showDefault(value)} in ${selector}, by the contract`, width),
    ),
    ...(leadsTo === undefined ? [] : fact("leads to", leadsTo, width)),
    ...(field.fields.length === 0
      ? []
      : [emptyLine, line(styled("strong", "Keys")), ...fieldTable(field.fields, width)]),
  ];
}

/** Fields by name: what is allowed and the default in one line, the meaning below; nothing is cut. */
export function fieldTable(
  fields: readonly (FieldDoc | ComponentFieldDoc)[],
  width: number,
): readonly Line[] {
  const widest = Math.max(0, ...fields.map((field) => textWidth(field.name)));
  return fields.flatMap((field) => {
    const note = defaultText(field);
    const facts = `${field.allowed}${note === "" ? "" : ` · ${note}`}`;
    return [
      ...labelled(styled("accent", `  ${padText(field.name, widest)}  `), facts, width),
      ...(field.description === undefined
        ? []
        : labelled({ text: " ".repeat(widest + 4) }, field.description, width, "faint")),
    ];
  });
}

function defaultText(field: FieldDoc | ComponentFieldDoc): string {
  if (field.required) return "required";
  const own = field.default === undefined ? [] : [showDefault(field.default)];
  const varying = "defaultsBy" in field ? field.defaultsBy : [];
  const all = [...own, ...varying.map(({ selector, value }) => `${showDefault(value)} in ${selector}`)];
  return all.length === 0 ? "" : `default ${all.join(", ")}`;
}

/** As one writes it in a document. */
export function showDefault(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fact(name: string, text: string, width: number): readonly Line[] {
  return labelled(styled("faint", `${name.padEnd(8)}  `), text, width);
}
