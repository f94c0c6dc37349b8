/**
 * Lines of a screen as styled spans. Everything printed for people passes through {@link paintLine}, the one place
 * that escapes what could steer a terminal. Knows nothing of what the lines say.
 */

/** What a piece of text means; a palette decides how that looks. */
export const styles = [
  "strong",
  "faint",
  "accent",
  "create",
  "update",
  "replace",
  "delete",
  "good",
  "warning",
  "error",
  "badge",
] as const;
export type Style = (typeof styles)[number];

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

export type Palette = { readonly [S in Style]: (text: string) => string };

const same = (text: string) => text;
export const plainPalette: Palette = Object.freeze(
  Object.fromEntries(styles.map((style) => [style, same])) as Record<Style, typeof same>,
);

export const emptyLine: Line = Object.freeze([]);

/** A line of plain strings and spans. */
export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => (typeof part === "string" ? { text: part } : part));
}

/** Spans with commas between them. */
export function joinSpans(spans: readonly Span[]): Line {
  return spans.flatMap((span, index) => (index === 0 ? [span] : [{ text: ", " }, span]));
}

export function styled(style: Style, text: string): Span {
  return { text, style };
}

// Controls, invisible format characters (bidirectional overrides among them), line separators, unpaired surrogates.
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside with everything that could steer a terminal written out: `\x1b`, `\u202e`, `\n`. */
export function escapeControls(text: string): string {
  return text.replace(steering, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "\t") return "\\t";
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The line as text for a terminal (or a file, with {@link plainPalette}), without a line end. */
export function paintLine(spans: Line, palette: Palette): string {
  return spans
    .map(({ text, style }) => {
      const safe = escapeControls(text);
      return style === undefined || safe === "" ? safe : palette[style](safe);
    })
    .join("");
}

// East Asian wide and full-width forms, and emoji, take two columns; combining marks none. Coarse on purpose.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zero = /\p{Mn}|\p{Me}/u;
const ascii = /^[ -~]*$/;

function characterWidth(character: string): number {
  if (zero.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Columns the text takes once escaped. */
export function textWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of escapeControls(text)) width += characterWidth(character);
  return width;
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, span) => sum + textWidth(span.text), 0);
}

/** At most `width` columns; what is cut ends in `…`. */
export function clipText(text: string, width: number): string {
  const safe = escapeControls(text);
  if (textWidth(safe) <= width) return safe;
  if (width <= 0) return "";
  let used = 0;
  let kept = "";
  for (const character of safe) {
    const next = characterWidth(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return `${kept}…`;
}

export function clipLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let room = width;
  for (const span of spans) {
    const taken = textWidth(span.text);
    if (taken < room) {
      kept.push(span);
      room -= taken;
      continue;
    }
    // The ellipsis needs its own column even where this very span would just fit.
    kept.push({ ...span, text: clipText(`${span.text}  `, room) });
    break;
  }
  return kept;
}

/** The line with blanks after it, up to `width` columns. */
export function padLine(spans: Line, width: number): Line {
  const missing = width - lineWidth(spans);
  return missing > 0 ? [...spans, { text: " ".repeat(missing) }] : spans;
}

export function padText(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** A name longer than this pushes what follows it to the right, and nobody else's. */
const widestName = 40;

/** Below this many columns nothing is lined up. */
const narrow = 60;

/** How wide a column of names is, indentation included, so that what follows the names stands in line. */
export function nameColumn(names: readonly string[], width: number): number {
  if (width < narrow) return 0;
  return Math.max(0, ...names.map(textWidth).filter((each) => each <= widestName));
}

/** Breaks text at blanks, and words longer than `width` anywhere. Line ends in the text are kept. */
export function wrapText(text: string, width: number): readonly string[] {
  const room = Math.max(width, 8);
  return text.split(/\r?\n/).flatMap((paragraph) => wrapParagraph(escapeControls(paragraph), room));
}

function wrapParagraph(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    let rest = word;
    if (current !== "" && textWidth(current) + 1 + textWidth(rest) > width) {
      lines.push(current);
      current = "";
    }
    while (textWidth(rest) > width) {
      const head = takeColumns(rest, width);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    current = current === "" ? rest : `${current} ${rest}`;
  }
  lines.push(current);
  return lines;
}

function takeColumns(text: string, width: number): string {
  let taken = "";
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

/** Each line moved to the right. */
export function indentLines(lines: readonly Line[], columns: number): readonly Line[] {
  const blank: Span = { text: " ".repeat(columns) };
  return lines.map((spans) => (spans.length === 0 ? spans : [blank, ...spans]));
}

/** A label, then wrapped text that stays to the right of it. */
export function labelled(label: Span, text: string, width: number, style?: Style): readonly Line[] {
  const indent = textWidth(label.text);
  return wrapText(text, width - indent).map((part, index) => [
    index === 0 ? label : { text: " ".repeat(indent) },
    style === undefined ? { text: part } : { text: part, style },
  ]);
}
