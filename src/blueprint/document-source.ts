/** Where each key and value of a document stands in its file. Knows positions, not meaning. */
import type { Position } from "../errors.ts";
import type { SourceText } from "./source-text.ts";

/** Path of a value within its document: keys and list indices. */
export type Path = readonly PropertyKey[];

/** A value as it was written. */
export interface SourceNode {
  readonly kind: "mapping" | "list" | "text" | "number" | "boolean" | "null";
  /** Plain frozen data: mappings have no prototype. */
  readonly value: unknown;
  /** What a scalar looked like, without quotes. */
  readonly raw: string;
  /** A scalar without quotes. */
  readonly plain: boolean;
  readonly start: number;
  readonly end: number;
  readonly entries: ReadonlyMap<string, SourceEntry>;
  readonly items: readonly SourceNode[];
}

export interface SourceEntry {
  readonly keyStart: number;
  readonly node: SourceNode;
}

export class DocumentSource {
  readonly text: SourceText;
  readonly root: SourceNode;
  /** Entries that were left out since they are wrong in themselves: `sites/iowa`. Nobody complains that they are missing. */
  readonly broken: ReadonlySet<string>;

  constructor(text: SourceText, root: SourceNode, broken: ReadonlySet<string> = new Set()) {
    this.text = text;
    this.root = root;
    this.broken = broken;
  }

  get file(): string {
    return this.text.file;
  }

  nodeAt(path: Path): SourceNode | undefined {
    let node: SourceNode | undefined = this.root;
    for (const key of path) node = childOf(node, key);
    return node;
  }

  /** Position of the value, or of its key; where there is none, of the nearest key that would hold it. */
  positionOf(path: Path, part: "key" | "value" = "value"): Position {
    for (let length = path.length; length > 0; length--) {
      const parent = this.nodeAt(path.slice(0, length - 1));
      const key = path[length - 1];
      const entry = key === undefined ? undefined : parent?.entries.get(String(key));
      const node = entry?.node ?? childOf(parent, key);
      if (node === undefined) continue;
      // An ancestor stands for what is missing by its key: its value can begin lines below.
      const useKey = entry !== undefined && (part === "key" || length < path.length || node.kind === "null");
      return this.text.positionAt(useKey ? entry.keyStart : node.start);
    }
    return this.text.positionAt(this.root.start);
  }

  /** Position of the occurrence-th `${` (from 0) inside a text; of the text itself where escapes hide it. */
  positionInText(path: Path, occurrence: number): Position {
    const node = this.nodeAt(path);
    if (node === undefined) return this.positionOf(path);
    let at = node.start - 1;
    for (let count = 0; count <= occurrence; count++) {
      at = this.text.text.indexOf("${", at + 1);
      if (at === -1 || at >= node.end) return this.positionOf(path);
    }
    return this.text.positionAt(at);
  }
}

/** RFC 6901. */
export function toPointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function childOf(node: SourceNode | undefined, key: PropertyKey | undefined): SourceNode | undefined {
  if (node === undefined || key === undefined) return undefined;
  return typeof key === "number" ? node.items[key] : node.entries.get(String(key))?.node;
}
