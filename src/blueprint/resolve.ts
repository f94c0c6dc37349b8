/**
 * Blueprint + environment (+ record) → EnvironmentSpec: every field, reference and address decided, frozen. Secrets
 * stay references. What cannot be resolved is refused with positions.
 */
import type { Catalog } from "../catalog/catalog.ts";
import type { AllocatedBlock } from "../model/record.ts";
import type { Borrowed, ComponentAddress, ComponentSpec, EnvironmentSpec, SiteSpec } from "../model/spec.ts";
import { formatAddress } from "../model/spec.ts";
import type { Role } from "../model/words.ts";
import { sha256 } from "../values/digest.ts";
import { checkName } from "../values/names.ts";
import { environmentTags } from "../values/tags.ts";
import { AddressPlan } from "./addresses.ts";
import { birthsOf } from "./births.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkPlaces } from "./check-places.ts";
import { expandBlueprint, type FieldSetting, type Instance, namesIn, referencesOf } from "./instances.ts";
import { deepFreeze } from "./load.ts";
import { ProblemList } from "./problem-list.ts";
import { ReferenceIndex, type ReferenceRefusal } from "./references.ts";
import { blocksOf, resolveAddresses } from "./resolve-addresses.ts";
import { type ExplainedField, resolveFields } from "./resolve-fields.ts";
import { lookupFor, type ResolveRequest } from "./resolve-request.ts";
import { problemAt } from "./schema-problems.ts";
import { expandTemplate } from "./template.ts";

/**
 * The spec of an environment.
 * @throws TerraneError `document-invalid` with every problem of blueprint and environment.
 */
export function resolveEnvironment(request: ResolveRequest): EnvironmentSpec {
  const problems = new ProblemList();
  checkBlueprint(request.blueprint, request.catalog, problems);
  checkEnvironment(request.environment, [request.blueprint], request, problems);
  problems.assertNone(`environment "${request.environment.name}"`);
  const spec = resolveChecked(request, problems);
  problems.assertNone(`environment "${request.environment.name}"`);
  return spec;
}

/**
 * The blocks of every component that has some: what the platform holds and records for the environment. Blocks of the
 * record and explicit ones are kept.
 * @param spec of the same request
 */
export function allocatedBlocks(spec: EnvironmentSpec, catalog: Catalog): readonly AllocatedBlock[] {
  return blocksOf(spec.components, (type) => catalog.get(type).addressBlocks);
}

/** Every field of one component in one site with its value and what decided it. */
export function explainFields(request: ResolveRequest, address: ComponentAddress): readonly ExplainedField[] {
  const problems = new ProblemList();
  const instance = instancesOf(request).find(
    (each) => each.name === address.component && each.site === address.site,
  );
  return instance === undefined ? [] : resolveFields(request, instance, problems).explained;
}

/** For documents that were checked: the spec, or what only showed with the parameters put in. */
export function resolveChecked(request: ResolveRequest, problems: ProblemList): EnvironmentSpec {
  const { environment, blueprint, record } = request;
  const { document } = blueprint;
  const { name, class: environmentClass } = { name: environment.name, class: environment.document.class };
  const instances = instancesOf(request);
  const index = new ReferenceIndex(instances, document);
  const births = birthsOf(instances.map(addressOf), record?.applied?.components ?? []);
  const components = instances.map((instance) => {
    const address = addressOf(instance);
    const born = births.get(formatAddress(address)) ?? address;
    return resolveComponent(request, { instance, born }, index, problems);
  });
  const plan = new AddressPlan(
    request.addressPools.map((pool) => pool.document),
    request.takenBlocks,
  );
  const addressed = resolveAddresses({ request, instances, components, plan, problems });
  checkPlaces(request, instances, addressed, problems);
  return deepFreeze({
    name,
    class: environmentClass,
    blueprint: { name: blueprint.name, version: document.metadata.version },
    tags: environmentTags(environment.document.tags, environmentClass),
    sites: resolveSites(request),
    components: addressed,
    incarnation: record?.incarnation ?? request.incarnation ?? provisionalIncarnation(name),
    provisional: record === undefined,
    ...(document.recovery === undefined ? {} : { recovery: document.recovery }),
  });
}

