/** Circles and orders in directed graphs of names. Iterative, so that no graph overflows the stack. */

export type Edges = ReadonlyMap<string, Iterable<string>>;

/** One shortest circle of each strongly connected part, beginning at its smallest name: `[a, b, a]`. */
export function findCycles(edges: Edges): readonly (readonly string[])[] {
  return stronglyConnected(edges)
    .map((part) => shortestCycle(part, edges))
    .filter((cycle) => cycle !== undefined)
    .toSorted((left, right) => ((left[0] ?? "") < (right[0] ?? "") ? -1 : 1));
}

/**
 * The names so that each comes after all it leads to, the smallest by `compare` first among those that could be next.
 * @throws RangeError when there is a circle.
 */
export function topologicalOrder(
  edges: Edges,
  compare: (left: string, right: string) => number,
): readonly string[] {
  const waiting = new Map<string, number>();
  const leadingTo = new Map<string, string[]>();
  for (const [name, targets] of edges) {
    const known = new Set([...targets].filter((target) => edges.has(target)));
    waiting.set(name, known.size);
    for (const target of known) {
      const names = leadingTo.get(target);
      if (names === undefined) leadingTo.set(target, [name]);
      else names.push(name);
    }
  }
  const ready = [...waiting.keys()].filter((name) => waiting.get(name) === 0).sort(compare);
  const order: string[] = [];
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    order.push(next);
    let grown = false;
    for (const name of leadingTo.get(next) ?? []) {
      const left = (waiting.get(name) ?? 0) - 1;
      waiting.set(name, left);
      if (left > 0) continue;
      ready.push(name);
      grown = true;
    }
    if (grown) ready.sort(compare);
  }
  if (order.length < waiting.size) throw new RangeError("the graph has a circle");
  return order;
}

interface Frame {
  readonly name: string;
  readonly targets: Iterator<string>;
}

/** Tarjan's algorithm; parts of one name are kept for circles of length one. */
function stronglyConnected(edges: Edges): readonly ReadonlySet<string>[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const parts: ReadonlySet<string>[] = [];
  const open = (name: string): Frame => {
    index.set(name, index.size);
    low.set(name, index.size - 1);
    path.push(name);
    onPath.add(name);
    return { name, targets: (edges.get(name) ?? [])[Symbol.iterator]() };
  };
  const lower = (name: string, to: number | undefined) =>
    low.set(name, Math.min(low.get(name) ?? 0, to ?? Number.POSITIVE_INFINITY));
  for (const start of edges.keys()) {
    if (index.has(start)) continue;
    const frames = [open(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.targets.next();
      if (next.done !== true) {
        if (!index.has(next.value)) frames.push(open(next.value));
        else if (onPath.has(next.value)) lower(frame.name, index.get(next.value));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) lower(parent.name, low.get(frame.name));
      if (low.get(frame.name) !== index.get(frame.name)) continue;
      const part = new Set(path.splice(path.lastIndexOf(frame.name)));
      for (const name of part) onPath.delete(name);
      parts.push(part);
    }
  }
  return parts;
}

function shortestCycle(part: ReadonlySet<string>, edges: Edges): readonly string[] | undefined {
  const [start] = [...part].sort();
  if (start === undefined) return undefined;
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    const name: string = queue[at] ?? start;
    for (const target of [...(edges.get(name) ?? [])].sort()) {
      if (target === start) return [...trace(cameFrom, start, name), start];
      if (!part.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, name);
      queue.push(target);
    }
  }
  return undefined;
}

function trace(cameFrom: ReadonlyMap<string, string>, start: string, end: string): readonly string[] {
  const path = [end];
  for (let name: string | undefined = end; name !== undefined && name !== start; ) {
    name = cameFrom.get(name);
    if (name !== undefined) path.unshift(name);
  }
  return path;
}
