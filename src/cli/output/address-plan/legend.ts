/** Below the pools: every environment with its blocks, in columns of about the same height, and who keeps what. */
import type { AddressBlockReport, AddressReport } from "../../../platform/api.ts";
import { escapeXml } from "../xml.ts";
import { type Drawing, type Paint, rect, shade, text } from "./style.ts";

const nameHeight = 20;
const blockHeight = 17;
const gap = 12;

export function drawLegend(
  report: AddressReport,
  palette: ReadonlyMap<string, Paint>,
  width: number,
): Drawing {
  if (report.blocks.length === 0) {
    const words = "No environment has any addresses yet. The first up takes them.";
    return { parts: [text({ x: 0, y: 8, look: "faint" }, words)], height: 32 };
  }
  const entries = [...palette].map(([name, paint]) => drawEntry(name, paint, report.blocks));
  const half = entries.reduce((sum, entry) => sum + entry.height, 0) / 2;
  const placed: string[] = [];
  const heights: [number, number] = [0, 0];
  for (const entry of entries) {
    const column = heights[0] >= half ? 1 : 0;
    placed.push(
      `<g transform="translate(${column * (width / 2)} ${heights[column]})">`,
      ...entry.parts,
      "</g>",
    );
    heights[column] += entry.height;
  }
  const kept = drawKept(report, Math.max(...heights));
  return { parts: [...placed, ...kept.parts], height: Math.max(...heights) + kept.height + 8 };
}

function drawEntry(name: string, paint: Paint, blocks: readonly AddressBlockReport[]): Drawing {
  const own = blocks.filter((each) => each.environment === name);
  const [first] = own;
  const facts = [first?.class ?? "held", ...(first?.target === "simulated" ? ["SIMULATED"] : [])].join(" · ");
  const title = `<text x="20" y="10"><tspan class="strong">${escapeXml(name)}</tspan><tspan class="faint small" dx="8">${escapeXml(facts)}</tspan></text>`;
  return {
    parts: [
      `${rect({ x: 0, y: 0, width: 12, height: 12, radius: 3 }, shade(paint))}/>`,
      title,
      ...own.flatMap((each, at) => {
        const y = 10 + nameHeight + at * blockHeight - 2;
        const where = [`${each.component}@${each.site}`, each.region, each.purpose, poolless(each)];
        return [
          text({ x: 20, y, look: "small mono" }, each.block),
          text({ x: 148, y, look: "faint small" }, where.filter((word) => word !== undefined).join(" · ")),
        ];
      }),
    ],
    height: nameHeight + own.length * blockHeight + gap,
  };
}

function poolless(block: AddressBlockReport): string | undefined {
  return block.pool === undefined ? "in no pool" : undefined;
}

function drawKept({ pools }: AddressReport, y: number): Drawing {
  const keepers = [...new Set(pools.flatMap((pool) => pool.reservations.map((each) => each.by)))];
  if (keepers.length === 0) return { parts: [], height: 0 };
  return {
    parts: [
      `${rect({ x: 0, y, width: 12, height: 12, radius: 3 }, 'class="kept"')}/>`,
      text({ x: 20, y: y + 10, look: "faint" }, `kept: ${keepers.join("; ")}`),
    ],
    height: nameHeight,
  };
}
