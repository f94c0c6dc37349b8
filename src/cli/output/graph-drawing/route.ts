/**
 * Ways of references between cards: out of the left side of what refers, into the right side of what is referred to,
 * along the gaps between columns. The columns passed on the way, and at which height, are dagre's.
 */
import type { GraphReference } from "../../../platform/api.ts";

export interface Box {
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From what refers to what is referred to. */
export interface Way {
  readonly reference: GraphReference;
  readonly points: readonly Point[];
}

/** Cards one above the other; a way crosses it straight on, so that it cuts no corner. */
interface Column {
  readonly left: number;
  readonly right: number;
}

/** Ends of ways keep this far from the corners of a card. */
export const corner = 11;

/** @param pointsOf dagre's points of a reference, from what refers to what is referred to */
export function routeWays(
  references: readonly GraphReference[],
  cards: ReadonlyMap<string, Box>,
  pointsOf: (reference: GraphReference) => readonly Point[],
): readonly Way[] {
  const columns = columnsOf([...cards.values()]);
  const inner = new Map(
    references.map((reference) => [
      reference,
      crossings(columns, cards.get(reference.from), cards.get(reference.to), pointsOf(reference)),
    ]),
  );
  const middle = (address: string) => centreOf(cards.get(address));
  const leaving = spread(references, cards, {
    end: (reference) => reference.from,
    towards: (reference) => (inner.get(reference)?.[0] ?? middle(reference.to)).y,
  });
  const arriving = spread(references, cards, {
    end: (reference) => reference.to,
    towards: (reference) => (inner.get(reference)?.at(-1) ?? middle(reference.from)).y,
  });
  return references.map((reference) => {
    const from = cards.get(reference.from);
    const to = cards.get(reference.to);
    const start = { x: from?.x ?? 0, y: leaving.get(reference) ?? 0 };
    const end = { x: (to?.x ?? 0) + (to?.width ?? 0), y: arriving.get(reference) ?? 0 };
    return { reference, points: [start, ...(inner.get(reference) ?? []), end] };
  });
}

/** dagre centres the cards of a column, with room for the frames of their stacks on both sides. */
function columnsOf(cards: readonly Box[]): readonly Column[] {
  const frame = 14;
  const groups = Map.groupBy(cards, (card) => Math.round(card.x + card.width / 2));
  return [...groups.values()].map((group) => ({
    left: Math.min(...group.map((card) => card.x)) - frame,
    right: Math.max(...group.map((card) => card.x + card.width)) + frame,
  }));
}

/** Where a way enters and leaves each column between its ends, from what refers to what is referred to. */
function crossings(
  columns: readonly Column[],
  from: Box | undefined,
  to: Box | undefined,
  points: readonly Point[],
): readonly Point[] {
  if (from === undefined || to === undefined) return [];
  return columns
    .filter((column) => column.left > to.x + to.width && column.right < from.x)
    .toSorted((one, other) => other.left - one.left)
    .flatMap(({ left, right }) => {
      const y = heightAt(points, (left + right) / 2);
      return [
        { x: right, y },
        { x: left, y },
      ];
    });
}

function heightAt(points: readonly Point[], x: number): number {
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (next === undefined || x > point.x || x < next.x) continue;
    const share = point.x === next.x ? 0 : (point.x - x) / (point.x - next.x);
    return point.y + (next.y - point.y) * share;
  }
  return points.at(-1)?.y ?? 0;
}

function centreOf(box: Box | undefined): Point {
  return box === undefined ? { x: 0, y: 0 } : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Heights at which ways end at a card, in the order in which they come, so that they do not cross there. */
function spread(
  references: readonly GraphReference[],
  cards: ReadonlyMap<string, Box>,
  side: {
    readonly end: (reference: GraphReference) => string;
    readonly towards: (reference: GraphReference) => number;
  },
): ReadonlyMap<GraphReference, number> {
  const heights = new Map<GraphReference, number>();
  for (const [address, group] of Map.groupBy(references, side.end)) {
    const box = cards.get(address);
    if (box === undefined) continue;
    const ordered = group.toSorted((one, other) => side.towards(one) - side.towards(other));
    const room = box.height - 2 * corner;
    for (const [index, reference] of ordered.entries()) {
      heights.set(reference, box.y + corner + (room * (index + 0.5)) / ordered.length);
    }
  }
  return heights;
}
