/** What `explain` found, as a page to read. */
import type { Explanation } from "../../platform/api.ts";
import { componentLines } from "./component-page.ts";
import { fieldLines } from "./field-page.ts";
import { emptyLine, type Line, labelled, line, styled, wrapText } from "./line.ts";
import { formatPosition } from "./problem.ts";
import { formatTable } from "./table.ts";
import { formatBare, valueSpan } from "./value.ts";

export function explanationLines(explanation: Explanation, width: number): readonly Line[] {
  switch (explanation.what) {
    case "topics":
      return topicLines(explanation, width);
    case "field":
      return fieldLines(explanation.path, explanation.field, width);
    case "component":
      return componentLines(explanation.component, explanation.about, width);
    case "errors":
      return formatTable(
        [{ heading: "CODE" }, { heading: "MEANING", shrinkTo: 24 }],
        explanation.errors.map(({ code, meaning }) => [line(styled("accent", code)), line(meaning)]),
        width,
      );
    case "error":
      return errorLines(explanation.error, width);
    case "values":
      return valueLines(explanation, width);
  }
}

function topicLines(
  { kinds, components }: Extract<Explanation, { readonly what: "topics" }>,
  width: number,
): readonly Line[] {
  return [
    line(styled("strong", "Documents")),
    ...kinds.flatMap((kind) =>
      labelled(
        styled("accent", `  ${kind.name.padEnd(13)}`),
        kind.fields.map((field) => field.name).join(", "),
        width,
      ),
    ),
    emptyLine,
    line(styled("strong", "Components")),
    ...components.flatMap((each) =>
      labelled(styled("accent", `  ${each.name.padEnd(13)}`), each.summary, width),
    ),
    emptyLine,
    ...wrapText(
      "Go on with `terrane explain Environment.tags`, `terrane explain postgres.storage` or `terrane explain error`.",
      width,
    ).map((part) => line(styled("faint", part))),
  ];
}

function errorLines(
  error: Extract<Explanation, { readonly what: "error" }>["error"],
  width: number,
): readonly Line[] {
  return [
    line(styled("error", error.code)),
    ...wrapText(error.meaning, width).map((part) => line(part)),
    emptyLine,
    ...labelled(styled("faint", "next       "), error.next, width),
    ...labelled(styled("faint", "exit code  "), String(error.exit), width),
    ...labelled(styled("faint", "HTTP       "), String(error.http), width),
  ];
}

type Values = Extract<Explanation, { readonly what: "values" }>;

function valueLines(values: Values, width: number): readonly Line[] {
  const heading = line(
    styled("strong", values.address),
    `  ${values.type}`,
    styled("faint", `  in ${values.environment}, class ${values.class}`),
  );
  if (values.borrowedFrom !== undefined) {
    return [
      heading,
      ...wrapText(`It is borrowed from ${values.borrowedFrom}, which decides its fields.`, width).map(
        (part) => line(part),
      ),
    ];
  }
  return [
    heading,
    emptyLine,
    ...formatTable(
      [
        { heading: "FIELD" },
        { heading: "VALUE", shrinkTo: 12 },
        { heading: "DECIDED BY", shrinkTo: 12 },
        { heading: "WHERE", shrinkTo: 16 },
      ],
      values.fields.map((field) => [
        line(styled("accent", field.field)),
        field.value === null ? line(styled("faint", "–")) : line(valueSpan(field.value, formatBare)),
        line(field.selector === undefined ? field.layer : `${field.layer}: ${field.selector}`),
        line(
          field.position === undefined
            ? styled("faint", field.note ?? (field.layer === "not set" ? "" : `contract of ${values.type}`))
            : formatPosition(field.position),
        ),
      ]),
      width,
    ),
    ...(values.doc === undefined
      ? []
      : [emptyLine, ...fieldLines(`${values.type}.${values.doc.name}`, values.doc, width)]),
  ];
}
