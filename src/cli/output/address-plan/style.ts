/** How the picture of an address plan looks, in light and in dark, and the shapes it is made of. */
import { escapeXml } from "../xml.ts";

export interface Drawing {
  readonly parts: readonly string[];
  readonly height: number;
}

/** Room for the address before a row of cells. */
export const label = 104;

export interface Paint {
  readonly fill: string;
  /** Which text is legible on it. */
  readonly ink: "light" | "dark";
}

/** Told apart also by people who see few colours: after Okabe and Ito, https://jfly.uni-koeln.de/color/ (2008). */
export const paints: readonly [Paint, ...Paint[]] = [
  { fill: "#0072b2", ink: "light" },
  { fill: "#e69f00", ink: "dark" },
  { fill: "#009e73", ink: "dark" },
  { fill: "#cc79a7", ink: "dark" },
  { fill: "#56b4e9", ink: "dark" },
  { fill: "#d55e00", ink: "light" },
  { fill: "#8c6bb1", ink: "light" },
  { fill: "#7a7a2e", ink: "light" },
];

export const planStyle = `
  svg { --page: #ffffff; --ink: #1c2430; --faint: #667085; --free: #eef1f5; --line: #98a2b3; --kept: #b3bcc9;
    font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif }
  @media (prefers-color-scheme: dark) {
    svg { --page: #11151c; --ink: #e8ecf3; --faint: #98a2b3; --free: #1d242f; --line: #55607a; --kept: #55607a }
  }
  text { font-size: 12px; fill: var(--ink) }
  .name { font-size: 20px; font-weight: 650 } .pool { font-size: 14px; font-weight: 600 } .strong { font-weight: 600 }
  .faint { fill: var(--faint) } .small { font-size: 11px }
  .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
  .page { fill: var(--page) } .free { fill: var(--free) } .kept { fill: url(#hatch) }
  .line { stroke: var(--line); stroke-width: 1.5 }
  .used-bar { fill: #0072b2 } .kept-bar { fill: var(--kept) }
  .on-light { fill: #ffffff; font-weight: 600 } .on-dark { fill: #11151c; font-weight: 600 }`;

export function shade(paint: Paint | undefined): string {
  return `fill="${(paint ?? paints[0]).fill}"`;
}

/** An open tag, to be closed by who knows what stands in it. */
export function rect(
  box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly radius: number;
  },
  look: string,
): string {
  return `<rect ${look} x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="${box.radius}"`;
}

export function text(
  place: { readonly x: number; readonly y: number; readonly look: string; readonly isEnd?: true },
  words: string,
): string {
  const end = place.isEnd ? ' text-anchor="end"' : "";
  return `<text class="${place.look}" x="${round(place.x)}" y="${round(place.y)}"${end}>${escapeXml(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
