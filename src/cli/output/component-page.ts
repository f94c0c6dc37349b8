/** A component type as a page: fields, outputs, platforms, what it makes and why, the smallest entry that works. */
import type { ComponentAbout, ComponentDoc } from "../../platform/api.ts";
import { fieldTable } from "./field-page.ts";
import { emptyLine, type Line, labelled, line, type Style, styled, wrapText } from "./line.ts";

type Support = ComponentDoc["platforms"][number]["support"];
const styleOf: { readonly [S in Support]: Style } = {
  supported: "good",
  upcoming: "warning",
  unsupported: "faint",
};

export function componentLines(
  component: ComponentDoc,
  about: ComponentAbout | undefined,
  width: number,
): readonly Line[] {
  return [
    line(styled("strong", component.name), styled("faint", `  ${component.domain}`)),
    ...paragraph(about?.purpose ?? component.summary, width),
    ...section("Fields", fieldTable(component.fields, width)),
    ...section(
      "Outputs",
      entries(
        component.outputs.map((each) => [each.name, each.description ?? ""]),
        width,
      ),
    ),
    ...section("Platforms", platformLines(component, width)),
    ...(about === undefined ? [] : aboutLines(about, width)),
  ];
}

function aboutLines(about: ComponentAbout, width: number): readonly Line[] {
  return [
    ...section(
      "Makes",
      about.makes.flatMap((made) => {
        const limits = [made.platforms?.join(", "), made.when].filter((each) => each !== undefined);
        const note = limits.length === 0 ? "" : ` (${limits.join("; ")})`;
        return bullet(`${made.what}${note}: ${made.why}`, width);
      }),
    ),
    ...section(
      "Decided for you",
      about.decided.flatMap((each) => [
        ...bullet(`${each.what}: ${each.value}. ${each.why}`, width),
        ...labelled(styled("faint", "      "), `${each.source} (${each.asOf})`, width, "faint"),
      ]),
    ),
    ...section(
      "To know",
      about.notes.flatMap((note) => bullet(note, width)),
    ),
    ...section(
      "Example, below components",
      about.example
        .trimEnd()
        .split("\n")
        .map((text) => line("  ", styled("accent", text))),
    ),
  ];
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [emptyLine, line(styled("strong", title)), ...lines];
}

function paragraph(text: string, width: number): readonly Line[] {
  return wrapText(text, width).map((part) => line(part));
}

function bullet(text: string, width: number): readonly Line[] {
  return labelled(styled("faint", "  - "), text, width);
}

function entries(pairs: readonly (readonly [string, string])[], width: number): readonly Line[] {
  const widest = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.flatMap(([name, text]) =>
    labelled(styled("accent", `  ${name.padEnd(widest)}  `), text, width),
  );
}

function platformLines(component: ComponentDoc, width: number): readonly Line[] {
  return component.platforms.flatMap(({ platform, support, why }) =>
    labelled(
      styled(styleOf[support], `  ${platform.padEnd(10)}  `),
      why === undefined ? support : `${support}: ${why}`,
      width,
    ),
  );
}
