/** The engine's and the clouds' own words, without the wrapping that the engine puts around them. Pure. */

const colour = /<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g;

/** Lines that say only that something failed, which everybody knows by then. */
const noise = [
  /^(error: )?(update|preview|destroy|refresh) failed$/i,
  /^\d+ errors? occurred:?$/,
  /^error: an unhandled error occurred: program failed:?$/i,
  /^(BAIL: )?run bailed$/,
  // Of an engine that was asked to end.
  /^context canceled$/,
  /^resource (creation|monitor) .*(shut|cancel|terminat)/i,
];

/** How a broken update plan is told: with the values in Go's own notation, secret or not. Only the names are kept. */
const planDifference = /(violates plan: (?:\w+ )?changed: )([\s\S]*)$/;

/** How it is told that a planned step was not taken. Source: `deployment_executor.go` of 3.250.0. */
const planRest = /^expected resource operations for (\S+) but none were seen$/;

/** URN of the resource that had fewer steps than planned, if that is what the message tells. */
export function lessThanPlanned(message: string): string | undefined {
  return planRest.exec(message)?.[1];
}

function changedKeys(changes: string): string {
  const keys = [...changes.matchAll(/(?:^|, )[=~+-]{2}([\w.:/-]+)/g)].map((match) => match[1]);
  return [...new Set(keys)].join(", ");
}

/**
 * One message for people: colours, bullets, "1 error occurred", the engine's `creating urn:…:` and gRPC prefixes
 * removed; duplicates dropped; the provider's words kept as they are.
 */
export function cleanMessage(raw: string): string {
  const lines = raw
    .replace(colour, "")
    .replace(planDifference, (_, head: string, changes: string) => `${head}${changedKeys(changes)}`)
    .split(/\r?\n/)
    .map(stripWrapping)
    .filter((line) => line !== "" && !noise.some((pattern) => pattern.test(line)));
  return [...new Set(lines)].join("\n");
}

/** Several messages as one, each once; a message that repeats part of another goes away. */
export function joinMessages(messages: readonly string[]): string {
  const distinct = [...new Set(messages.filter((message) => message !== ""))];
  return distinct
    .filter((message) => !distinct.some((other) => other !== message && other.includes(message)))
    .join("\n");
}

function stripWrapping(line: string): string {
  let text = line.trim();
  for (;;) {
    const shorter = text
      .replace(/^\* /, "")
      .replace(/^error: /, "")
      .replace(/^(creating|updating|deleting|reading|refreshing|importing|diffing) urn:\S+: /, "")
      .replace(/^\d+ errors? occurred:\s*(\* )?/, "")
      .replace(/^rpc error: code = \w+ desc = /, "")
      .replace(/^sdk-v2\/provider2\.go:\d+: /, "")
      .trim();
    if (shorter === text) return text;
    text = shorter;
  }
}
