/** What a place, a neighbour or a component's own past refuses, once every field and address is known. */
import { isDeepStrictEqual } from "node:util";
import {
  type FieldRefusal,
  type Place,
  parseOwnFields,
  type ReferredComponents,
} from "../catalog/component.ts";
import { type ComponentAddress, type ComponentSpec, formatAddress } from "../model/spec.ts";
import type { Instance } from "./instances.ts";
import { type ProblemList, showValue } from "./problem-list.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { problemAt } from "./schema-problems.ts";

/** @param components in the order of `instances`, addresses included. */
export function checkPlaces(
  request: ResolveRequest,
  instances: readonly Instance[],
  components: readonly ComponentSpec[],
  problems: ProblemList,
): void {
  const byAddress = new Map(components.map((each) => [formatAddress(addressOf(each)), each]));
  for (const [index, instance] of instances.entries()) {
    const component = components[index];
    const place = placeOf(request, instance);
    if (component === undefined || place === undefined || component.use !== undefined) continue;
    const { contract } = instance;
    const fields = parseOwnFields(contract, component.fields);
    if (fields === undefined) continue;
    addRefusals(
      request,
      instance,
      fields,
      contract.check?.(fields, place, referredBy(component, byAddress)),
      problems,
    );
    const applied = appliedComponent(request, instance);
    if (applied === undefined) continue;
    addRefusals(request, instance, fields, checkLasting(contract.lasting, applied, component), problems);
    const before = parseOwnFields(contract, applied.fields);
    if (before === undefined) continue;
    addRefusals(request, instance, fields, contract.checkChange?.(before, fields, place), problems);
  }
}

function checkLasting(
  lasting: readonly string[],
  before: ComponentSpec,
  after: ComponentSpec,
): readonly FieldRefusal[] {
  return lasting.flatMap((field): readonly FieldRefusal[] => {
    const [was, is] = [before, after].map((each) => [each.references[field] ?? []].flat().map(formatAddress));
    if (was === undefined || is === undefined || was.length === 0 || isDeepStrictEqual(was, is)) return [];
    const allowed = was.join(", ");
    const message = `a live ${after.type} keeps its \`${field}\` for life: ${allowed}`;
    const next = `Keep it, or make another ${after.type} beside this one and move over to it.`;
    return [{ field, code: "bad-change", message, allowed, next }];
  });
}

function addressOf({ name, site }: ComponentSpec): ComponentAddress {
  return { component: name, site };
}

function placeOf({ blueprint, environment }: ResolveRequest, instance: Instance): Place | undefined {
  const site = blueprint.document.sites[instance.site];
  if (site === undefined) return undefined;
  const { cloud, region, runner } = site;
  const { recovery } = blueprint.document;
  return {
    cloud,
    region,
    runner,
    environmentClass: environment.document.class,
    ...(recovery === undefined ? {} : { rto: recovery.rto }),
  };
}

/** What is running now; undefined for what is new or of another type. */
function appliedComponent({ record }: ResolveRequest, instance: Instance): ComponentSpec | undefined {
  const before = record?.applied?.components.find(
    (each) => each.site === instance.site && each.name === instance.name,
  );
  return before?.type === instance.contract.name ? before : undefined;
}

function referredBy(
  component: ComponentSpec,
  byAddress: ReadonlyMap<string, ComponentSpec>,
): ReferredComponents {
  const referred = Object.entries(component.references).map(([field, target]) => {
    const addresses: readonly ComponentAddress[] = Array.isArray(target) ? target : [target];
    const found = addresses.flatMap((each) => byAddress.get(formatAddress(each)) ?? []);
    return [
      field,
      found.map((each) => ({
        address: formatAddress(addressOf(each)),
        type: each.type,
        fields: each.fields,
      })),
    ];
  });
  return Object.fromEntries(referred);
}

function addRefusals(
  { blueprint }: ResolveRequest,
  instance: Instance,
  fields: Readonly<Record<string, unknown>>,
  refusals: readonly FieldRefusal[] | undefined,
  problems: ProblemList,
): void {
  for (const { field, code, message, severity, ...more } of refusals ?? []) {
    const [name = field, ...inside] = field.split(".");
    const written = instance.fields.get(name)?.path;
    const path = written === undefined ? ["components", instance.name, "type"] : [...written, ...inside];
    // A default was seen by nobody.
    const seen = inside.length > 0 || written === undefined ? undefined : showValue(fields[field], path);
    const text = `${instance.name}@${instance.site}: ${message}`;
    problems.add({
      ...problemAt(blueprint.source, path, code, text, {
        ...more,
        ...(seen === undefined ? {} : { seen }),
      }),
      ...(severity === undefined ? {} : { severity }),
    });
  }
}
