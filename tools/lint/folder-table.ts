/** Reads the folder table of docs/architecture.md: the layers and what each may import. Knows no import. */
import type { Fault } from "./check.ts";

export const architectureFile = "docs/architecture.md";

export interface Layer {
  /** Folders (`src/values/`) and single files (`src/errors.ts`) that make it up. */
  readonly places: readonly string[];
  /** First place, without slash at the end: how other rows and faults name it. */
  readonly name: string;
  /** Names of the layers it may import, its own among them; undefined: anything. */
  readonly mayImport: ReadonlySet<string> | undefined;
  /** Position in the table: a layer imports only from rows above. */
  readonly rank: number;
}

export interface FolderTable {
  readonly layers: readonly Layer[];
  /** What is wrong with the table itself. */
  readonly faults: readonly Fault[];
}

const heading = /^\|\s*Folder\s*\|.*\|\s*May import\s*\|\s*$/i;

/**
 * Reads the one table whose first column is `Folder` and whose last is `May import`. A cell of the last column is a
 * list of names of rows above (the last part of a folder is enough), `nothing`, `all above` or `anything`.
 */
export function readFolderTable(markdown: string): FolderTable {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => heading.test(line));
  if (start < 0) return { layers: [], faults: [fault(undefined, "has no table `Folder | … | May import`")] };
  const layers: Layer[] = [];
  const faults: Fault[] = [];
  for (let index = start + 2; lines[index]?.startsWith("|"); index++) {
    const cells = (lines[index] ?? "").split("|").slice(1, -1);
    const places = [...(cells[0] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    const first = places[0];
    if (first === undefined) {
      faults.push(fault(index, "the row names no folder in backquotes"));
      continue;
    }
    const name = first.replace(/\/$/, "");
    const { mayImport, unknown } = readMayImport((cells.at(-1) ?? "").trim(), name, layers);
    for (const word of unknown) faults.push(fault(index, `"${word}" is no row above ${name}`));
    layers.push({ places, name, mayImport, rank: layers.length });
  }
  return { layers, faults };
}

function readMayImport(cell: string, name: string, above: readonly Layer[]) {
  if (cell === "anything") return { mayImport: undefined, unknown: [] };
  const allowed = new Set([name]);
  const unknown: string[] = [];
  const words = cell === "nothing" ? [] : cell.split(",").map((word) => word.trim().replaceAll("`", ""));
  for (const word of words) {
    if (word === "all above") for (const layer of above) allowed.add(layer.name);
    else {
      const layer = above.find((each) => each.name === word || lastPart(each.name) === word);
      if (layer === undefined) unknown.push(word);
      else allowed.add(layer.name);
    }
  }
  return { mayImport: allowed, unknown };
}

// "src/errors.ts" → "errors"
function lastPart(name: string): string {
  return (name.split("/").at(-1) ?? name).replace(/\.ts$/, "");
}

function fault(index: number | undefined, message: string): Fault {
  return { file: architectureFile, message, ...(index === undefined ? {} : { line: index + 1 }) };
}

/** The layer a file belongs to: the longest place that it stands in. */
export function layerOf(table: FolderTable, file: string): Layer | undefined {
  let best: { layer: Layer; length: number } | undefined;
  for (const layer of table.layers) {
    for (const place of layer.places) {
      const inside = place.endsWith("/") ? file.startsWith(place) : file === place;
      if (inside && place.length > (best?.length ?? 0)) best = { layer, length: place.length };
    }
  }
  return best?.layer;
}
