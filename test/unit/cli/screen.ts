/** Lines as the text a person sees, without colours. */
import { type Line, lineWidth, paintLine, plainPalette } from "../../../src/cli/output/line.ts";

export function toText(lines: readonly Line[]): string {
  return lines.map((spans) => paintLine(spans, plainPalette).trimEnd()).join("\n");
}

export function widest(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map(lineWidth));
}

/** The text of a template without its first line end and its indentation. */
export function text(strings: TemplateStringsArray): string {
  const lines = (strings.raw[0] ?? "").replace(/^\n/, "").trimEnd().split("\n");
  const indent = Math.min(
    ...lines.filter((each) => each.trim() !== "").map((each) => each.length - each.trimStart().length),
  );
  return lines.map((each) => each.slice(indent)).join("\n");
}
