/** Tags that a cloud would not keep apart. */
import type { Problem } from "../../src/errors.ts";
import type { Tags } from "./tagger.ts";

/** One problem for each group of keys that the cloud's form makes the same; `become` says in its words what of them. */
export function findCollisions(
  tags: Tags,
  toForm: (key: string) => string,
  become: (form: string) => string,
): readonly Problem[] {
  return [...Map.groupBy(Object.keys(tags), toForm)].flatMap(([form, keys]): Problem[] => {
    if (keys.length === 1) return [];
    const named = keys.map((key) => `"${key}"`).join(" and ");
    return [{ code: "name-collision", severity: "error", message: `the tags ${named} ${become(form)}` }];
  });
}
