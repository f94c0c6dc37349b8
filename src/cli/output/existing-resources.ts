/** What exists, as a tree per stack: components, their resources, and the ids the cloud gave them. */
import type { EnvironmentResources, ExistingResource } from "../../platform/api.ts";
import { clipLine, clipText, emptyLine, type Line, line, padText, styled, textWidth } from "./line.ts";
import { plural, shortStack, shortType, splitUrn } from "./names.ts";
import { targetBadge } from "./plan.ts";

type Stack = EnvironmentResources["stacks"][number];

interface Row {
  readonly resource: ExistingResource;
  readonly depth: number;
}

/** A name wider than this pushes its own type to the right and nobody else's. */
const widestName = 44;

export function existingResourceLines(found: EnvironmentResources, width: number): readonly Line[] {
  const all = found.stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  const summary =
    all === 0
      ? "There are no such resources."
      : `${plural(all, "resource")} in ${plural(found.stacks.length, "stack")}`;
  return [
    line(styled("strong", `Resources of ${found.environment}`), ...targetBadge(found.target)),
    line(styled("faint", summary)),
    ...found.stacks.flatMap((stack) => [emptyLine, ...stackLines(stack, found.environment, width)]),
  ];
}

function stackLines(stack: Stack, environment: string, width: number): readonly Line[] {
  const rows = treeRows(stack.resources, undefined, 1);
  const nameWidth = Math.min(
    widestName,
    Math.max(0, ...rows.map(({ resource, depth }) => depth * 2 + textWidth(resource.name))),
  );
  const typeWidth = Math.max(0, ...rows.map(({ resource }) => textWidth(shortType(resource.type))));
  return [
    line(
      styled("strong", shortStack(stack.name, environment)),
      styled("faint", `  ${plural(stack.resources.length, "resource")}`),
    ),
    ...rows.map(({ resource, depth }) => resourceLine(resource, depth, { nameWidth, typeWidth, width })),
    ...stack.pending.map((urn) =>
      clipLine(
        line(styled("warning", "  ? "), splitUrn(urn).name, styled("warning", "  begun, its end unknown")),
        width,
      ),
    ),
  ];
}

function resourceLine(
  resource: ExistingResource,
  depth: number,
  layout: { readonly nameWidth: number; readonly typeWidth: number; readonly width: number },
): Line {
  const indent = "  ".repeat(depth);
  const name = padText(`${indent}${resource.name}`, layout.nameWidth);
  const type = shortType(resource.type);
  const id = resource.id ?? "";
  const isProtected = resource.protect ? [styled("warning", "  protected")] : [];
  const used = Math.max(layout.nameWidth, textWidth(name)) + 2 + layout.typeWidth + 2;
  // An id that is cut is of no use: where there is no room it stands below.
  if (id === "" || used + textWidth(id) <= layout.width) {
    return line(
      name,
      styled("faint", `  ${padText(type, layout.typeWidth)}`),
      ...(id === "" ? [] : ["  ", styled("accent", id)]),
      ...isProtected,
    );
  }
  const room = Math.max(8, layout.width - textWidth(name) - 2);
  return clipLine(line(name, "  ", styled("accent", clipText(id, room)), ...isProtected), layout.width);
}

function treeRows(
  resources: readonly ExistingResource[],
  parent: string | undefined,
  depth: number,
): readonly Row[] {
  const urns = new Set(resources.map((resource) => resource.urn));
  const children = resources.filter((resource) =>
    parent === undefined
      ? resource.parent === undefined || !urns.has(resource.parent)
      : resource.parent === parent,
  );
  return children.flatMap((resource) => [
    { resource, depth },
    ...treeRows(resources, resource.urn, depth + 1),
  ]);
}
