/** Puts address blocks into the components that have one: the record's, the blueprint's, else the next free ones. */
import type { Problem } from "../errors.ts";
import { type ComponentSpec, formatAddress } from "../model/spec.ts";
import { type Cidr, formatCidr } from "../values/cidr.ts";
import { type AddressPlan, reservedBy, toCidr } from "./addresses.ts";
import type { Instance } from "./instances.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { problemAt } from "./schema-problems.ts";

interface Addressing {
  readonly request: ResolveRequest;
  /** In the order of the components. */
  readonly instances: readonly Instance[];
  readonly components: readonly ComponentSpec[];
  readonly plan: AddressPlan;
  readonly problems: ProblemList;
}

type Site = ResolveRequest["blueprint"]["document"]["sites"][string];

interface Place {
  readonly instance: Instance;
  /** Within the components. */
  readonly index: number;
  readonly address: string;
  readonly field: string;
  readonly prefix: number;
}

export function resolveAddresses(addressing: Addressing): readonly ComponentSpec[] {
  const { instances, components } = addressing;
  const places = instances.flatMap((instance, index) => placeOf(instance, index) ?? []);
  const byIndex = new Map(places.map((place) => [place.index, place]));
  const blocks = new Map<string, string>();
  // What is said or recorded comes first: only what is left is free to choose.
  const open = places.filter((place) => !takeExplicit(addressing, place, blocks));
  const free = open.filter((place) => !takeRecorded(addressing, place, blocks));
  for (const place of free) takeNextFree(addressing, place, blocks);
  return components.map((component, index) => {
    const place = byIndex.get(index);
    const block = place === undefined ? undefined : blocks.get(place.address);
    if (place === undefined || block === undefined) return component;
    return { ...component, fields: { ...component.fields, [place.field]: block } };
  });
}

function placeOf(instance: Instance, index: number): Place | undefined {
  const { addressBlock } = instance.contract;
  if (addressBlock === undefined || instance.entry.use !== undefined) return undefined;
  const address = formatAddress({ component: instance.name, site: instance.site });
  return { instance, index, address, ...addressBlock };
}

function takeExplicit(addressing: Addressing, place: Place, blocks: Map<string, string>): boolean {
  const { components, plan } = addressing;
  const value = components[place.index]?.fields[place.field];
  if (typeof value !== "string") return false;
  const block = toCidr(value);
  blocks.set(place.address, value);
  checkExplicit(addressing, place, block);
  plan.take(block, place.address);
  return true;
}

function checkExplicit(addressing: Addressing, place: Place, block: Cidr): void {
  const { plan, request } = addressing;
  const { cloud } = siteOf(request, place);
  const holder = reservedBy(block, cloud);
  const taken = plan.ownerOf(block);
  if (holder !== undefined) {
    refuse(addressing, place, block, "cidr-reserved", `${formatCidr(block)} is kept by ${holder}`);
  } else if (plan.isReservedByPool(block)) {
    refuse(addressing, place, block, "cidr-reserved", `${formatCidr(block)} is reserved by an address pool`);
  } else if (taken !== undefined) {
    const message = `${formatCidr(block)} of ${place.address} overlaps ${taken.block} of ${taken.owner}`;
    refuse(addressing, place, block, "cidr-overlap", message);
  }
}

function refuse(
  addressing: Addressing,
  place: Place,
  block: Cidr,
  code: Problem["code"],
  message: string,
): void {
  const { request, plan, problems } = addressing;
  const { instance } = place;
  const path = instance.fields.get(place.field)?.path ?? ["components", instance.name];
  const environmentClass = request.environment.document.class;
  const free = plan.nextFree(environmentClass, siteOf(request, place).region, block.prefix);
  const next = free === undefined ? {} : { nearest: formatCidr(free) };
  problems.add(
    problemAt(request.blueprint.source, path, code, message, { seen: formatCidr(block), ...next }),
  );
}

function takeRecorded(addressing: Addressing, place: Place, blocks: Map<string, string>): boolean {
  const recorded = addressing.request.record?.addresses ?? {};
  const block = Object.hasOwn(recorded, place.address) ? recorded[place.address] : undefined;
  if (block === undefined) return false;
  blocks.set(place.address, block);
  addressing.plan.take(toCidr(block), place.address);
  return true;
}

function takeNextFree(addressing: Addressing, place: Place, blocks: Map<string, string>): void {
  const { plan, request, problems } = addressing;
  const { region } = siteOf(request, place);
  const environmentClass = request.environment.document.class;
  const block = plan.nextFree(environmentClass, region, place.prefix);
  if (block === undefined) {
    const path = ["components", place.instance.name];
    const message = `no /${place.prefix} is free for ${place.address} (class ${environmentClass}, region ${region})`;
    problems.add(problemAt(request.blueprint.source, path, "pool-exhausted", message, {}, "key"));
    return;
  }
  plan.take(block, place.address);
  blocks.set(place.address, formatCidr(block));
}

function siteOf(request: ResolveRequest, place: Place): Site {
  const site = request.blueprint.document.sites[place.instance.site];
  if (site === undefined) throw new RangeError(`${place.address} stands in no site`);
  return site;
}
