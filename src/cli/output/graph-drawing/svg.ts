/**
 * A picture as SVG: frames, cards within, arrows. Fonts are the reader's own, colours follow the reader's light or dark
 * mode, texts are escaped; no script, nothing is loaded.
 */
import { escapeXml } from "../xml.ts";
import { layOut, type PictureLayout } from "./layout.ts";
import type { Card, Frame, Picture } from "./picture.ts";
import type { Box, Point } from "./route.ts";
import { graphStyle } from "./style.ts";

const margin = 24;
const titleHeight = 58;

export function drawSvg(picture: Picture): string {
  const placed = layOut(picture, cardWidth);
  const { title, subtitle } = picture;
  const width = Math.ceil(Math.max(placed.width, textRoom(subtitle, 12), textRoom(title, 20)) + 2 * margin);
  const height = Math.ceil(placed.height + titleHeight + 2 * margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title summary">`,
    `<title id="title">${escapeXml(picture.label)}</title>`,
    `<desc id="summary">${escapeXml(subtitle)}</desc>`,
    `<style>${graphStyle}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0.8 L7.2 4 L0 7.2 z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}" rx="12"/>`,
    `<text class="name" x="${margin}" y="${margin + 18}">${escapeXml(title)}</text>`,
    `<text class="about" x="${margin}" y="${margin + 38}">${escapeXml(subtitle)}</text>`,
    `<g transform="translate(${margin} ${margin + titleHeight})">`,
    ...picture.frames.map((frame) => drawFrame(frame, placed)),
    ...placed.ways.map(drawWay),
    ...picture.cards.map((card) => drawCard(card, placed)),
    ...placed.ways.map(drawLabel),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function drawFrame(frame: Frame, placed: PictureLayout): string {
  const box = placed.frames.get(frame.key);
  if (box === undefined || box.width === 0) return "";
  const x = round(box.x + 14);
  const y = round(box.y + 16);
  const title = escapeXml(frame.title);
  if (frame.cloud === undefined)
    return `<g class="stack">${rect(box, 9)}<text x="${x}" y="${y}">${title}</text></g>`;
  return [
    `<g class="site ${frame.cloud}">${rect(box, 12)}`,
    `<text x="${x}" y="${y}"><tspan class="strong">${title}</tspan>`,
    `<tspan class="faint" dx="8">${escapeXml(frame.facts ?? "")}</tspan></text></g>`,
  ].join("");
}

function drawCard(card: Card, placed: PictureLayout): string {
  const box = placed.cards.get(card.key);
  if (box === undefined) return "";
  const x = round(box.x + 16);
  const middle = box.y + box.height / 2;
  const { note } = card;
  return [
    `<g class="card ${card.domain}${card.borrowed === true ? " borrowed" : ""}">`,
    `<title>${escapeXml(card.tooltip)}</title>${rect(box, 7)}`,
    `<rect class="mark" x="${round(box.x)}" y="${round(box.y + 9)}" width="3.5" height="${round(box.height - 18)}" rx="1.75"/>`,
    `<text class="strong" x="${x}" y="${round(middle + (note === undefined ? 4.5 : -3))}">${escapeXml(card.title)}</text>`,
    ...(note === undefined
      ? []
      : [`<text class="faint" x="${x}" y="${round(middle + 12)}">${escapeXml(note)}</text>`]),
    "</g>",
  ].join("");
}

function drawWay({ arrow, points }: PictureLayout["ways"][number]): string {
  return `<path class="way" d="${curve(points)}" marker-end="url(#arrow)"><title>${escapeXml(arrow.tooltip)}</title></path>`;
}

// Where the way begins; a halo keeps it legible on lines and frames.
function drawLabel({ arrow, points }: PictureLayout["ways"][number]): string {
  const [start] = points;
  if (start === undefined || arrow.label === "") return "";
  return `<text class="label" x="${round(start.x - 8)}" y="${round(start.y - 3)}">${escapeXml(arrow.label)}</text>`;
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

function cardWidth(card: Card): number {
  return Math.max(104, textRoom(card.title, 13) + 34, textRoom(card.note ?? "", 11) + 34);
}

// Widths of a font that is not known here: 0.6 of the size is what the wider system fonts take.
function textRoom(text: string, size: number): number {
  return text.length * size * 0.6;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
