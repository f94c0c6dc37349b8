/** Checks sites, and names that become equal: what a blueprint says besides its components. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Parameter } from "../model/documents.ts";
import { slug } from "../values/names.ts";
import { checkRegion } from "./check-region.ts";
import { checkTemplate } from "./check-templates.ts";
import type { Path } from "./document-source.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { isTemplate } from "./template.ts";

export function checkSites(blueprint: Loaded<"Blueprint">, catalog: Catalog, problems: ProblemList): void {
  const { source, document } = blueprint;
  for (const [name, site] of Object.entries(document.sites)) {
    if (isTemplate(site.region)) {
      const message = "the region cannot be interpolated: it decides what a site is";
      problems.add(problemAt(source, ["sites", name, "region"], "must-be-literal", message));
    } else if (!source.broken.has(`sites/${name}`)) {
      checkRegion(blueprint, name, catalog.clouds, problems);
    }
    for (const key of ["account", "assumeRole"] as const) {
      const text = site[key];
      if (text !== undefined) checkTemplate(blueprint, ["sites", name, key], text, "refused", problems);
    }
  }
  checkRoles(blueprint, problems);
}

/** One primary, and standbys elsewhere: what fails together cannot stand in for each other. */
function checkRoles(blueprint: Loaded<"Blueprint">, problems: ProblemList): void {
  const { source, document } = blueprint;
  if ([...source.broken].some((each) => each.startsWith("sites/"))) return;
  const sites = Object.entries(document.sites);
  const primaries = sites.filter(([, site]) => site.role === "primary");
  const isActiveActive = document.recovery?.pattern === "active-active";
  const [first] = primaries;
  if (first === undefined) {
    const message = "no site has the role primary";
    problems.add(
      problemAt(source, ["sites"], "same-fault-domain", message, { allowed: "one primary" }, "key"),
    );
    return;
  }
  if (primaries.length > 1 && !isActiveActive) {
    for (const [name] of primaries.slice(1)) {
      const path: Path = source.nodeAt(["sites", name, "role"]) ? ["sites", name, "role"] : ["sites", name];
      problems.add({
        ...problemAt(source, path, "same-fault-domain", `"${name}" is a second primary beside "${first[0]}"`),
        allowed: "one primary; give the others `role: standby`",
        related: [{ position: source.positionOf(["sites", first[0]], "key"), message: "the first primary" }],
      });
    }
  }
  for (const [name, site] of sites) {
    const twin = sites.find(
      ([, other]) => other !== site && other.cloud === site.cloud && other.region === site.region,
    );
    const isSecond =
      twin !== undefined &&
      sites.findIndex(([each]) => each === twin[0]) < sites.findIndex(([each]) => each === name);
    if (twin === undefined || !isSecond) continue;
    problems.add({
      ...problemAt(
        source,
        ["sites", name, "region"],
        "same-fault-domain",
        `"${name}" and "${twin[0]}" are in one region`,
      ),
      seen: `${site.cloud} ${showText(site.region)}`,
      allowed: "another cloud or another region",
      related: [{ position: source.positionOf(["sites", twin[0]], "key"), message: "the other site" }],
    });
  }
}

/** Names that clouds, files or people cannot tell apart. Looks at what was written, wrong names included. */
export function checkCollisions(blueprint: Loaded<"Blueprint">, problems: ProblemList): void {
  const { source, document } = blueprint;
  for (const section of ["components", "sites"]) {
    const bySlug = new Map<string, string>();
    for (const name of source.nodeAt([section])?.entries.keys() ?? []) {
      const plain = slug(name);
      const first = bySlug.get(plain);
      if (first === undefined || plain === "") bySlug.set(plain, name);
      else addCollision(source, [section, name], [section, first], problems);
    }
  }
  const parameters = new Map<string, string>();
  for (const name of Object.keys(document.parameters satisfies Record<string, Parameter>)) {
    const first = parameters.get(name.toLowerCase());
    if (first === undefined) parameters.set(name.toLowerCase(), name);
    else addCollision(source, ["parameters", name], ["parameters", first], problems);
  }
  checkFormerNames(blueprint, "sites", problems);
  checkFormerNames(blueprint, "components", problems);
}

function checkFormerNames(
  { source, document }: Loaded<"Blueprint">,
  section: "components" | "sites",
  problems: ProblemList,
): void {
  const named: Readonly<Record<string, { readonly formerly?: string | undefined }>> = document[section];
  const former = new Map<string, string>();
  for (const [name, { formerly }] of Object.entries(named)) {
    if (formerly === undefined) continue;
    const path: Path = [section, name, "formerly"];
    const first = former.get(formerly);
    if (formerly === name) {
      problems.add(
        problemAt(source, path, "name-collision", "the earlier name is the name", { seen: formerly }),
      );
    } else if (Object.hasOwn(named, formerly)) {
      addCollision(source, path, [section, formerly], problems);
    } else if (first !== undefined) {
      addCollision(source, path, [section, first, "formerly"], problems);
    }
    former.set(formerly, name);
  }
}

function addCollision(
  source: Loaded<"Blueprint">["source"],
  path: Path,
  other: Path,
  problems: ProblemList,
): void {
  const isKey = path.at(-1) !== "formerly";
  const name = isKey ? String(path.at(-1)) : String(source.nodeAt(path)?.value);
  const otherName = other.at(-1) === "formerly" ? name : String(other.at(-1));
  problems.add({
    ...problemAt(
      source,
      path,
      "name-collision",
      `"${showText(name)}" and "${showText(otherName)}" become one name`,
    ),
    position: source.positionOf(path, isKey ? "key" : "value"),
    seen: showText(name),
    related: [{ position: source.positionOf(other, "key"), message: "the other one" }],
  });
}
