/** The page of the clouds' limits that validation keeps to, from the tables that it keeps to them by. */
import { eksVersions, gkeVersions, type VersionTable } from "../../src/values/cluster-versions.ts";
import { catalog } from "../../stacks/catalog.ts";
import { type LimitGroup, limitGroups } from "../../stacks/limits/groups.ts";
import type { Bounds, Limit } from "../../stacks/limits/limit.ts";
import { code, makePage, type Page, table } from "./markdown.ts";

export function limitsPage(): Page {
  return makePage("limits.md", "Limits of the clouds", [
    "What documents are held to before anything runs, with the page it comes from and the day of the last look. The simulated",
    "clouds have numbers of their own, so that they can disagree; a test lists where they do. Quotas are the clouds' defaults:",
    "an account may have others.",
    "",
    ...limitGroups.flatMap(groupSection),
    ...[eksVersions, gkeVersions].flatMap(versionSection),
    ...catalog.clouds.flatMap(regionSection),
  ]);
}

function groupSection({ title, limits }: LimitGroup): readonly string[] {
  const all = Object.values(limits);
  const short = all.filter((limit) => !isTable(limit));
  return [
    `## ${title}`,
    "",
    ...table(
      ["What", "Limit", "Source", "Note"],
      short.map((limit) => [limit.what, boundsOf(limit), sourceOf(limit), limit.note ?? ""]),
    ),
    ...all.filter(isTable).flatMap(tableSection),
  ];
}

type Table = Limit<Extract<Bounds, { readonly byName: unknown }>>;

function isTable(limit: Limit): limit is Table {
  return "byName" in limit;
}

function tableSection(limit: Table): readonly string[] {
  return [
    `### ${limit.what}`,
    "",
    ...(limit.note === undefined ? [] : [limit.note, ""]),
    `${sourceOf(limit)}`,
    "",
    ...table(
      ["Name", "Value"],
      Object.entries(limit.byName).map(([name, value]) => [code(name), textOf(value)]),
    ),
  ];
}

function boundsOf(limit: Limit): string {
  if ("from" in limit) return `${textOf(limit.from)} to ${textOf(limit.to)}`;
  if ("most" in limit) return `at most ${textOf(limit.most)}`;
  if ("least" in limit) return `at least ${textOf(limit.least)}`;
  if ("oneOf" in limit) return limit.oneOf.map(textOf).join(", ");
  return "is" in limit ? textOf(limit.is) : "";
}

function textOf(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en-US");
  if (typeof value === "string") return code(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(textOf).join(", ");
  return Object.entries(value as object)
    .map(([name, inner]) => `${wordsOf(name)}: ${textOf(inner)}`)
    .join("; ");
}

// "standardSupportEnds" → "standard support ends"
function wordsOf(name: string): string {
  return /^[a-z]+(?:[A-Z][a-z]*)+$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : name;
}

function sourceOf({ source, asOf }: Limit): string {
  const links = [source].flat().map((url) => `[${new URL(url).hostname}](${url})`);
  return `${links.join(", ")}, ${asOf}`;
}

function versionSection({
  service,
  source,
  read,
  extendedSupport,
  versions,
}: VersionTable): readonly string[] {
  return [
    `## Kubernetes versions of ${service}`,
    "",
    `Extended support: ${extendedSupport}. [${new URL(source).hostname}](${source}), ${read}`,
    "",
    ...table(
      ["Version", "Standard support until", "Extended support until"],
      Object.entries(versions).map(([version, { standardUntil, extendedUntil }]) => [
        version,
        standardUntil,
        extendedUntil,
      ]),
    ),
  ];
}

function regionSection({
  title,
  asOf,
  regions,
  optInRegions,
}: (typeof catalog.clouds)[number]): readonly string[] {
  return [
    `## Regions of ${title}`,
    "",
    `As of ${asOf}.${optInRegions.size === 0 ? "" : " Regions with a star must be enabled in the account first."}`,
    "",
    ...table(
      ["Where", "Regions"],
      Object.entries(regions).map(([where, names]) => [
        where,
        names.map((name) => `${code(name)}${optInRegions.has(name) ? "*" : ""}`).join(", "),
      ]),
    ),
  ];
}
