/** What a URN says: `urn:pulumi:<stack>::<project>::<types from the parent down, joined by $>::<name>`. Pure. */

const rootType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export function isRoot(urn: string): boolean {
  return typeOf(urn) === rootType;
}

function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export function isProvider(urn: string): boolean {
  return typeOf(urn).startsWith(providerPrefix);
}

export function withStack(urn: string, stack: string): string {
  return urn.replace(/^urn:pulumi:.*?::/, `urn:pulumi:${stack}::`);
}

/** `<project>-<stack>` is the name of a root. */
export function rootOf(urn: string, from: string, to: string): string {
  const moved = withStack(urn, to);
  return moved.endsWith(`-${from}`) ? `${moved.slice(0, -from.length)}${to}` : moved;
}

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types from the outermost parent down, joined by `$`. */
  readonly qualifiedType: string;
  readonly type: string;
  /** May itself hold `::`. */
  readonly name: string;
}

/** The parts of a URN; undefined for what is none. */
export function partsOf(urn: string): UrnParts | undefined {
  if (!urn.startsWith("urn:pulumi:")) return undefined;
  const [stack, project, qualifiedType, ...name] = urn.slice("urn:pulumi:".length).split("::");
  if (stack === undefined || project === undefined || qualifiedType === undefined || name.length === 0) {
    return undefined;
  }
  const type = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
  return { stack, project, qualifiedType, type, name: name.join("::") };
}

/** What a resource is called below that parent; a stack's root leaves no trace in the names of its children. */
export function urnUnder(parent: string, urn: string): string {
  const own = partsOf(urn);
  const above = partsOf(parent);
  if (own === undefined || above === undefined) return urn;
  const types = above.qualifiedType === rootType ? own.type : `${above.qualifiedType}$${own.type}`;
  return `urn:pulumi:${own.stack}::${own.project}::${types}::${own.name}`;
}

/** `pulumi:providers:<package>` */
export function isProviderType(type: string): boolean {
  return type.startsWith(providerPrefix) && type.length > providerPrefix.length;
}

/** `<URN>::<id>` of a provider; undefined for what is none. */
export function parseProvider(text: string): { readonly urn: string; readonly id: string } | undefined {
  const end = text.lastIndexOf("::");
  const urn = text.slice(0, Math.max(end, 0));
  return isProviderType(partsOf(urn)?.type ?? "") ? { urn, id: text.slice(end + 2) } : undefined;
}
