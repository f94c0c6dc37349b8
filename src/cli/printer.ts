/** Writes lines to one stream in its own colours and width. */
import type { TextStream } from "./io.ts";
import { type Line, type Palette, paintLine } from "./output/line.ts";

export interface Printer {
  readonly isTerminal: boolean;
  /** Columns there are now; Infinity where there is no terminal, so that nothing is cut in files and pipes. */
  readonly width: () => number;
  /** Rows there are now; Infinity where there is no terminal. */
  readonly rows: () => number;
  /** Lines as text with line ends. */
  readonly paint: (lines: readonly Line[]) => string;
  readonly print: (lines: readonly Line[]) => void;
  /** Writes text as it stands: JSON, and values for scripts. */
  readonly write: (text: string) => void;
}

const narrowest = 20;

export function makePrinter(stream: TextStream, palette: Palette, inWorkflow: boolean): Printer {
  const paint = (lines: readonly Line[]) =>
    lines
      .map((spans) => {
        const text = paintLine(spans, palette).trimEnd();
        return `${inWorkflow ? disarmCommands(text) : text}\n`;
      })
      .join("");
  return {
    isTerminal: stream.isTerminal,
    width: () => (stream.isTerminal ? Math.max(stream.columns() ?? 80, narrowest) : Infinity),
    rows: () => (stream.isTerminal ? (stream.rows() ?? 24) : Infinity),
    paint,
    print: (lines) => {
      if (lines.length > 0) stream.write(paint(lines));
    },
    write: (text) => stream.write(text),
  };
}

// GitHub's runner obeys `::command::` at the start of a line and `##[command]` anywhere in it (actions/runner,
// ActionCommand.cs, as of 2026-11-21): text from outside must not speak to it.
function disarmCommands(text: string): string {
  return text.replaceAll("##[", "# #[").replace(/^(\s*)::/, "$1: :");
}
