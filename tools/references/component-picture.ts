/** The picture of what a component makes: one card for each type of resource, arrows to what it waits for. */

import type { ComponentContract } from "../../src/catalog/component.ts";
import type { Card, Picture } from "../../src/cli/output/graph-drawing/picture.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { ComponentSample } from "./component-samples.ts";

export function pictureComponent(contract: ComponentContract, sample: ComponentSample): Picture {
  const types = Map.groupBy(sample.resources, (resource) => resource.type);
  const links = reduce(linksOf(sample.resources));
  const count = sample.resources.length;
  return {
    title: contract.name,
    subtitle: `What the example makes on ${sample.cloud} in class prod: ${count} resource${count === 1 ? "" : "s"} of ${types.size} types`,
    label: `what component ${contract.name} makes on ${sample.cloud}`,
    frames: [{ key: "component", title: contract.domain }],
    cards: [...types].map(([type, resources]) => toCard(contract, type, resources)),
    arrows: [...links].flatMap(([from, targets]) =>
      [...targets].map((to) => ({ from, to, label: "", tooltip: `${from} waits for ${to}` })),
    ),
  };
}

function toCard(contract: ComponentContract, type: string, resources: readonly Resource[]): Card {
  const [provider = "", module = "", name = ""] = type.split(":");
  const service = module.split("/")[0] ?? "";
  const place = provider === "kubernetes" ? module : `${provider} ${service}`;
  return {
    key: type,
    frame: "component",
    title: resources.length === 1 ? name : `${resources.length} × ${name}`,
    note: place,
    tooltip: resources.map((resource) => resource.name).join(", "),
    domain: contract.domain,
  };
}

type Links = ReadonlyMap<string, ReadonlySet<string>>;

/** From type to type, without those that would close a circle: the first way found stays. */
function linksOf(resources: readonly Resource[]): Links {
  const typeOf = new Map(resources.map((resource) => [resource.urn, resource.type]));
  const links = new Map<string, Set<string>>();
  for (const resource of resources) {
    for (const urn of resource.dependsOn) {
      const target = typeOf.get(urn);
      if (target === undefined || reaches(links, target, resource.type)) continue;
      links.set(resource.type, (links.get(resource.type) ?? new Set()).add(target));
    }
  }
  return links;
}

/** Without what follows from other links: who waits for a subnet waits for its network anyway. */
function reduce(links: Links): Links {
  const reduced = [...links].map(([from, targets]) => {
    const kept = [...targets].filter(
      (to) => ![...targets].some((other) => other !== to && reaches(links, other, to)),
    );
    return [from, new Set(kept)] as const;
  });
  return new Map(reduced);
}

function reaches(links: Links, from: string, to: string): boolean {
  return from === to || [...(links.get(from) ?? [])].some((next) => reaches(links, next, to));
}
