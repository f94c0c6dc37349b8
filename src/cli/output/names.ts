/** Stack names, URNs, counts and times as people read them. */

/** `payments.virginia.data` → `virginia.data`: the environment is in the heading already. */
export function shortStack(stack: string, environment: string): string {
  return stack.startsWith(`${environment}.`) ? stack.slice(environment.length + 1) : stack;
}

/** Name and type of a URN (`urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`). */
export function splitUrn(urn: string): {
  readonly name: string;
  readonly type: string;
  readonly chain: string;
} {
  const parts = urn.split("::");
  const chain = parts[2] ?? "";
  return { name: parts.slice(3).join("::") || urn, type: chain.split("$").at(-1) ?? "", chain };
}

/** `aws:ec2/vpc:Vpc` → `aws:ec2:Vpc`: the module's file name says nothing more. */
export function shortType(type: string): string {
  const parts = type.split(":");
  const [packageName, module, name] = parts;
  if (parts.length !== 3 || module === undefined) return type;
  const folder = module.split("/")[0] ?? module;
  return `${packageName}:${folder}:${name}`;
}

/** Whether a stack that ended with this message was stopped, and did not fail. */
export function wasStopped(message: string | undefined): boolean {
  return message?.endsWith(" on request") === true;
}

/** As people look for them: providers first, then by name (`web-2` before `web-10`), then by type. */
export function byName(
  one: { readonly name: string; readonly type: string },
  other: { readonly name: string; readonly type: string },
): number {
  const isProvider = (type: string) => Number(type.startsWith("pulumi:providers:"));
  const text = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
  return (
    isProvider(other.type) - isProvider(one.type) || text(one.name, other.name) || text(one.type, other.type)
  );
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `0.4 s`, `42 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** How long before `now` it was, to one unit: `now`, `5 min ago`, `3 d ago`. */
export function ago(at: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(at)) / 1000);
  if (Number.isNaN(seconds)) return at;
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** For what is only expected: `4 s`, `25 s`, `6 min`, `1 h 10 min`. */
export function formatAbout(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 58) return `${Math.round(seconds / 5) * 5} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
