/**
 * Where each part of a picture stands: boxes for sites, stacks and components, ways for references. dagre finds the
 * places, with crossings removed; nothing is drawn here.
 */
import { Graph, layout } from "@dagrejs/dagre";
import type { ReferenceGraph } from "../../../platform/api.ts";
import { type Box, corner, type Point, routeWays, type Way } from "./route.ts";

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly sites: ReadonlyMap<string, Box>;
  readonly stacks: ReadonlyMap<string, Box>;
  readonly components: ReadonlyMap<string, Box>;
  readonly ways: readonly Way[];
}

const lowestCard = 46;
/** Room that a name beside the end of a way takes. */
const perWay = 14;
const siteHeader = 40;
const stackHeader = 24;
const padding = 14;

/** @param widthOf width of a component's card */
export function layOut(
  graph: ReferenceGraph,
  widthOf: (component: ReferenceGraph["components"][number]) => number,
): GraphLayout {
  const plan = new Graph({ compound: true, multigraph: true });
  plan.setGraph({ rankdir: "LR", nodesep: 44, ranksep: 96, edgesep: 24 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const site of graph.sites) plan.setNode(siteKey(site.name), {});
  for (const stack of graph.stacks) {
    plan.setNode(stackKey(stack.name), {});
    plan.setParent(stackKey(stack.name), siteKey(stack.site));
  }
  for (const component of graph.components) {
    plan.setNode(component.address, {
      width: widthOf(component),
      height: cardHeight(graph, component.address),
    });
    plan.setParent(component.address, stackKey(component.stack));
  }
  // What is referred to stands to the left: one reads from the ground up.
  for (const { from, field, to } of graph.references) plan.setEdge(to, from, {}, field);
  layout(plan);
  return readLayout(graph, plan);
}

/** High enough that the ways that begin and end at it stay apart. */
function cardHeight(graph: ReferenceGraph, address: string): number {
  const leaving = graph.references.filter((reference) => reference.from === address).length;
  const arriving = graph.references.filter((reference) => reference.to === address).length;
  return Math.max(lowestCard, 2 * corner + perWay * Math.max(leaving, arriving));
}

function readLayout(graph: ReferenceGraph, plan: Graph): GraphLayout {
  const components = new Map(graph.components.map(({ address }) => [address, boxOf(plan, address)]));
  const stacks = new Map(
    graph.stacks.map((stack) => {
      const own = graph.components.filter((component) => component.stack === stack.name);
      return [
        stack.name,
        around(
          own.map((each) => components.get(each.address)),
          stackHeader,
        ),
      ] as const;
    }),
  );
  const sites = new Map(
    graph.sites.map((site) => {
      const own = graph.stacks.filter((stack) => stack.site === site.name);
      return [
        site.name,
        around(
          own.map((each) => stacks.get(each.name)),
          siteHeader,
        ),
      ] as const;
    }),
  );
  alignSides(sites);
  const ways = routeWays(graph.references, components, (reference) => {
    const edge = plan.edge(reference.to, reference.from, reference.field) as {
      readonly points: readonly Point[];
    };
    return edge.points.toReversed();
  });
  return shift({ width: 0, height: 0, sites, stacks, components, ways });
}

function boxOf(plan: Graph, key: string): Box {
  const { x, y, width, height } = plan.node(key) as { x: number; y: number; width: number; height: number };
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** dagre's own frames leave no room for headings. */
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
function alignSides(sites: Map<string, Box>): void {
  const shown = [...sites.values()].filter((box) => box.width > 0);
  const left = Math.min(...shown.map((box) => box.x));
  const right = Math.max(...shown.map((box) => box.x + box.width));
  const ordered = shown.toSorted((one, other) => one.y - other.y);
  const areRows = ordered.every((box, index) => box.y + box.height <= (ordered[index + 1]?.y ?? Infinity));
  if (!areRows) return;
  for (const [name, box] of sites)
    if (box.width > 0) sites.set(name, { ...box, x: left, width: right - left });
}

/** Moves everything so that it begins at 0, 0. */
function shift(drawn: GraphLayout): GraphLayout {
  const boxes = [...drawn.sites.values(), ...drawn.stacks.values(), ...drawn.components.values()];
  const points = drawn.ways.flatMap((way) => way.points);
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
    sites: movedAll(drawn.sites),
    stacks: movedAll(drawn.stacks),
    components: movedAll(drawn.components),
    ways: drawn.ways.map((way) => ({ ...way, points: way.points.map(moved) })),
  };
}

function siteKey(name: string): string {
  return `site ${name}`;
}

function stackKey(name: string): string {
  return `stack ${name}`;
}
