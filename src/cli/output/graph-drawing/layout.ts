/**
 * Where each part of a picture stands: boxes for frames and cards, ways for arrows. dagre finds the places, with
 * crossings removed; nothing is drawn here.
 */
import { Graph, layout } from "@dagrejs/dagre";
import type { Arrow, Card, Picture } from "./picture.ts";
import { type Box, corner, type Point, routeWays, type Way } from "./route.ts";

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** By key; one without cards has no width. */
  readonly frames: ReadonlyMap<string, Box>;
  readonly cards: ReadonlyMap<string, Box>;
  readonly ways: readonly Way[];
}

const lowestCard = 46;
/** Room that a name beside the end of a way takes. */
const perWay = 14;
const placeHeader = 40;
const innerHeader = 24;
const padding = 14;

/** @param widthOf width of a card */
export function layOut(picture: Picture, widthOf: (card: Card) => number): PictureLayout {
  const plan = new Graph({ compound: true, multigraph: true });
  plan.setGraph({ rankdir: "LR", nodesep: 44, ranksep: 96, edgesep: 24 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const frame of picture.frames) {
    plan.setNode(nodeOf(frame.key), {});
    if (frame.within !== undefined) plan.setParent(nodeOf(frame.key), nodeOf(frame.within));
  }
  for (const card of picture.cards) {
    plan.setNode(card.key, { width: widthOf(card), height: cardHeight(picture, card) });
    plan.setParent(card.key, nodeOf(card.frame));
  }
  // What is referred to stands to the left: one reads from the ground up.
  for (const { from, label, to } of picture.arrows) plan.setEdge(to, from, {}, edgeOf(label));
  layout(plan);
  return readLayout(picture, plan);
}

/** High enough that the ways that begin and end at it stay apart. */
function cardHeight(picture: Picture, { key }: Card): number {
  const leaving = picture.arrows.filter((arrow) => arrow.from === key).length;
  const arriving = picture.arrows.filter((arrow) => arrow.to === key).length;
  return Math.max(lowestCard, 2 * corner + perWay * Math.max(leaving, arriving));
}

function readLayout(picture: Picture, plan: Graph): PictureLayout {
  const cards = new Map(picture.cards.map(({ key }) => [key, boxOf(plan, key)]));
  const frames = frameAll(picture, cards);
  const ways = routeWays(picture.arrows, cards, (arrow) => pointsOf(plan, arrow));
  return shift({ width: 0, height: 0, frames, cards, ways });
}

/** From the innermost outwards: dagre's own frames leave no room for headings. */
function frameAll(picture: Picture, cards: ReadonlyMap<string, Box>): ReadonlyMap<string, Box> {
  const frames = new Map<string, Box>();
  for (const frame of picture.frames.toReversed()) {
    const inner = picture.frames.filter((each) => each.within === frame.key);
    const boxes = [
      ...picture.cards.filter((card) => card.frame === frame.key).map((card) => cards.get(card.key)),
      ...inner.map((each) => frames.get(each.key)),
    ];
    frames.set(frame.key, around(boxes, inner.length > 0 ? placeHeader : innerHeader));
  }
  const outer = picture.frames.filter((frame) => frame.within === undefined);
  alignSides(
    frames,
    outer.map((frame) => frame.key),
  );
  return frames;
}

function pointsOf(plan: Graph, { from, label, to }: Arrow): readonly Point[] {
  const edge = plan.edge(to, from, edgeOf(label)) as { readonly points: readonly Point[] };
  return edge.points.toReversed();
}

function boxOf(plan: Graph, key: string): Box {
  const { x, y, width, height } = plan.node(key) as { x: number; y: number; width: number; height: number };
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function around(boxes: readonly (Box | undefined)[], header: number): Box {
  const inner = boxes.filter((box) => box !== undefined && box.width > 0) as readonly Box[];
  if (inner.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const left = Math.min(...inner.map((box) => box.x)) - padding;
  const top = Math.min(...inner.map((box) => box.y)) - header;
  const right = Math.max(...inner.map((box) => box.x + box.width)) + padding;
  const bottom = Math.max(...inner.map((box) => box.y + box.height)) + padding;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Frames of equal width, one above the other, are read as rows. */
function alignSides(frames: Map<string, Box>, keys: readonly string[]): void {
  const shown = keys.flatMap((key) => {
    const box = frames.get(key);
    return box === undefined || box.width === 0 ? [] : [{ key, box }];
  });
  const left = Math.min(...shown.map(({ box }) => box.x));
  const right = Math.max(...shown.map(({ box }) => box.x + box.width));
  const ordered = shown.map(({ box }) => box).toSorted((one, other) => one.y - other.y);
  const areRows = ordered.every((box, index) => box.y + box.height <= (ordered[index + 1]?.y ?? Infinity));
  if (!areRows) return;
  for (const { key, box } of shown) frames.set(key, { ...box, x: left, width: right - left });
}

/** Moves everything so that it begins at 0, 0. */
function shift(placed: PictureLayout): PictureLayout {
  const boxes = [...placed.frames.values(), ...placed.cards.values()].filter((box) => box.width > 0);
  const points = placed.ways.flatMap((way) => way.points);
  const left = Math.min(...boxes.map((box) => box.x), ...points.map((point) => point.x));
  const top = Math.min(...boxes.map((box) => box.y), ...points.map((point) => point.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width), ...points.map((point) => point.x));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height), ...points.map((point) => point.y));
  const moved = <T extends Point>(place: T): T => ({ ...place, x: place.x - left, y: place.y - top });
  const movedAll = (all: ReadonlyMap<string, Box>) =>
    new Map([...all].map(([key, box]) => [key, moved(box)]));
  return {
    width: right - left,
    height: bottom - top,
    frames: movedAll(placed.frames),
    cards: movedAll(placed.cards),
    ways: placed.ways.map((way) => ({ ...way, points: way.points.map(moved) })),
  };
}

// Frames and cards may have the same key.
function nodeOf(frame: string): string {
  return `frame ${frame}`;
}

// dagre loses edges whose name is empty.
function edgeOf(label: string): string {
  return `arrow ${label}`;
}
