/** The stacks of a blueprint before there is an environment: components, sites and references without any field. */
import type { Catalog } from "../catalog/catalog.ts";
import type { EnvironmentSpec, StackGraph } from "../model/spec.ts";
import type { EnvironmentClass } from "../model/words.ts";
import { makeStackGraph } from "./graph.ts";
import { blueprintRoles, expandBlueprint } from "./instances.ts";
import type { Loaded } from "./load.ts";
import { ReferenceIndex } from "./references.ts";
import { resolveReferences } from "./resolve.ts";
import { noIncarnation } from "./resolve-request.ts";

/** The graph of a checked blueprint, as an environment of its own name would have it. For showing only. */
export function sketchBlueprint(
  blueprint: Loaded<"Blueprint">,
  catalog: Catalog,
  environmentClass: EnvironmentClass = "dev",
): StackGraph {
  const { document } = blueprint;
  const roles = blueprintRoles(document);
  const instances = expandBlueprint(document, catalog, { class: environmentClass, roles });
  const index = new ReferenceIndex(instances, document);
  const spec: EnvironmentSpec = {
    name: blueprint.name,
    class: environmentClass,
    blueprint: { name: blueprint.name, version: document.metadata.version },
    tags: {},
    sites: Object.entries(document.sites).map(([name, { cloud, region, role, runner }]) => ({
      name,
      cloud,
      region,
      role,
      runner,
    })),
    components: instances.map((instance) => ({
      name: instance.name,
      type: instance.contract.name,
      domain: instance.contract.domain,
      site: instance.site,
      fields: {},
      references: resolveReferences(instance, index, () => {}),
      secrets: {},
      born: { component: instance.name, site: instance.site },
    })),
    incarnation: noIncarnation,
    provisional: true,
  };
  return makeStackGraph(spec);
}
