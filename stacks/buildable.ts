/** Whether a stack can be built at all: every reason at once, before anything is made. Loads no cloud SDK. */
import type { Catalog } from "../src/catalog/catalog.ts";
import { parseOwnFields, platformFor } from "../src/catalog/component.ts";
import { type Problem, TerraneError } from "../src/errors.ts";
import { type ComponentSpec, formatAddress, type StackSpec } from "../src/model/spec.ts";
import type { Platform } from "../src/model/words.ts";
import { checkTags } from "./tags.ts";

/** @throws TerraneError with the code of the first problem, and all problems. */
export function assertBuildable(stack: StackSpec, catalog: Catalog): void {
  const platforms = new Set<Platform>(stack.components.length === 0 ? [] : [stack.site.cloud]);
  const problems: Problem[] = [];
  for (const spec of stack.components) {
    const platform = platformFor(catalog.get(spec.type), cloudOf(stack, spec));
    platforms.add(platform);
    problems.push(...checkSupport(stack, catalog, spec), ...checkFields(stack, catalog, spec));
  }
  for (const platform of platforms) problems.push(...checkTags(stack, platform));
  const errors = problems.filter((problem) => problem.severity === "error");
  const [first] = errors;
  if (first === undefined) return;
  const rest = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
  throw new TerraneError(first.code, `${stack.name}: ${first.message}${rest}`, { problems: errors });
}

function cloudOf(stack: StackSpec, spec: ComponentSpec) {
  return (stack.otherSites[spec.site] ?? stack.site).cloud;
}

function checkSupport(stack: StackSpec, catalog: Catalog, spec: ComponentSpec): readonly Problem[] {
  const contract = catalog.get(spec.type);
  const address = formatAddress({ component: spec.name, site: spec.site });
  if (spec.use !== undefined) {
    const message = `${address} borrows "${spec.use.component}" of "${spec.use.environment}": borrowing comes with a later release`;
    return [{ code: "not-in-this-release", severity: "error", message }];
  }
  const cloud = cloudOf(stack, spec);
  const support = contract.implementations[platformFor(contract, cloud)];
  if (support.support === "supported") return [];
  const code = support.support === "upcoming" ? "not-in-this-release" : "unsupported";
  return [{ code, severity: "error", message: `${address} is a ${spec.type} on ${cloud}: ${support.why}` }];
}

// What the place refuses; whether fields keep to their schema is judged when they are read. What a component refers to
// may stand in another stack: that they fit each other was checked with the documents.
function checkFields(stack: StackSpec, catalog: Catalog, spec: ComponentSpec): readonly Problem[] {
  const contract = catalog.get(spec.type);
  const fields = parseOwnFields(contract, spec.fields);
  if (contract.check === undefined || fields === undefined) return [];
  const { cloud, region, runner } = stack.otherSites[spec.site] ?? stack.site;
  const place = { cloud, region, runner, environmentClass: stack.environment.class };
  return contract.check(fields, place, {}).map(({ field, message, ...refusal }) => ({
    severity: "error" as const,
    message: `${formatAddress({ component: spec.name, site: spec.site })}.${field}: ${message}`,
    ...refusal,
  }));
}
