/**
 * Ways of arrows between cards: out of the left side of what refers, into the right side of what is referred to,
 * along the gaps between columns. The columns passed on the way, and at which height, are dagre's.
 */
import type { Arrow } from "./picture.ts";

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
  readonly arrow: Arrow;
  readonly points: readonly Point[];
}

/** Cards one above the other; a way crosses it straight on, so that it cuts no corner. */
interface Column {
  readonly left: number;
  readonly right: number;
}

/** Ends of ways keep this far from the corners of a card. */
export const corner = 11;

/** @param pointsOf dagre's points of an arrow, from what refers to what is referred to */
export function routeWays(
  arrows: readonly Arrow[],
  cards: ReadonlyMap<string, Box>,
  pointsOf: (arrow: Arrow) => readonly Point[],
): readonly Way[] {
  const columns = columnsOf([...cards.values()]);
  const inner = new Map(
    arrows.map((arrow) => [
      arrow,
      crossings(columns, cards.get(arrow.from), cards.get(arrow.to), pointsOf(arrow)),
    ]),
  );
  const middle = (address: string) => centreOf(cards.get(address));
  const leaving = spread(arrows, cards, {
    end: (arrow) => arrow.from,
    towards: (arrow) => (inner.get(arrow)?.[0] ?? middle(arrow.to)).y,
  });
  const arriving = spread(arrows, cards, {
    end: (arrow) => arrow.to,
    towards: (arrow) => (inner.get(arrow)?.at(-1) ?? middle(arrow.from)).y,
  });
  return arrows.map((arrow) => {
    const from = cards.get(arrow.from);
    const to = cards.get(arrow.to);
    const start = { x: from?.x ?? 0, y: leaving.get(arrow) ?? 0 };
    const end = { x: (to?.x ?? 0) + (to?.width ?? 0), y: arriving.get(arrow) ?? 0 };
    return { arrow, points: [start, ...(inner.get(arrow) ?? []), end] };
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
  arrows: readonly Arrow[],
  cards: ReadonlyMap<string, Box>,
  side: {
    readonly end: (arrow: Arrow) => string;
    readonly towards: (arrow: Arrow) => number;
  },
): ReadonlyMap<Arrow, number> {
  const heights = new Map<Arrow, number>();
  for (const [address, group] of Map.groupBy(arrows, side.end)) {
    const box = cards.get(address);
    if (box === undefined) continue;
    const ordered = group.toSorted((one, other) => side.towards(one) - side.towards(other));
    const room = box.height - 2 * corner;
    for (const [index, arrow] of ordered.entries()) {
      heights.set(arrow, box.y + corner + (room * (index + 0.5)) / ordered.length);
    }
  }
  return heights;
}
