/** What exists, as a tree per stack: components, their resources, and the ids the cloud gave them. */
import type { EnvironmentResources, ExistingResource } from "../../platform/api.ts";
import {
  clipLine,
  clipText,
  emptyLine,
  type Line,
  line,
  lineWidth,
  nameColumn,
  padText,
  styled,
  textWidth,
} from "./line.ts";
import { byName, plural, shortStack, shortType, splitUrn } from "./names.ts";
import { targetBadge } from "./plan.ts";

type Stack = EnvironmentResources["stacks"][number];

interface Row {
  readonly resource: ExistingResource;
  readonly depth: number;
}

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
  const nameWidth = nameColumn(rows.map(nameOf), width);
  const layout = { nameWidth, ...typeColumn(rows, nameWidth, width), width };
  return [
    line(
      styled("strong", shortStack(stack.name, environment)),
      styled("faint", `  ${plural(stack.resources.length, "resource")}`),
    ),
    ...rows.flatMap((row) => resourceLines(row, layout)),
    ...stack.pending.map((urn) =>
      clipLine(
        line(styled("warning", "  ? "), splitUrn(urn).name, styled("warning", "  begun, its end unknown")),
        width,
      ),
    ),
  ];
}

const protectedNote = "  protected";

interface Layout {
  readonly nameWidth: number;
  readonly typeWidth: number;
  readonly typeOf: (resource: ExistingResource) => string;
  readonly width: number;
}

/** `Subnet` instead of `aws:ec2:Subnet` where ids have no room otherwise: the stack's site tells the cloud. */
function typeColumn(
  rows: readonly Row[],
  nameWidth: number,
  width: number,
): Pick<Layout, "typeOf" | "typeWidth"> {
  const whole = (resource: ExistingResource) => shortType(resource.type);
  const bare = (resource: ExistingResource) => {
    const name = whole(resource).split(":").at(-1) ?? "";
    return isProvider(resource) ? `provider ${name}` : name;
  };
  const widest = (typeOf: Layout["typeOf"]) =>
    Math.max(0, ...rows.map(({ resource }) => textWidth(typeOf(resource))));
  const behind = rows.map(
    ({ resource }) => textWidth(resource.id ?? "") + (resource.protect ? textWidth(protectedNote) : 0),
  );
  const typeOf = nameWidth + widest(whole) + Math.max(0, ...behind) + 4 <= width ? whole : bare;
  return { typeOf, typeWidth: widest(typeOf) };
}

function isProvider({ type }: ExistingResource): boolean {
  return type.startsWith("pulumi:providers:");
}

/** A provider's is the engine's own and leads nowhere. */
function shownId(resource: ExistingResource): string {
  return isProvider(resource) ? "" : (resource.id ?? "");
}

function nameOf({ resource, depth }: Row): string {
  return `${"  ".repeat(depth)}${resource.name}`;
}

function resourceLines(row: Row, layout: Layout): readonly Line[] {
  const { resource, depth } = row;
  const id = shownId(resource);
  const name = padText(nameOf(row), layout.nameWidth);
  const type = layout.typeOf(resource);
  const isProtected = resource.protect ? [styled("warning", protectedNote)] : [];
  const head = (text: string) => [{ text: name }, styled("faint", `  ${text}`)];
  if (id === "") return [clipLine(line(...head(type), ...isProtected), layout.width)];
  const column = layout.nameWidth === 0 ? type : padText(type, layout.typeWidth);
  const whole = line(...head(column), "  ", styled("accent", id), ...isProtected);
  if (lineWidth(whole) <= layout.width) return [whole];
  // An id that is cut is of no use: where there is no room it stands below.
  return [
    clipLine(line(...head(type), ...isProtected), layout.width),
    line("  ".repeat(depth + 1), styled("accent", clipText(id, layout.width - 2 * depth - 2))),
  ];
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
  return [...children]
    .sort(byName)
    .flatMap((resource) => [{ resource, depth }, ...treeRows(resources, resource.urn, depth + 1)]);
}
