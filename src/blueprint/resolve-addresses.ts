/** Puts address blocks into the components that have them: the record's, the blueprint's, else the next free ones. */
import type { AddressBlock } from "../catalog/component.ts";
import type { Problem } from "../errors.ts";
import type { AllocatedBlock } from "../model/record.ts";
import { type ComponentAddress, type ComponentSpec, formatAddress } from "../model/spec.ts";
import { addressPurposes } from "../model/words.ts";
import { formatCidr } from "../values/cidr.ts";
import { type AddressPlan, reservedBy, toCidr, type Want } from "./addresses.ts";
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

interface Place extends AddressBlock {
  readonly instance: Instance;
  readonly component: ComponentSpec;
  /** Of the block, within the record. */
  readonly key: string;
}

/** A place whose block is said or recorded. */
interface Settled extends Place {
  readonly block: string;
}

/**
 * The components with their blocks. What is recorded or said comes first: only what is left is free to choose, the
 * routed blocks before those of services, which must be off all of them.
 */
export function resolveAddresses(addressing: Addressing): readonly ComponentSpec[] {
  const { instances, components } = addressing;
  const places = instances.flatMap((instance, index) => placesOf(instance, components[index]));
  const explicit = places.flatMap((place) => settle(place, explicitBlock(place)));
  const open = places.filter((place) => explicitBlock(place) === undefined);
  const recorded = open.flatMap((place) => settle(place, recordedBlock(addressing, place)));
  const free = open.filter((place) => recordedBlock(addressing, place) === undefined);
  const blocks = new Map([...recorded, ...explicit].map((place) => [place.key, place.block]));
  for (const place of recorded) addressing.plan.take(toCidr(place.block), place.purpose, place.key);
  for (const place of explicit) takeExplicit(addressing, place, explicit);
  for (const place of byPurpose(free)) takeNextFree(addressing, place, blocks);
  return components.map((component) => withBlocks(component, places, blocks));
}

/** The blocks that these components hold, by the keys of a record. */
export function blocksOf(
  components: readonly ComponentSpec[],
  addressBlocksOf: (type: string) => readonly AddressBlock[],
): readonly AllocatedBlock[] {
  return components.flatMap((component) => {
    if (component.use !== undefined) return [];
    return addressBlocksOf(component.type).flatMap(({ field, purpose }) => {
      const block = component.fields[field];
      const key = keyOf({ component: component.name, site: component.site }, { field, purpose });
      return typeof block === "string" ? [{ key, block, purpose }] : [];
    });
  });
}

/** Key of a block within a record: `<component>@<site>`, for blocks beside the network's own with the field behind. */
export function keyOf(
  address: ComponentAddress,
  { field, purpose }: Pick<AddressBlock, "field" | "purpose">,
): string {
  return purpose === "network" ? formatAddress(address) : `${formatAddress(address)}/${field}`;
}

function placesOf(instance: Instance, component: ComponentSpec | undefined): readonly Place[] {
  if (component === undefined || instance.entry.use !== undefined) return [];
  const address = { component: instance.name, site: instance.site };
  return instance.contract.addressBlocks.map((block) => ({
    ...block,
    instance,
    component,
    key: keyOf(address, block),
  }));
}

function settle(place: Place, block: string | undefined): readonly Settled[] {
  return block === undefined ? [] : [{ ...place, block }];
}

function explicitBlock({ component, field }: Place): string | undefined {
  const value = component.fields[field];
  return typeof value === "string" ? value : undefined;
}

function recordedBlock(
  { request }: Addressing,
  { key, instance, field, purpose }: Place,
): string | undefined {
  const recorded = request.record?.addresses ?? {};
  if (Object.hasOwn(recorded, key)) return recorded[key];
  // A component that is renamed keeps its addresses: another block would replace it.
  const { formerly } = instance.entry;
  const before = formerly && keyOf({ component: formerly, site: instance.site }, { field, purpose });
  return before !== undefined && Object.hasOwn(recorded, before) ? recorded[before] : undefined;
}

