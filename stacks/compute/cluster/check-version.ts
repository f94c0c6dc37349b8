/** Which Kubernetes versions a cloud offers, on the day that this release judges by. */
import type { FieldRefusal, Place } from "../../../src/catalog/component.ts";
import type { Cloud } from "../../../src/model/words.ts";
import {
  eksVersions,
  gkeVersions,
  type VersionTable,
  versionsJudgedOn,
} from "../../../src/values/cluster-versions.ts";
import type { ClusterFields } from "./cluster-fields.ts";

const tables: { readonly [C in Cloud]?: VersionTable } = { aws: eksVersions, gcp: gkeVersions };

export function checkVersion(
  { version }: Pick<ClusterFields, "version">,
  { cloud }: Place,
): readonly FieldRefusal[] {
  const table = tables[cloud];
  if (table === undefined) return [];
  const offered = offeredVersions(table);
  const dated = `dates of ${table.read}`;
  const allowed = offered.map((each) => `${each} (${supportOf(table, each)})`).join(", ");
  const support = Object.hasOwn(table.versions, version) ? table.versions[version] : undefined;
  if (support === undefined || support.extendedUntil < versionsJudgedOn) {
    const newest = offered.at(-1) ?? "";
    const ended = minorOf(version) < minorOf(newest);
    const message = ended
      ? `${table.service} no longer offers Kubernetes ${version}${support === undefined ? "" : `, whose extended support ended on ${support.extendedUntil}`} (${dated})`
      : `${table.service} does not offer Kubernetes ${version} yet (${dated})`;
    return [{ field: "version", code: "version-not-offered", message, allowed, nearest: newest }];
  }
  if (support.standardUntil >= versionsJudgedOn) return [];
  const message = `standard support of Kubernetes ${version} on ${table.service} ended on ${support.standardUntil}; extended support until ${support.extendedUntil} costs more: ${table.extendedSupport} (${dated})`;
  return [{ field: "version", code: "version-not-offered", severity: "warning", message, allowed }];
}

function supportOf(table: VersionTable, version: string): string {
  const support = table.versions[version];
  if (support === undefined) return "not listed";
  return support.standardUntil >= versionsJudgedOn
    ? `until ${support.standardUntil}`
    : `extended support until ${support.extendedUntil}, at extra cost`;
}

/** Oldest first. */
export function offeredVersions(table: VersionTable): readonly string[] {
  return Object.entries(table.versions)
    .filter(([, support]) => support.extendedUntil >= versionsJudgedOn)
    .map(([version]) => version);
}

/** `1.34` → 34 */
export function minorOf(version: string): number {
  return Number(version.slice(version.indexOf(".") + 1));
}
