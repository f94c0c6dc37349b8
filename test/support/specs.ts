/** Small resolved specs for tests of components: contract defaults, class defaults, and what the test sets. */
import type { ComponentContract } from "../../src/catalog/component.ts";
import { referenceFields } from "../../src/catalog/component.ts";
import type { ComponentAddress, ComponentSpec, SiteSpec, StackSpec } from "../../src/model/spec.ts";
import type { Cloud, EnvironmentClass } from "../../src/model/words.ts";
import type { Properties } from "../../src/values/value.ts";

export const testTags = {
  CostCenter: "CC-1042",
  DataClass: "confidential",
  Environment: "dev",
  Owner: "Team/Payments",
  Project: "payments",
} as const;

export const sites = {
  aws: { name: "virginia", cloud: "aws", region: "us-east-1", role: "primary", runner: "inside" },
  gcp: { name: "iowa", cloud: "gcp", region: "us-central1", role: "primary", runner: "inside" },
  azure: { name: "texas", cloud: "azure", region: "southcentralus", role: "primary", runner: "inside" },
} as const satisfies Readonly<Record<Cloud, SiteSpec>>;

export interface ComponentParts {
  readonly contract: ComponentContract;
  readonly name?: string;
  readonly site?: SiteSpec;
  readonly environmentClass?: EnvironmentClass;
  readonly fields?: Properties;
  readonly references?: ComponentSpec["references"];
  /** Default: its own name and site. */
  readonly born?: ComponentAddress;
}

export function componentSpec(parts: ComponentParts): ComponentSpec {
  const { contract, name = contract.name, site = sites.aws } = parts;
  const references = Object.keys(parts.references ?? {});
  const optional = [...referenceFields(contract)].filter(([, info]) => info.many).map(([field]) => field);
  const omitted: Record<string, true> = {};
  for (const field of referenceFields(contract).keys()) omitted[field] = true;
  const plain = contract.fields.omit(omitted);
  const defaults = contract.defaults.byClass[parts.environmentClass ?? "dev"];
  return {
    name,
    type: contract.name,
    domain: contract.domain,
    site: site.name,
    fields: plain.parse({ ...defaults, ...parts.fields }) as Properties,
    references: {
      ...Object.fromEntries(
        optional.filter((field) => !references.includes(field)).map((field) => [field, []]),
      ),
      ...parts.references,
    },
    secrets: {},
    born: parts.born ?? { component: name, site: site.name },
  };
}

export interface StackParts {
  readonly components: readonly ComponentSpec[];
  readonly site?: SiteSpec;
  readonly environment?: string;
  readonly environmentClass?: EnvironmentClass;
  readonly tags?: Readonly<Record<string, string>>;
  readonly incarnation?: string;
}

export function stackSpec(parts: StackParts): StackSpec {
  const { components, site = sites.aws, environment = "payments-dev", environmentClass = "dev" } = parts;
  const domain = components[0]?.domain ?? "network";
  return {
    name: `${environment}.${site.name}.${domain}`,
    environment: {
      name: environment,
      class: environmentClass,
      blueprint: { name: "test", version: "1.0.0" },
      tags: parts.tags ?? { ...testTags, Environment: environmentClass },
      incarnation: parts.incarnation ?? "0123abcd",
      provisional: false,
    },
    site,
    domain,
    components,
    otherSites: {},
    otherBirths: {},
  };
}

export function at(component: string, site: SiteSpec = sites.aws): ComponentAddress {
  return { component, site: site.name };
}
