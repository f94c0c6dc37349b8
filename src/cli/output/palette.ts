/** Colours of the styles, and when there are any. */
import { type Palette, plainPalette } from "./line.ts";

export const colorModes = ["auto", "always", "never"] as const;
export type ColorMode = (typeof colorModes)[number];

/**
 * Whether to write colours: the flag first, then NO_COLOR (https://no-color.org, as of 2026-11-21), then FORCE_COLOR,
 * then whether there is a terminal that can.
 */
export function wantsColor(
  mode: ColorMode,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (mode !== "auto") return mode === "always";
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const force = environment["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}

/** The colour library is loaded only where colours are wanted. */
export async function loadPalette(colored: boolean): Promise<Palette> {
  if (!colored) return plainPalette;
  const { default: picocolors } = await import("picocolors");
  const color = picocolors.createColors(true);
  return {
    strong: color.bold,
    faint: color.dim,
    accent: color.cyan,
    create: color.green,
    update: color.yellow,
    replace: (text) => color.bold(color.magenta(text)),
    delete: color.red,
    good: color.green,
    warning: color.yellow,
    error: (text) => color.bold(color.red(text)),
    badge: (text) => color.inverse(color.yellow(text)),
  };
}