/** Role of each site: the record's where it has one, else the blueprint's. */
export function rolesOf(request: Pick<ResolveRequest, "blueprint" | "record">): ReadonlyMap<string, Role> {
  const { sites } = request.blueprint.document;
  const recorded = request.record?.roles ?? {};
  return new Map(
    Object.entries(sites).map(([name, site]) => [
      name,
      (Object.hasOwn(recorded, name) && recorded[name]) || site.role,
    ]),
  );
}

function addressOf({ name, site }: Instance): ComponentAddress {
  return { component: name, site };
}

/** Stands in until the record has one; the same name always gets the same. */
function provisionalIncarnation(name: string): string {
  return sha256(`provisional:${name}`).slice(0, 8);
}

function instancesOf(request: ResolveRequest): readonly Instance[] {
  const situation = { class: request.environment.document.class, roles: rolesOf(request) };
  return expandBlueprint(request.blueprint.document, request.catalog, situation);
}

function resolveSites(request: ResolveRequest): readonly SiteSpec[] {
  const roles = rolesOf(request);
  const sites = Object.entries(request.blueprint.document.sites);
  return sites
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, site]) => {
      const lookup = lookupFor(request, name);
      return {
        name,
        cloud: site.cloud,
        region: site.region,
        role: roles.get(name) ?? site.role,
        ...(site.account === undefined ? {} : { account: expandTemplate(site.account, lookup) }),
        ...(site.assumeRole === undefined ? {} : { assumeRole: expandTemplate(site.assumeRole, lookup) }),
        runner: site.runner,
      };
    });
}

function resolveComponent(
  request: ResolveRequest,
  { instance, born }: { readonly instance: Instance; readonly born: ComponentAddress },
  index: ReferenceIndex,
  problems: ProblemList,
): ComponentSpec {
  const { name, site, contract } = instance;
  const { fields, secrets } = resolveFields(request, instance, problems);
  const use = resolveBorrowed(request, instance, problems);
  return {
    name,
    type: contract.name,
    domain: contract.domain,
    site,
    fields,
    references: resolveReferences(instance, index, (setting, refusal) => {
      const { code, message, ...suggestion } = refusal;
      problems.add(problemAt(request.blueprint.source, setting.path ?? [], code, message), suggestion);
    }),
    secrets,
    born,
    ...(use === undefined ? {} : { use }),
  };
}

/** What the reference fields of an instance lead to; those that lead nowhere are told and left out. */
export function resolveReferences(
  instance: Instance,
  index: ReferenceIndex,
  refuse: (setting: FieldSetting, refusal: ReferenceRefusal) => void,
): ComponentSpec["references"] {
  const references: Record<string, ComponentAddress | readonly ComponentAddress[]> = {};
  for (const [field, info] of referencesOf(instance.contract)) {
    const setting = instance.fields.get(field);
    const addresses = namesIn(setting?.value).flatMap(({ text }) => {
      const resolved = index.resolve(text, instance, info);
      if (resolved.ok) return [{ component: resolved.target.name, site: resolved.target.site }];
      if (!resolved.isSilent && setting !== undefined) refuse(setting, resolved.refusal);
      return [];
    });
    const [first] = addresses;
    if (info.many) references[field] = addresses;
    else if (first !== undefined) references[field] = first;
  }
  return references;
}

function resolveBorrowed(
  request: ResolveRequest,
  instance: Instance,
  problems: ProblemList,
): Borrowed | undefined {
  const [borrowed] = Object.entries(instance.entry.use ?? {});
  if (borrowed === undefined) return undefined;
  const [component, text] = borrowed;
  const environment = expandTemplate(text, lookupFor(request, instance.site));
  const refusal = checkName(environment);
  if (refusal !== undefined) {
    const path = ["components", instance.name, "use", component];
    const { code, message, ...more } = refusal;
    problems.add(problemAt(request.blueprint.source, path, code, message, more));
  }
  return { environment, component };
}
