/** The tags of an environment: the required ones, what each may say, and what the clouds take. */
import type { Catalog } from "../catalog/catalog.ts";
import { nearest } from "../values/nearest.ts";
import {
  checkTags,
  environmentTags,
  missingTags,
  ownTags,
  requiredTags,
  type TagRefusal,
} from "../values/tags.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText, showValue } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { isTemplate } from "./template.ts";

type Environment = Loaded<"Environment">;

/** What holds on every cloud. */
export function checkEnvironmentTags(environment: Environment, problems: ProblemList): void {
  const { source, document } = environment;
  const { tags } = document;
  const missing = missingTags(tags);
  if (missing.length > 0) {
    const wrongCase = Object.keys(tags).find((key) => missing.some((each) => nearest(key, [each]) === each));
    const path = wrongCase === undefined ? ["tags"] : ["tags", wrongCase];
    const empty = missing.filter((key) => Object.hasOwn(tags, key));
    const words = empty.length > 0 ? ` (${empty.join(", ")} says nothing)` : "";
    problems.add(
      {
        ...problemAt(
          source,
          path,
          "missing-tag",
          `tags are missing: ${missing.join(", ")}${words}`,
          {},
          "key",
        ),
        allowed: `${requiredTags.slice(1).join(", ")}; Environment is the class`,
        ...(wrongCase === undefined ? {} : { seen: showText(wrongCase) }),
      },
      () => (wrongCase === undefined ? undefined : nearest(wrongCase, missing)),
    );
  }
  for (const [key, value] of Object.entries(tags)) {
    for (const [text, part] of [
      [key, "key"],
      [value, "value"],
    ] as const) {
      if (!isTemplate(text)) continue;
      const message = "tags of an environment cannot be interpolated";
      problems.add(
        problemAt(source, ["tags", key], "must-be-literal", message, { seen: showText(text) }, part),
      );
    }
  }
  for (const refusal of checkTags(tags, document.class)) addRefusal(environment, refusal, problems);
}

/** What the clouds of the blueprint's sites refuse, once terrane's own tags are added. */
export function checkCloudTags(
  environment: Environment,
  blueprint: Loaded<"Blueprint">,
  catalog: Catalog,
  problems: ProblemList,
): void {
  const own = Object.fromEntries(ownTags.map((key) => [key, ""]));
  const used = new Set(Object.values(blueprint.document.sites).map((site) => site.cloud));
  const tags = { ...own, ...environmentTags(environment.document.tags, environment.document.class) };
  for (const rules of catalog.clouds) {
    if (!used.has(rules.cloud)) continue;
    for (const refusal of rules.checkTags(tags)) addRefusal(environment, refusal, problems);
  }
}

function addRefusal(environment: Environment, refusal: TagRefusal, problems: ProblemList): void {
  const { source, document } = environment;
  const { code, key, message, severity, ...more } = refusal;
  // A count is told at the list, since no one tag is to blame.
  const path = Object.hasOwn(document.tags, key) ? ["tags", key] : ["tags"];
  const seen = path.length === 1 ? undefined : showValue(document.tags[key], path);
  problems.add({
    ...problemAt(source, path, code, message, { ...more, ...(seen === undefined ? {} : { seen }) }),
    ...(severity === undefined ? {} : { severity }),
  });
}
