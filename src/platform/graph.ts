/** What stands where and refers to what: the stack graph of an environment or a blueprint, for drawing. */

import { addressesIn } from "../blueprint/graph.ts";
import type { LoadedDocuments } from "../blueprint/project-loader.ts";
import { sketchBlueprint } from "../blueprint/sketch.ts";
import { type Validation, validateDocuments } from "../blueprint/validate.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { TerraneError } from "../errors.ts";
import type { GraphReference, ReferenceGraph } from "../model/reference-graph.ts";
import { type ComponentSpec, formatAddress, type StackGraph } from "../model/spec.ts";
import { nearest, toldNames } from "../values/nearest.ts";
import type { PlatformContext } from "./context.ts";
import { catalogOf } from "./project/component-catalog.ts";
import { loadWithRepositories } from "./project/load-with-repositories.ts";

type Found = Validation["graphs"][number];

/**
 * Of an environment or a blueprint by name, or of the only one there is.
 * @throws TerraneError `document-invalid`, `document-not-found`, `bad-usage`
 */
export async function readGraph(context: PlatformContext, name: string | undefined): Promise<ReferenceGraph> {
  const catalog = catalogOf(context);
  const documents = await loadWithRepositories(context);
  const validation = validateDocuments({
    documents: documents.documents,
    catalog,
    problems: documents.problems,
    locks: documents.locks,
    mustBeLocked: context.locked === true,
  });
  return toReferenceGraph(pick(documents, validation, { name, catalog }));
}

interface Wanted {
  readonly name: string | undefined;
  readonly catalog: Catalog;
}

function pick(documents: LoadedDocuments, validation: Validation, wanted: Wanted): Found {
  const { name } = wanted;
  const { graphs } = validation;
  if (name === undefined) {
    const environments = graphs.filter((graph) => graph.of === "environment");
    const [only, ...others] = environments.length > 0 ? environments : graphs;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      const names = graphs.map((graph) => graph.name).join(", ");
      throw new TerraneError("bad-usage", `there are several graphs: ${names}; name one`);
    }
  }
  const found = graphs.find((graph) => graph.name === name) ?? sketch(documents, validation, wanted);
  if (found !== undefined) return found;
  assertSound(validation);
  const known = [...documents.environments, ...documents.blueprints].map((each) => each.name).sort();
  const near = nearest(name ?? "", known);
  const told = `there is no environment or blueprint "${name}"; ${toldNames(known)}`;
  throw new TerraneError("document-not-found", told, {
    ...(near === undefined ? {} : { next: `terrane graph ${near}` }),
  });
}

/** A blueprint that an environment uses has no graph of its own in a validation. */
function sketch(
  documents: LoadedDocuments,
  validation: Validation,
  { name, catalog }: Wanted,
): Found | undefined {
  const blueprint = documents.blueprints.find((each) => each.name === name);
  if (blueprint === undefined) return undefined;
  const { file } = blueprint.source;
  const own = validation.problems.filter((problem) => problem.position?.file === file);
  assertSound({
    ...validation,
    problems: own,
    hasErrors: own.some((problem) => problem.severity === "error"),
  });
  return { of: "blueprint", name: blueprint.name, graph: sketchBlueprint(blueprint, catalog) };
}

function assertSound({ problems, hasErrors }: Pick<Validation, "problems" | "hasErrors">): void {
  if (!hasErrors) return;
  throw new TerraneError("document-invalid", "the documents have problems", { problems });
}

function toReferenceGraph({ of, name, graph }: Found): ReferenceGraph {
  const { environment } = graph;
  const components = environment.components;
  return {
    of,
    name,
    class: environment.class,
    blueprint: environment.blueprint,
    sites: environment.sites.map(({ name: site, cloud, region, role }) => ({
      name: site,
      cloud,
      region,
      role,
    })),
    stacks: graph.stacks.map(({ name: stack, site, domain, dependsOn }) => ({
      name: stack,
      site,
      domain,
      dependsOn,
    })),
    components: components.map((component) => ({
      address: addressOf(component),
      name: component.name,
      type: component.type,
      site: component.site,
      stack: stackOf(graph, component),
      ...(component.use === undefined ? {} : { borrowedFrom: component.use.environment }),
    })),
    references: components.flatMap(referencesOf),
  };
}

function addressOf(component: ComponentSpec): string {
  return formatAddress({ component: component.name, site: component.site });
}

function stackOf(graph: StackGraph, component: ComponentSpec): string {
  const found = graph.stacks.find(
    (stack) => stack.site === component.site && stack.domain === component.domain,
  );
  if (found === undefined) throw new TerraneError("internal", `${addressOf(component)} stands in no stack`);
  return found.name;
}

function referencesOf(component: ComponentSpec): readonly GraphReference[] {
  const from = addressOf(component);
  return Object.entries(component.references).flatMap(([field, target]) =>
    addressesIn({ ...component, references: { [field]: target } }).map((address) => ({
      from,
      field,
      to: formatAddress(address),
    })),
  );
}
