/**
 * A graph as a picture: sites as frames, stacks within, components as cards, references as arrows. Fonts are the
 * reader's own, colours follow the reader's light or dark mode, texts are escaped; no script, nothing is loaded.
 */
import type { ReferenceGraph } from "../../../platform/api.ts";
import { plural } from "../names.ts";
import { escapeXml } from "../xml.ts";
import { type GraphLayout, layOut } from "./layout.ts";
import type { Box, Point } from "./route.ts";
import { graphStyle } from "./style.ts";

const margin = 24;
const titleHeight = 58;

export function drawSvg(graph: ReferenceGraph): string {
  const placed = layOut(graph, cardWidth);
  const subtitle = subtitleOf(graph);
  const width = Math.ceil(
    Math.max(placed.width, textRoom(subtitle, 12), textRoom(graph.name, 20)) + 2 * margin,
  );
  const height = Math.ceil(placed.height + titleHeight + 2 * margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title summary">`,
    `<title id="title">${escapeXml(`${graph.of} ${graph.name}`)}</title>`,
    `<desc id="summary">${escapeXml(subtitle)}</desc>`,
    `<style>${graphStyle}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0.8 L7.2 4 L0 7.2 z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}" rx="12"/>`,
    `<text class="name" x="${margin}" y="${margin + 18}">${escapeXml(graph.name)}</text>`,
    `<text class="about" x="${margin}" y="${margin + 38}">${escapeXml(subtitle)}</text>`,
    `<g transform="translate(${margin} ${margin + titleHeight})">`,
    ...graph.sites.map((site) => drawSite(site, placed)),
    ...graph.stacks.map((stack) => drawStack(stack, placed)),
    ...placed.ways.map(drawWay),
    ...graph.components.map((component) => drawCard(graph, component, placed)),
    ...placed.ways.map(drawLabel),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function subtitleOf(graph: ReferenceGraph): string {
  const blueprint = `${graph.blueprint.name} ${graph.blueprint.version}`;
  const made = `${plural(graph.components.length, "component")} in ${plural(graph.stacks.length, "stack")}`;
  return graph.of === "environment"
    ? `${blueprint} · class ${graph.class} · ${made}`
    : `blueprint ${graph.blueprint.version} · ${made}`;
}

function drawSite(site: ReferenceGraph["sites"][number], placed: GraphLayout): string {
  const box = placed.sites.get(site.name);
  if (box === undefined || box.width === 0) return "";
  const facts = `${site.cloud} ${site.region} · ${site.role}`;
  return [
    `<g class="site ${site.cloud}">${rect(box, 12)}`,
    `<text x="${round(box.x + 14)}" y="${round(box.y + 16)}"><tspan class="strong">${escapeXml(site.name)}</tspan>`,
    `<tspan class="faint" dx="8">${escapeXml(facts)}</tspan></text></g>`,
  ].join("");
}

function drawStack(stack: ReferenceGraph["stacks"][number], placed: GraphLayout): string {
  const box = placed.stacks.get(stack.name);
  if (box === undefined || box.width === 0) return "";
  return `<g class="stack">${rect(box, 9)}<text x="${round(box.x + 14)}" y="${round(box.y + 16)}">${stack.domain}</text></g>`;
}

function drawCard(
  graph: ReferenceGraph,
  component: ReferenceGraph["components"][number],
  placed: GraphLayout,
): string {
  const box = placed.components.get(component.address);
  if (box === undefined) return "";
  const domain = graph.stacks.find((stack) => stack.name === component.stack)?.domain ?? "foundation";
  const x = round(box.x + 16);
  const middle = box.y + box.height / 2;
  const second = secondLine(component);
  return [
    `<g class="card ${domain}${component.borrowedFrom === undefined ? "" : " borrowed"}">`,
    `<title>${escapeXml(component.address)}</title>${rect(box, 7)}`,
    `<rect class="mark" x="${round(box.x)}" y="${round(box.y + 9)}" width="3.5" height="${round(box.height - 18)}" rx="1.75"/>`,
    `<text class="strong" x="${x}" y="${round(middle + (second === undefined ? 4.5 : -3))}">${escapeXml(component.name)}</text>`,
    ...(second === undefined
      ? []
      : [`<text class="faint" x="${x}" y="${round(middle + 12)}">${escapeXml(second)}</text>`]),
    "</g>",
  ].join("");
}

/** The type, where the name does not say it already, and the lender. */
function secondLine({ name, type, borrowedFrom }: ReferenceGraph["components"][number]): string | undefined {
  if (borrowedFrom !== undefined) return `${type}, of ${borrowedFrom}`;
  return type === name ? undefined : type;
}

function drawWay({ reference, points }: GraphLayout["ways"][number]): string {
  const { from, field, to } = reference;
  return `<path class="way" d="${curve(points)}" marker-end="url(#arrow)"><title>${escapeXml(`${from} ${field} → ${to}`)}</title></path>`;
}

// Where the way begins; a halo keeps it legible on lines and frames.
function drawLabel({ reference, points }: GraphLayout["ways"][number]): string {
  const [start] = points;
  if (start === undefined) return "";
  return `<text class="label" x="${round(start.x - 8)}" y="${round(start.y - 3)}">${escapeXml(reference.field)}</text>`;
}

/** A smooth way through the points that leaves and meets each of them level. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const parts = rest.map((point, index) => {
    const before = points[index] ?? first;
    const middle = (before.x + point.x) / 2;
    return before.y === point.y
      ? `L${at(point)}`
      : `C${at({ x: middle, y: before.y })} ${at({ x: middle, y: point.y })} ${at(point)}`;
  });
  return `M${at(first)} ${parts.join(" ")}`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function rect(box: Box, radius: number): string {
  return `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="${radius}"/>`;
}

function cardWidth(component: ReferenceGraph["components"][number]): number {
  return Math.max(104, textRoom(component.name, 13) + 34, textRoom(secondLine(component) ?? "", 11) + 34);
}

// Widths of a font that is not known here: 0.6 of the size is what the wider system fonts take.
function textRoom(text: string, size: number): number {
  return text.length * size * 0.6;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
