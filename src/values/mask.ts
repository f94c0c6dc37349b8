/** Takes known secret texts out of whatever is about to be shown or stored. */

/**
 * Shortest text that is looked for, characters: shorter ones stand everywhere by chance, and taking them out would spoil
 * every message. A shorter secret could not be hidden, so none is read.
 */
export const shortestSecret = 4;
/** A line of a longer secret is looked for from this length on: messages are wrapped and indented. */
const shortestLine = 16;

/** Answers plain data of the same shape; what is no plain data is left as it is. */
export type Mask = <T>(value: T) => T;

export const noMask: Mask = (value) => value;

/** A mask for these texts, their lines, and the way JSON writes them. */
export function makeMask(secrets: readonly string[]): Mask {
  const wanted = new Set<string>();
  for (const secret of secrets) {
    for (const line of secret.split(/\r?\n/)) if (line.length >= shortestLine) wanted.add(line.trim());
    if (secret.length >= shortestSecret) wanted.add(secret).add(JSON.stringify(secret).slice(1, -1));
  }
  if (wanted.size === 0) return noMask;
  // The longest first: one may begin with another.
  const texts = [...wanted].sort((left, right) => right.length - left.length);
  const hide = (value: unknown): unknown => {
    if (typeof value === "string") {
      return texts.reduce((text, secret) => text.replaceAll(secret, "[secret]"), value);
    }
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== "object" || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]));
  };
  return hide as Mask;
}
