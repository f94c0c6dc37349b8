/** JSON for stdout that cannot steer a terminal either. */

const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Indented JSON. */
export function toJson(value: unknown): string {
  return escapeInJson(JSON.stringify(value, null, 2));
}

/** JSON on one line. */
export function toJsonLine(value: unknown): string {
  return escapeInJson(JSON.stringify(value));
}

// Inside JSON such characters stand in texts only; the line ends between values are ours.
function escapeInJson(json: string): string {
  return json.replace(steering, (character) => {
    if (character === "\n") return character;
    return Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
    }).join("");
  });
}
