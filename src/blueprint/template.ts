/**
 * Interpolation: a closed list of names in `${…}`, expanded once. What is put in is never read again, so a value can
 * hold anything. `$${` stands for `${`.
 */

/** Names besides `parameters.<name>`. */
export const templateNames = ["environment.name", "environment.class", "site.name", "site.region"] as const;

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "name"; readonly name: string; readonly occurrence: number }
  /** `${` that is not closed, nested, or holds more than a name. */
  | { readonly kind: "malformed"; readonly seen: string; readonly occurrence: number };

export function isTemplate(text: string): boolean {
  return text.includes("${");
}

/** Cuts a text into what stays and what is replaced. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let occurrence = 0;
  let literal = "";
  let at = 0;
  const flush = () => {
    if (literal !== "") parts.push({ kind: "text", text: literal });
    literal = "";
  };
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      literal += "${";
      occurrence++;
      at += 3;
    } else if (text.startsWith("${", at)) {
      flush();
      const end = text.indexOf("}", at);
      const inside = end === -1 ? text.slice(at + 2) : text.slice(at + 2, end);
      const isName = end !== -1 && /^[a-z]+(\.[A-Za-z0-9_-]+)+$/.test(inside);
      if (isName) parts.push({ kind: "name", name: inside, occurrence });
      else
        parts.push({ kind: "malformed", seen: text.slice(at, end === -1 ? undefined : end + 1), occurrence });
      occurrence += 1 + inside.split("${").length - 1;
      at = end === -1 ? text.length : end + 1;
    } else {
      literal += text[at];
      at++;
    }
  }
  flush();
  return parts;
}

/** The parameter that a text consists of entirely, if it does: its value then keeps its type. */
export function wholeParameter(text: string): string | undefined {
  const parts = parseTemplate(text);
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== "name" || !only.name.startsWith("parameters.")) return undefined;
  return only.name.slice("parameters.".length);
}

/** Names of the parameters in a text. */
export function parametersOf(text: string): readonly string[] {
  return parseTemplate(text).flatMap((part) =>
    part.kind === "name" && part.name.startsWith("parameters.")
      ? [part.name.slice("parameters.".length)]
      : [],
  );
}

/** Replaces every name once. `lookup` knows all of them: documents are validated before. */
export function expandTemplate(text: string, lookup: (name: string) => string): string {
  return parseTemplate(text)
    .map((part) => (part.kind === "text" ? part.text : part.kind === "name" ? lookup(part.name) : part.seen))
    .join("");
}
