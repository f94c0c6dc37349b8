/**
 * A terminal just good enough to replay what terrane writes: colours, carriage return, line feed, cursor up, erase.
 * It has as many rows as it needs; anything else that steers a terminal is refused, so that no picture lies.
 */

export interface Look {
  /** 0–7, or 8–15 for the bright ones; undefined for the terminal's own colour. */
  readonly color: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
}

export interface Cell {
  readonly character: string;
  readonly look: Look;
}

export const plainLook: Look = Object.freeze({
  color: undefined,
  bold: false,
  dim: false,
  inverse: false,
  underline: false,
});

// oxlint-disable-next-line no-control-regex
const token = /\u001b\[([?\d;]*)([A-Za-z])|[\s\S]/gu;

/** The screen after all of the output was written, a row a line. */
export function replay(output: string, columns: number): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let look = plainLook;
  const down = () => {
    row += 1;
    while (rows.length <= row) rows.push([]);
  };
  for (const [text, parameters = "", command] of output.matchAll(token)) {
    if (command !== undefined) {
      const count = Number(parameters) || 1;
      if (command === "m") look = nextLook(look, parameters);
      else if (command === "A") row = Math.max(0, row - count);
      else if (command === "J" && Number(parameters) === 0) eraseBelow(rows, row, column);
      else if (command === "K" && Number(parameters) === 0) rows[row]?.splice(column);
      else throw new Error(`cannot replay the escape sequence ESC[${parameters}${command}`);
    } else if (text === "\n") down();
    else if (text === "\r") column = 0;
    else if (text < " ") throw new Error(`cannot replay the control character ${JSON.stringify(text)}`);
    else {
      if (column >= columns) {
        column = 0;
        down();
      }
      put(rows[row] ?? [], column, { character: text, look });
      column += 1;
    }
  }
  while (rows.length > 0 && rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

function put(cells: Cell[], column: number, cell: Cell): void {
  while (cells.length < column) cells.push({ character: " ", look: plainLook });
  cells[column] = cell;
}

function eraseBelow(rows: Cell[][], row: number, column: number): void {
  rows[row]?.splice(column);
  rows.splice(row + 1);
}

function nextLook(look: Look, parameters: string): Look {
  return parameters.split(";").reduce((current, text) => applyCode(current, Number(text)), look);
}

function applyCode(look: Look, code: number): Look {
  if (code === 0) return plainLook;
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, dim: true };
  if (code === 4) return { ...look, underline: true };
  if (code === 7) return { ...look, inverse: true };
  if (code === 22) return { ...look, bold: false, dim: false };
  if (code === 24) return { ...look, underline: false };
  if (code === 27) return { ...look, inverse: false };
  if (code >= 30 && code <= 37) return { ...look, color: code - 30 };
  if (code === 39) return { ...look, color: undefined };
  if (code >= 90 && code <= 97) return { ...look, color: code - 82 };
  throw new Error(`cannot replay the graphic rendition ${code}`);
}
