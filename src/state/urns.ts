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
