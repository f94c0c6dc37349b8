/** Policy packs by name. A new rule is one file and one line here. */
import { TerraneError } from "../src/errors.ts";
import type { Rule } from "../src/policy/rule.ts";
import { nearest } from "../src/values/nearest.ts";
import { encryptionAtRest } from "./baseline/encryption-at-rest.ts";
import { noOpenSecurityGroup } from "./baseline/no-open-security-group.ts";
import { noPublicDatabase } from "./baseline/no-public-database.ts";
import { requiredTags } from "./baseline/required-tags.ts";
import { supportedClusterVersion } from "./baseline/supported-cluster-version.ts";

const packs: Readonly<Record<string, readonly Rule[]>> = {
  baseline: [requiredTags, noPublicDatabase, noOpenSecurityGroup, encryptionAtRest, supportedClusterVersion],
};

export const packNames: readonly string[] = Object.keys(packs);

/**
 * The rules of the named packs, in the order of the names; a pack named twice counts once.
 * @throws TerraneError `bad-value` for a name that no pack has.
 */
export function rulesOf(names: readonly string[]): readonly Rule[] {
  return [...new Set(names)].flatMap((name) => {
    const rules = Object.hasOwn(packs, name) ? packs[name] : undefined;
    if (rules !== undefined) return rules;
    const near = nearest(name, packNames);
    throw new TerraneError(
      "bad-value",
      `there is no policy pack "${name}"; there are ${packNames.join(", ")}`,
      near === undefined ? {} : { next: `Write "${near}".` },
    );
  });
}
