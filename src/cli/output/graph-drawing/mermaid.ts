/** A graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html, as of 2026-11-21). */
import type { ReferenceGraph } from "../../../platform/api.ts";

export function drawMermaid(graph: ReferenceGraph): string {
  const ids = new Map(graph.components.map((component, index) => [component.address, `c${index}`]));
  const idOf = (address: string) => ids.get(address) ?? address;
  return [
    "flowchart RL",
    ...graph.sites.flatMap((site, index) => [
      `  subgraph s${index}["${escapeText(`${site.name} · ${site.cloud} ${site.region} · ${site.role}`)}"]`,
      ...graph.stacks
        .filter((stack) => stack.site === site.name)
        .flatMap((stack) => stackLines(graph, stack, `s${index}_${stack.domain}`, idOf)),
      "  end",
    ]),
    ...graph.references.map(({ from, field, to }) => `  ${idOf(from)} -->|${field}| ${idOf(to)}`),
    "",
  ].join("\n");
}

function stackLines(
  graph: ReferenceGraph,
  stack: ReferenceGraph["stacks"][number],
  id: string,
  idOf: (address: string) => string,
): readonly string[] {
  const components = graph.components.filter((component) => component.stack === stack.name);
  return [
    `    subgraph ${id}["${stack.domain}"]`,
    ...components.map((component) => {
      const lender = component.borrowedFrom === undefined ? "" : `, of ${component.borrowedFrom}`;
      const type =
        component.type === component.name && lender === ""
          ? ""
          : `<br/>${escapeText(`${component.type}${lender}`)}`;
      return `      ${idOf(component.address)}["<b>${escapeText(component.name)}</b>${type}"]`;
    }),
    "    end",
  ];
}

// Names are of a safe form already; regions and lenders come from documents as they stand.
function escapeText(text: string): string {
  return text.replace(/["<>&#;]/g, (character) => `#${character.codePointAt(0)};`);
}
