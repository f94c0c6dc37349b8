/** Lines at the bottom of a terminal that are drawn again and again; other lines are printed above them. */
import type { TextStream } from "./io.ts";
import { type Line, lineWidth } from "./output/line.ts";
import type { Printer } from "./printer.ts";

export class LiveRegion {
  readonly #stream: TextStream;
  readonly #printer: Printer;
  #drawn: readonly Line[] = [];

  constructor(stream: TextStream, printer: Printer) {
    this.#stream = stream;
    this.#printer = printer;
  }

  /** Replaces what is drawn. */
  draw(lines: readonly Line[]): void {
    this.#stream.write(this.#eraser() + this.#printer.paint(lines));
    this.#drawn = lines;
  }

  erase(): void {
    if (this.#drawn.length === 0) return;
    this.#stream.write(this.#eraser());
    this.#drawn = [];
  }

  /** Prints lines that stay, above the region. */
  above(lines: readonly Line[]): void {
    const drawn = this.#drawn;
    this.#stream.write(this.#eraser() + this.#printer.paint(lines) + this.#printer.paint(drawn));
  }

  // A terminal that has become narrower has wrapped what was drawn, and one that echoed `^C` is not in column 1.
  #eraser(): string {
    const width = this.#printer.width();
    const rows = this.#drawn.reduce(
      (sum, spans) => sum + Math.max(1, Math.ceil(lineWidth(spans) / width)),
      0,
    );
    return rows === 0 ? "" : `\r\u001b[${rows}A\u001b[0J`;
  }
}
