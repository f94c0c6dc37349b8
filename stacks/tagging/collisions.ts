/** Tags that a cloud would not keep apart. */
import type { TagRefusal } from "../../src/values/tags.ts";
import type { Tags } from "./tagger.ts";

/** One refusal for each group of keys that the cloud's form makes the same; `become` says in its words what of them. */
export function findCollisions(
  tags: Tags,
  toForm: (key: string) => string,
  become: (form: string) => string,
): readonly TagRefusal[] {
  return [...Map.groupBy(Object.keys(tags), toForm)].flatMap(([form, keys]): TagRefusal[] => {
    const last = keys.at(-1);
    if (last === undefined || keys.length === 1) return [];
    const named = keys.map((key) => `"${key}"`).join(" and ");
    return [{ code: "name-collision", key: last, message: `the tags ${named} ${become(form)}` }];
  });
}
