/** Where a resource comes from: its component, and the line of the blueprint that names it. */
import { componentOf, sourceOf } from "../../model/component-of.ts";
import type { Plan } from "../../model/plan.ts";
import { formatAddress } from "../../model/spec.ts";
import { clipLine, type Line, line, lineWidth, styled, wrapText } from "./line.ts";
import { formatPosition } from "./problem.ts";

/** `orders@virginia  blueprints/shop/blueprint.yaml:12:3` */
export function placeLines(plan: Plan, urn: string, width: number): readonly Line[] {
  const component = componentOf(plan, urn);
  if (component === undefined) return [];
  const source = sourceOf(plan, urn);
  const place = source === undefined ? [] : ["  ", styled("accent", formatPosition(source))];
  const together = line("    ", styled("faint", formatAddress(component)), ...place);
  if (source === undefined || lineWidth(together) <= width) return [clipLine(together, width)];
  return [
    clipLine(line("    ", styled("faint", formatAddress(component))), width),
    ...wrapText(formatPosition(source), width - 4).map((part) => line("    ", styled("accent", part))),
  ];
}
