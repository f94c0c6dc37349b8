/**
 * What changes inside a resource, property by property: values side by side where they fit, one below the other where
 * they do not, elements of lists and keys of JSON texts on lines of their own, long texts by their lines.
 */
import { structuredPatch } from "diff";
import type { ChangePart, PropertyChange, Step } from "../../model/plan.ts";
import type { Value } from "../../values/value.ts";
import { clipLine, indentLines, type Line, line, lineWidth, type Span, type Style, styled } from "./line.ts";
import { plural } from "./names.ts";
import { formatValue, valueSpan } from "./value.ts";

export interface DiffScreen {
  readonly width: number;
  /** Everything: inputs of what is created, properties that stay, defaults, long differences to their end. */
  readonly verbose: boolean;
}

/** Lines and parts of one property shown unless asked for more. */
const mostShown = 12;

/** Unchanged lines shown around a changed one. */
const contextLines = 1;

/** The changes of one step, without indentation. */
export function stepChangeLines(step: Step, screen: DiffScreen): readonly Line[] {
  const changesOthers = step.action === "update" || step.action === "replace" || step.setAside !== undefined;
  if (!changesOthers && !screen.verbose) return [];
  const shown = step.changes.filter((change) => screen.verbose || change.byDefault !== true);
  const hidden = step.changes.length - shown.length;
  const quiet =
    hidden === 0 ? [] : [line(styled("faint", `${plural(hidden, "default")} of the provider: -v`))];
  const unchanged = screen.verbose ? Object.entries(step.unchanged ?? {}) : [];
  return [
    ...shown.flatMap((change) => changeLines(change, screen)),
    ...quiet,
    ...unchanged.map(([path, value]) => line(styled("faint", `  ${path}: ${formatValue(value)}`))),
  ].map((each) => clipLine(each, screen.width));
}

function changeLines(change: PropertyChange, screen: DiffScreen): readonly Line[] {
  const forcing = change.replaces ? [styled("replace", "  ! forces replacement")] : [];
  const title = change.text === "json" ? `${change.path} (JSON)` : change.path;
  if (change.parts !== undefined) {
    const head = line(styled("update", `~ ${title}:`), ...forcing);
    const parts = change.parts.flatMap((part) => partLines(part, screen));
    const body = parts.length === 0 ? [line(styled("faint", "the same, written differently"))] : parts;
    return [clipLine(head, screen.width), ...indentLines(cut(body, screen), 4)];
  }
  return sideLines({ ...change, path: title }, forcing, screen);
}

// Where an element stands in its list says little: the sign and the value do.
function partLines(part: ChangePart, screen: DiffScreen): readonly Line[] {
  const inner = { ...screen, width: screen.width - 4 };
  if (part.kind === "reorder") {
    const where = part.path === "" ? "" : `${part.path}: `;
    return [
      clipLine(line(styled("update", `~ ${where}`), "the same elements in another order"), inner.width),
    ];
  }
  const path = part.kind === "update" ? part.path : part.path.replace(/\[\d+\]$/, "");
  return sideLines({ ...part, kind: part.kind, path }, [], inner);
}

export interface Sides {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly before?: Value | undefined;
  readonly after?: Value | undefined;
}

const looks: { readonly [K in Sides["kind"]]: { readonly sign: string; readonly style: Style } } = {
  add: { sign: "+", style: "create" },
  delete: { sign: "-", style: "delete" },
  update: { sign: "~", style: "update" },
};

/** One value, before and after; `after` stands behind it. */
export function sideLines(sides: Sides, after: readonly Span[], screen: DiffScreen): readonly Line[] {
  const { sign, style } = looks[sides.kind];
  const head = styled(style, sides.path === "" ? `${sign} ` : `${sign} ${sides.path}: `);
  if (sides.kind !== "update") {
    const value = sides.kind === "add" ? sides.after : sides.before;
    return [clipLine(line(head, valueSpan(value, formatValue), ...after), screen.width)];
  }
  if (isLong(sides.before) && isLong(sides.after)) {
    const lines = textLines(String(sides.before), String(sides.after), screen);
    return [
      clipLine(line({ ...head, text: head.text.trimEnd() }, ...after), screen.width),
      ...indentLines(lines, 4),
    ];
  }
  const old = valueSpan(sides.before, formatValue);
  const next = valueSpan(sides.after, formatValue);
  const together = line(head, old, " → ", next, ...after);
  if (lineWidth(together) <= screen.width) return [together];
  const [shortOld, shortNext] = skipCommonStart(old, next, screen.width);
  return [
    clipLine(line({ ...head, text: head.text.trimEnd() }, ...after), screen.width),
    clipLine(line("    ", styled("delete", "- "), shortOld), screen.width),
    clipLine(line("    ", styled("create", "+ "), shortNext), screen.width),
  ];
}

function isLong(value: Value | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

/** Two texts too long for the width start shortly before they part. */
function skipCommonStart(old: Span, next: Span, width: number): readonly [Span, Span] {
  let common = 0;
  while (common < old.text.length && old.text[common] === next.text[common]) common += 1;
  if (common < width / 2) return [old, next];
  const from = common - Math.floor(width / 4);
  return [
    { ...old, text: `…${old.text.slice(from)}` },
    { ...next, text: `…${next.text.slice(from)}` },
  ];
}

function textLines(before: string, after: string, screen: DiffScreen): readonly Line[] {
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: contextLines });
  const lines = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [line(styled("faint", "⋮"))]),
    ...hunk.lines.filter((text) => !text.startsWith("\\")).map(textLine),
  ]);
  return cut(
    lines.map((each) => clipLine(each, screen.width - 4)),
    screen,
  );
}

function textLine(text: string): Line {
  const sign = text.slice(0, 1);
  const rest = text.slice(1);
  if (sign === "+") return line(styled("create", `+ ${rest}`));
  if (sign === "-") return line(styled("delete", `- ${rest}`));
  return line(styled("faint", `  ${rest}`));
}

function cut(lines: readonly Line[], screen: DiffScreen): readonly Line[] {
  if (screen.verbose || lines.length <= mostShown) return lines;
  const hidden = lines.length - mostShown + 1;
  return [...lines.slice(0, mostShown - 1), line(styled("faint", `and ${hidden} more lines: -v`))];
}
