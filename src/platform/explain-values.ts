/** The values of one component in one site of an environment, and which layer decided each of them. */
import { describeComponentField } from "../blueprint/explain-schema.ts";
import { expandBlueprint, type Instance } from "../blueprint/instances.ts";
import { explainFields, rolesOf } from "../blueprint/resolve.ts";
import { keyOf } from "../blueprint/resolve-addresses.ts";
import type { ResolveRequest } from "../blueprint/resolve-request.ts";
import type { Schema } from "../blueprint/schema-walk.ts";
import type { AddressBlock, ComponentContract } from "../catalog/component.ts";
import { TerraneError } from "../errors.ts";
import { type ComponentAddress, formatAddress } from "../model/spec.ts";
import { nearest } from "../values/nearest.ts";
import type { ExplainedValue, Explanation } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { catalogOf } from "./project/component-catalog.ts";
import { openProject } from "./project/open-project.ts";

/** @param detail `component[@site][.field]`; the site may be left out where it stands in one only */
export async function explainValues(
  context: PlatformContext,
  nameOrFile: string,
  detail: string,
): Promise<Explanation> {
  const catalog = catalogOf(context);
  await using project = await openProject(context);
  const { environment, blueprint } = await project.find(nameOrFile);
  const record = await (await project.app.ledger()).findEnvironment(environment.name);
  const request: ResolveRequest = {
    blueprint,
    environment,
    record,
    catalog,
    project: project.documents.project,
    addressPools: project.addressPools,
    takenBlocks: [],
  };
  const situation = { class: environment.document.class, roles: rolesOf(request) };
  const instances = expandBlueprint(blueprint.document, catalog, situation);
  const [wanted = "", field] = detail.split(/\.(.*)/s);
  const instance = pickInstance(instances, environment.name, wanted);
  const fields = valuesOf(request, instance);
  const shown = field === undefined ? fields : [pickField(fields, field, instance.contract)];
  const schema =
    field === undefined ? undefined : (instance.contract.fields.shape[field] as Schema | undefined);
  return {
    what: "values",
    environment: environment.name,
    class: environment.document.class,
    address: addressOf(instance),
    type: instance.contract.name,
    fields: shown,
    ...(instance.entry.use === undefined ? {} : { borrowedFrom: Object.values(instance.entry.use)[0] ?? "" }),
    ...(field === undefined || schema === undefined
      ? {}
      : { doc: describeComponentField(instance.contract, field, schema) }),
  };
}

function addressOf(instance: Instance): string {
  return formatAddress({ component: instance.name, site: instance.site });
}

function pickInstance(instances: readonly Instance[], environment: string, wanted: string): Instance {
  const found = instances.filter((each) => addressOf(each) === wanted || each.name === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const addresses = (found.length === 0 ? instances : found).map(addressOf);
  const near = nearest(wanted, found.length > 0 ? [] : [...addresses, ...instances.map((each) => each.name)]);
  const message =
    found.length > 0
      ? `"${wanted}" stands in several sites: ${addresses.join(", ")}`
      : `${environment} has no component "${wanted}"; there are ${addresses.join(", ")}`;
  throw new TerraneError("nothing-to-explain", message, {
    next:
      near === undefined ? "Name one of them." : `Did you mean \`terrane explain ${environment} ${near}\`?`,
  });
}

function valuesOf(request: ResolveRequest, instance: Instance): readonly ExplainedValue[] {
  const address = { component: instance.name, site: instance.site };
  const fields: ExplainedValue[] = [...explainFields(request, address)];
  const cut = instance.contract.addressBlocks.filter(
    ({ field }) => !fields.some((each) => each.field === field),
  );
  return [...fields, ...cut.map((block) => blockOf(request, address, block))];
}

/** What the pool gives where nobody has written a block. */
function blockOf(request: ResolveRequest, address: ComponentAddress, block: AddressBlock): ExplainedValue {
  const reserved = request.record?.addresses[keyOf(address, block)];
  const decided = { field: block.field, layer: "address pool" } as const;
  return reserved === undefined
    ? { ...decided, value: null, note: "the next free block, taken by the first up" }
    : { ...decided, value: reserved, note: "reserved by this environment" };
}

function pickField(
  fields: readonly ExplainedValue[],
  field: string,
  { name: type, fields: schema }: ComponentContract,
): ExplainedValue {
  const found = fields.find((each) => each.field === field);
  if (found !== undefined) return found;
  const keys = Object.keys(schema.shape);
  if (keys.includes(field)) return { field, value: null, layer: "not set" };
  const near = nearest(field, keys);
  throw new TerraneError(
    "nothing-to-explain",
    `a ${type} has no field "${field}"; there are ${keys.join(", ")}`,
    {
      next: near === undefined ? `terrane explain ${type}` : `Did you mean ${near}?`,
    },
  );
}
