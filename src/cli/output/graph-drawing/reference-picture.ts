/** The picture of a reference graph: sites as frames, stacks within, components as cards, references as arrows. */
import type { ReferenceGraph } from "../../../platform/api.ts";
import { plural } from "../names.ts";
import type { Card, Frame, Picture } from "./picture.ts";

export function pictureReferences(graph: ReferenceGraph): Picture {
  return {
    title: graph.name,
    subtitle: subtitleOf(graph),
    label: `${graph.of} ${graph.name}`,
    frames: [...graph.sites.map(frameSite), ...graph.stacks.map(frameStack)],
    cards: graph.components.map((component) => toCard(graph, component)),
    arrows: graph.references.map(({ from, field, to }) => ({
      from,
      to,
      label: field,
      tooltip: `${from} ${field} → ${to}`,
    })),
  };
}

function subtitleOf(graph: ReferenceGraph): string {
  const blueprint = `${graph.blueprint.name} ${graph.blueprint.version}`;
  const made = `${plural(graph.components.length, "component")} in ${plural(graph.stacks.length, "stack")}`;
  return graph.of === "environment"
    ? `${blueprint} · class ${graph.class} · ${made}`
    : `blueprint ${graph.blueprint.version} · ${made}`;
}

function frameSite({ name, cloud, region, role }: ReferenceGraph["sites"][number]): Frame {
  return { key: `site ${name}`, title: name, facts: `${cloud} ${region} · ${role}`, cloud };
}

function frameStack({ name, site, domain }: ReferenceGraph["stacks"][number]): Frame {
  return { key: name, within: `site ${site}`, title: domain };
}

function toCard(graph: ReferenceGraph, component: ReferenceGraph["components"][number]): Card {
  const note = noteOf(component);
  return {
    key: component.address,
    frame: component.stack,
    title: component.name,
    ...(note === undefined ? {} : { note }),
    tooltip: component.address,
    domain: graph.stacks.find((stack) => stack.name === component.stack)?.domain ?? "foundation",
    borrowed: component.borrowedFrom !== undefined,
  };
}

/** The type, where the name does not say it already, and the lender. */
function noteOf({ name, type, borrowedFrom }: ReferenceGraph["components"][number]): string | undefined {
  if (borrowedFrom !== undefined) return `${type}, of ${borrowedFrom}`;
  return type === name ? undefined : type;
}
