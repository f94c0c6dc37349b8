/** Everything that can be said about a blueprint without an environment. */
import type { Catalog } from "../catalog/catalog.ts";
import { type ComponentContract, platformFor } from "../catalog/component.ts";
import type { ComponentEntry } from "../model/documents.ts";
import { clouds } from "../model/words.ts";
import { nearest } from "../values/nearest.ts";
import { checkFields } from "./check-fields.ts";
import { checkCollisions, checkSites } from "./check-sites.ts";
import { checkTemplate } from "./check-templates.ts";
import { checkWiring } from "./check-wiring.ts";
import type { Loaded } from "./load.ts";
import { checkDeclarations } from "./parameters.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { isTemplate } from "./template.ts";

export function checkBlueprint(
  blueprint: Loaded<"Blueprint">,
  catalog: Catalog,
  problems: ProblemList,
): void {
  checkCollisions(blueprint, problems);
  checkDeclarations(blueprint, problems);
  checkSites(blueprint, catalog, problems);
  for (const [name, entry] of Object.entries(blueprint.document.components)) {
    checkPlaces(blueprint, name, entry, problems);
    checkUse(blueprint, name, entry, problems);
    const contract = checkType(blueprint, catalog, name, entry, problems);
    if (contract === undefined) continue;
    checkSpanning(blueprint, name, entry, contract, problems);
    checkSupport(blueprint, name, entry, contract, problems);
    checkFields({ blueprint, catalog, name, entry, contract }, problems);
  }
  checkWiring(blueprint, catalog, problems);
}

function checkType(
  blueprint: Loaded<"Blueprint">,
  catalog: Catalog,
  name: string,
  entry: ComponentEntry,
  problems: ProblemList,
): ComponentContract | undefined {
  const contract = catalog.find(entry.type);
  if (contract !== undefined) return contract;
  const path = ["components", name, "type"];
  const seen = showText(entry.type);
  if (isTemplate(entry.type)) {
    problems.add(
      problemAt(blueprint.source, path, "must-be-literal", "the type cannot be interpolated", { seen }),
    );
  } else {
    const message = `there is no component type "${seen}"`;
    const more = { seen, allowed: catalog.types.join(", ") };
    problems.add(problemAt(blueprint.source, path, "unknown-component-type", message, more), () =>
      nearest(entry.type, catalog.types),
    );
  }
  return undefined;
}

function checkPlaces(
  blueprint: Loaded<"Blueprint">,
  name: string,
  entry: ComponentEntry,
  problems: ProblemList,
): void {
  const { source, document } = blueprint;
  const known = Object.keys(document.sites);
  const seenSites = new Set<string>();
  for (const [index, site] of (entry.sites ?? []).entries()) {
    const path = ["components", name, "sites", index];
    const seen = showText(site);
    if (isTemplate(site)) {
      problems.add(problemAt(source, path, "must-be-literal", "a site cannot be interpolated", { seen }));
    } else if (!Object.hasOwn(document.sites, site) && !source.broken.has(`sites/${site}`)) {
      const message = `there is no site "${seen}"`;
      problems.add(
        problemAt(source, path, "unknown-site", message, { seen, allowed: known.join(", ") }),
        () => nearest(site, known),
      );
    } else if (seenSites.has(site)) {
      problems.add(problemAt(source, path, "bad-value", "the same site is named twice", { seen }));
    }
    seenSites.add(site);
  }
}

function checkUse(
  blueprint: Loaded<"Blueprint">,
  name: string,
  entry: ComponentEntry,
  problems: ProblemList,
): void {
  const [borrowed] = Object.entries(entry.use ?? {});
  if (borrowed === undefined) return;
  const path = ["components", name, "use", borrowed[0]];
  checkTemplate(blueprint, path, borrowed[1], "refused", problems);
  problems.add({
    ...problemAt(
      blueprint.source,
      ["components", name, "use"],
      "not-in-this-release",
      "borrowing is not carried out yet",
      {},
      "key",
    ),
    severity: "warning",
  });
}

/** A spanning component outlives its sites only where it stands in one that is named, and traffic not in the primary. */
function checkSpanning(
  blueprint: Loaded<"Blueprint">,
  name: string,
  entry: ComponentEntry,
  contract: ComponentContract,
  problems: ProblemList,
): void {
  const { source, document } = blueprint;
  if (!contract.spanning) return;
  const sites = Object.keys(document.sites);
  const [site, ...others] = entry.sites ?? [];
  if (site === undefined || others.length > 0) {
    const path = ["components", name, ...(entry.sites === undefined ? [] : ["sites"])];
    const message = `"${name}" spans sites and lives in exactly one of them`;
    problems.add(
      problemAt(source, path, "bad-value", message, { allowed: `sites: [${sites.join("] or [")}]` }),
    );
    return;
  }
  const isPrimary = Object.hasOwn(document.sites, site) && document.sites[site]?.role === "primary";
  if (contract.domain === "traffic" && isPrimary && sites.length > 1) {
    const standbys = sites.filter((each) => document.sites[each]?.role !== "primary");
    problems.add(
      problemAt(
        source,
        ["components", name, "sites", 0],
        "same-fault-domain",
        "traffic cannot live only in the primary",
        {
          seen: site,
          allowed: standbys.join(", "),
        },
      ),
    );
  }
}

function checkSupport(
  blueprint: Loaded<"Blueprint">,
  name: string,
  entry: ComponentEntry,
  contract: ComponentContract,
  problems: ProblemList,
): void {
  const { sites } = blueprint.document;
  const path = ["components", name, "type"];
  if (entry.use !== undefined) return;
  const used = new Set(
    Object.keys(sites)
      .filter((site) => entry.sites?.includes(site) ?? true)
      .flatMap((site) => sites[site]?.cloud ?? []),
  );
  for (const cloud of used) {
    const support = contract.implementations[platformFor(contract, cloud)];
    if (support.support === "supported") continue;
    const isUpcoming = support.support === "upcoming";
    const able = clouds.filter(
      (each) => contract.implementations[platformFor(contract, each)].support === "supported",
    );
    const message = `${contract.name} on ${cloud}: ${support.why}`;
    const more = {
      seen: contract.name,
      ...(able.length === 0 ? {} : { allowed: `${contract.name} on ${able.join(", ")}` }),
    };
    problems.add({
      ...problemAt(blueprint.source, path, isUpcoming ? "not-in-this-release" : "unsupported", message, more),
      severity: isUpcoming ? "warning" : "error",
    });
  }
}
