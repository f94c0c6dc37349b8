/** Whether a site's region is one of its cloud, and what was probably meant where it is not. */
import { type CloudRules, continentOf, regionsOf } from "../catalog/cloud.ts";
import type { Problem } from "../errors.ts";
import { nearest } from "../values/nearest.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";

/** A cloud without rules is not judged. */
export function checkRegion(
  blueprint: Loaded<"Blueprint">,
  name: string,
  clouds: readonly CloudRules[],
  problems: ProblemList,
): void {
  const site = blueprint.document.sites[name];
  const rules = clouds.find((each) => each.cloud === site?.cloud);
  if (site === undefined || rules === undefined) return;
  const { region } = site;
  const path = ["sites", name, "region"];
  const seen = showText(region);
  if (regionsOf(rules).includes(region)) {
    if (!rules.optInRegions.has(region)) return;
    const message = `an account must enable ${region} before it can be used`;
    const next = `Enable ${region} in the account of "${name}", if that is not done yet.`;
    const problem = problemAt(blueprint.source, path, "bad-value", message, { seen, next });
    problems.add({ ...problem, severity: "warning" });
    return;
  }
  const { message, ...more } = describe(region, rules, clouds);
  problems.add(problemAt(blueprint.source, path, "bad-value", message, { seen, ...more }), () =>
    nearest(region, regionsOf(rules)),
  );
}

function describe(
  region: string,
  rules: CloudRules,
  clouds: readonly CloudRules[],
): Pick<Problem, "message" | "allowed"> & { readonly nearest?: string } {
  const all = regionsOf(rules);
  const partition = Object.hasOwn(rules.otherPartitions, region) ? rules.otherPartitions[region] : undefined;
  if (partition !== undefined) {
    const message = `${region} belongs to ${partition}, which has accounts and rules of its own; terrane does not work there`;
    return { message, allowed: all.join(", ") };
  }
  const around = rules.regionOfZone(region);
  if (around !== undefined && all.includes(around)) {
    return { message: `${region} is a zone of ${around}`, allowed: "a region", nearest: around };
  }
  const owner = clouds.find((each) => each !== rules && regionsOf(each).includes(region));
  const continent = owner === undefined ? undefined : continentOf(owner, region);
  if (owner !== undefined && continent !== undefined) {
    const near = rules.regions[continent];
    const message = `${region} is a region of ${owner.title}, not of ${rules.title}`;
    return { message, allowed: near.length === 0 ? all.join(", ") : `in ${continent}: ${near.join(", ")}` };
  }
  const message = `${rules.title} has no region "${showText(region)}" (list of ${rules.asOf})`;
  return { message, allowed: all.join(", ") };
}
