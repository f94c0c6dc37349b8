/** Checks what stands in `${…}`: names of the closed list, declared parameters, and no secret inside a longer text. */
import type { Problem } from "../errors.ts";
import { nearest } from "../values/nearest.ts";
import { type Path, toPointer } from "./document-source.ts";
import type { Loaded } from "./load.ts";
import { listNames, type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { isTemplate, parseTemplate, templateNames, wholeParameter } from "./template.ts";

/** Characters of a text with interpolation. */
const maxTemplate = 2000;

/** `secret`: whether a secret parameter may be the whole text here. */
export type SecretPlace = "allowed" | "refused";

/** Checks one text. */
export function checkTemplate(
  blueprint: Loaded<"Blueprint">,
  path: Path,
  text: string,
  secrets: SecretPlace,
  problems: ProblemList,
): void {
  const { parameters } = blueprint.document;
  if (text.length > maxTemplate) {
    const message = "the text is too long to be interpolated";
    problems.add(
      problemAt(blueprint.source, path, "bad-value", message, {
        allowed: `at most ${maxTemplate} characters`,
      }),
    );
    return;
  }
  const names = () => [...templateNames, ...Object.keys(parameters).map((name) => `parameters.${name}`)];
  const allowed = () => listNames(names().map((name) => `\${${name}}`));
  for (const part of parseTemplate(text)) {
    if (part.kind === "text") continue;
    const at: Pick<Problem, "severity" | "position" | "path"> = {
      severity: "error",
      position: blueprint.source.positionInText(path, part.occurrence),
      path: toPointer(path),
    };
    if (part.kind === "malformed") {
      const message = part.seen.endsWith("}") ? "only a name can stand in `${…}`" : "`${` is not closed";
      const next = "Write one of the names shown, or `$${` for the two characters themselves.";
      problems.add(
        { ...at, code: "unknown-reference", message, seen: showText(part.seen), next },
        { allowed },
      );
      continue;
    }
    const parameter = part.name.startsWith("parameters.") ? part.name.slice("parameters.".length) : undefined;
    const isKnown = isKnownName(blueprint, part.name, parameter);
    const seen = showText(`\${${part.name}}`);
    if (!isKnown) {
      const message =
        parameter === undefined ? "there is nothing of this name" : "there is no such parameter";
      const closest = () => {
        const found = nearest(part.name, names());
        return found === undefined ? undefined : `\${${found}}`;
      };
      problems.add({ ...at, code: "unknown-reference", message, seen }, { allowed, nearest: closest });
    } else if (parameter !== undefined && parameters[parameter]?.secret === true) {
      if (secrets === "allowed" && wholeParameter(text) === parameter) continue;
      const message = "a secret parameter can only be the whole value of a component's field";
      problems.add({
        ...at,
        code: "bad-secret-reference",
        message,
        seen,
        next: "Give it a field of its own.",
      });
    }
  }
}

function isKnownName(blueprint: Loaded<"Blueprint">, name: string, parameter: string | undefined): boolean {
  if (parameter === undefined) return templateNames.some((each) => each === name);
  const { document, source } = blueprint;
  return Object.hasOwn(document.parameters, parameter) || source.broken.has(`parameters/${parameter}`);
}

/** Every text below a value that is interpolated, with its path. */
export function templatesIn(
  value: unknown,
  path: Path,
): readonly { readonly path: Path; readonly text: string }[] {
  if (typeof value === "string") return isTemplate(value) ? [{ path, text: value }] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => templatesIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => templatesIn(item, [...path, key]));
}
