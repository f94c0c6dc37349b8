/** A render as a tree of resources per stack. */
import type { Resource } from "../../model/resource.ts";
import type { RenderedEnvironment } from "../../platform/api.ts";
import { findingLines } from "./findings.ts";
import { clipLine, emptyLine, type Line, line, nameColumn, padText, styled } from "./line.ts";
import { byName, plural, shortStack, shortType } from "./names.ts";
import { targetBadge } from "./plan.ts";
import { formatValue, valueSpan } from "./value.ts";

export function renderLines(
  rendered: RenderedEnvironment,
  options: { readonly width: number; readonly verbose: boolean },
): readonly Line[] {
  const all = rendered.stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  const provisional = rendered.provisional ? ", names and addresses provisional" : "";
  const findings = findingLines(rendered.findings, options.width);
  return [
    line(styled("strong", `Desired resources of ${rendered.environment}`), ...targetBadge(rendered.target)),
    line(
      styled(
        "faint",
        `${plural(all, "resource")} in ${plural(rendered.stacks.length, "stack")}${provisional}`,
      ),
    ),
    ...(findings.length === 0 ? [] : [emptyLine, ...findings]),
    ...rendered.stacks.flatMap((stack) => [
      emptyLine,
      line(
        styled("strong", shortStack(stack.name, rendered.environment)),
        styled("faint", `  ${plural(stack.resources.length, "resource")}`),
      ),
      ...resourceLines(stack.resources, options),
    ]),
  ];
}

interface Row {
  readonly resource: Resource;
  readonly depth: number;
}

function resourceLines(
  resources: readonly Resource[],
  { width, verbose }: { readonly width: number; readonly verbose: boolean },
): readonly Line[] {
  const rows = treeRows(resources, undefined, 1);
  const nameWidth = nameColumn(rows.map(nameOf), width);
  return rows.flatMap((row) => [
    clipLine(
      line(padText(nameOf(row), nameWidth), styled("faint", `  ${shortType(row.resource.type)}`)),
      width,
    ),
    ...(verbose ? inputLines(row.resource, row.depth + 2, width) : []),
  ]);
}

function nameOf({ resource, depth }: Row): string {
  return `${"  ".repeat(depth)}${resource.name}`;
}

function treeRows(resources: readonly Resource[], parent: string | undefined, depth: number): readonly Row[] {
  const urns = new Set(resources.map((resource) => resource.urn));
  const children = resources.filter((resource) =>
    parent === undefined
      ? resource.parent === undefined || !urns.has(resource.parent)
      : resource.parent === parent,
  );
  return [...children]
    .sort(byName)
    .flatMap((resource) => [{ resource, depth }, ...treeRows(resources, resource.urn, depth + 1)]);
}

function inputLines(resource: Resource, depth: number, width: number): readonly Line[] {
  return Object.entries(resource.inputs).map(([key, value]) =>
    clipLine(line("  ".repeat(depth), styled("faint", `${key}: `), valueSpan(value, formatValue)), width),
  );
}