function byPurpose(places: readonly Place[]): readonly Place[] {
  return addressPurposes.flatMap((purpose) => places.filter((place) => place.purpose === purpose));
}

function withBlocks(
  component: ComponentSpec,
  places: readonly Place[],
  blocks: ReadonlyMap<string, string>,
): ComponentSpec {
  const own = places.filter((place) => place.component === component);
  const fields = own.flatMap((place) => {
    const block = blocks.get(place.key);
    return block === undefined ? [] : [[place.field, block] as const];
  });
  if (fields.length === 0) return component;
  return { ...component, fields: { ...component.fields, ...Object.fromEntries(fields) } };
}

function takeExplicit(addressing: Addressing, place: Settled, explicit: readonly Settled[]): void {
  const { plan, request } = addressing;
  const block = toCidr(place.block);
  const { cloud } = siteOf(request, place);
  const holder = reservedBy(block, cloud);
  const taken = plan.ownerOf(block, place.purpose);
  if (holder !== undefined) {
    refuse(addressing, place, "cidr-reserved", `${place.block} is kept by ${holder}`);
  } else if (plan.isReservedByPool(block)) {
    refuse(addressing, place, "cidr-reserved", `${place.block} is reserved by an address pool`);
  } else if (taken !== undefined) {
    const theirs = taken.purpose === "services" ? `${taken.block}, the services of` : `${taken.block} of`;
    const message = `${place.block} of ${place.key} overlaps ${theirs} ${taken.owner}`;
    const other = explicit.find((each) => each.key === taken.owner);
    refuse(addressing, place, "cidr-overlap", message, other);
  }
  plan.take(block, place.purpose, place.key);
}

/** @param other whose block it is, where this blueprint says it too */
function refuse(
  addressing: Addressing,
  place: Settled,
  code: Problem["code"],
  message: string,
  other?: Settled,
): void {
  const { request, plan, problems } = addressing;
  const { source } = request.blueprint;
  const { prefix } = toCidr(place.block);
  const free = plan.nextFree({ ...wantOf(request, place), prefix });
  const isElsewhere = other !== undefined && pathOf(other).join() !== pathOf(place).join();
  problems.add({
    ...problemAt(source, pathOf(place), code, message, { seen: place.block }),
    ...(free === undefined ? {} : { nearest: formatCidr(free) }),
    ...(isElsewhere
      ? { related: [{ position: source.positionOf(pathOf(other)), message: `${other.block} is said here` }] }
      : {}),
  });
}

function pathOf({ instance, field }: Place): readonly PropertyKey[] {
  return instance.fields.get(field)?.path ?? ["components", instance.name];
}

function takeNextFree(addressing: Addressing, place: Place, blocks: Map<string, string>): void {
  const { plan, request, problems } = addressing;
  const want = wantOf(request, place);
  const block = plan.nextFree(want);
  if (block === undefined) {
    const path = ["components", place.instance.name];
    const message = `no /${want.prefix} is free for ${place.key} (${want.purpose}, class ${want.environmentClass}, region ${want.region})`;
    const allowed = `what is free of ${plan.describePools(want)}`;
    const next = "Widen the pool, remove an environment, or see `terrane addresses`.";
    problems.add(
      problemAt(request.blueprint.source, path, "pool-exhausted", message, { allowed, next }, "key"),
    );
    return;
  }
  plan.take(block, place.purpose, place.key);
  blocks.set(place.key, formatCidr(block));
}

function wantOf(request: ResolveRequest, place: Place): Want {
  const environmentClass = request.environment.document.class;
  const { region } = siteOf(request, place);
  return { environmentClass, region, purpose: place.purpose, prefix: place.prefix };
}

function siteOf(request: ResolveRequest, place: Place): Site {
  const site = request.blueprint.document.sites[place.instance.site];
  if (site === undefined) throw new RangeError(`${place.key} stands in no site`);
  return site;
}
