/** Objects of the simulated clouds. Every screen says SIMULATED: nothing here exists anywhere else. */
import type { CloudObject } from "../../platform/api.ts";
import { clipLine, emptyLine, type Line, line, padText, styled, textWidth } from "./line.ts";
import { plural } from "./names.ts";
import { targetBadge } from "./plan.ts";
import { formatTable } from "./table.ts";
import { formatValue, valueSpan } from "./value.ts";

export function cloudListLines(objects: readonly CloudObject[], width: number): readonly Line[] {
  const summary = line(
    styled(
      "strong",
      objects.length === 0 ? "The clouds hold no such objects" : plural(objects.length, "object"),
    ),
    ...targetBadge("simulated"),
  );
  if (objects.length === 0) return [summary];
  return [
    ...formatTable(
      [
        { heading: "CLOUD" },
        { heading: "REGION", shrinkTo: 8 },
        { heading: "TYPE", shrinkTo: 14 },
        { heading: "ID", shrinkTo: 16 },
        { heading: "NAME", shrinkTo: 10 },
      ],
      objects.map((object) => [
        line(object.cloud),
        line(object.region),
        line(object.type),
        line(styled("accent", object.id)),
        line(object.name),
      ]),
      width,
    ),
    emptyLine,
    summary,
  ];
}

export function cloudObjectLines(object: CloudObject, width: number): readonly Line[] {
  const facts: readonly (readonly [string, string])[] = [
    ["cloud", object.cloud],
    ["account", object.account],
    ["region", object.region],
    ["type", object.type],
    ["name", object.name],
    ["created", object.createdAt],
  ];
  const keys = Object.keys(object.properties);
  const column = Math.max(...[...facts.map(([key]) => key), ...keys].map(textWidth));
  const row = (key: string) => styled("faint", `  ${padText(key, column)}  `);
  return [
    line(styled("accent", object.id), ...targetBadge("simulated")),
    ...facts.map(([key, text]) => clipLine(line(row(key), text), width)),
    emptyLine,
    line(styled("strong", "Properties")),
    ...keys.map((key) => clipLine(line(row(key), valueSpan(object.properties[key], formatValue)), width)),
  ];
}
