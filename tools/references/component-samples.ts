/** What each component's own example comes to in class prod, on every cloud that it can be made on. */
import { parse } from "yaml";
import type { ComponentAbout } from "../../src/catalog/about.ts";
import { type ComponentContract, platformFor, referenceFields } from "../../src/catalog/component.ts";
import type { Resource } from "../../src/model/resource.ts";
import { apiVersion, type Cloud } from "../../src/model/words.ts";
import { renderSample, resolveSample } from "../sample-environment.ts";

export interface ComponentSample {
  readonly type: string;
  readonly cloud: Cloud;
  /** Without its own node and providers. */
  readonly resources: readonly Resource[];
}

export interface DescribedComponent {
  readonly contract: ComponentContract;
  readonly about: ComponentAbout;
}

interface Example {
  readonly name: string;
  readonly contract: ComponentContract;
  readonly entry: Readonly<Record<string, unknown>>;
}

const regions = { aws: "us-east-1", gcp: "us-central1", azure: "westeurope" } as const satisfies Record<
  Cloud,
  string
>;

/** The examples of all components are one blueprint: each refers to the others by the names they have there. */
export async function renderExamples(
  described: readonly DescribedComponent[],
): Promise<readonly ComponentSample[]> {
  const examples = described.map(readExample);
  const clouds = Object.keys(regions) as Cloud[];
  const samples = await Promise.all(clouds.map((cloud) => renderAt(cloud, onlyMakeable(examples, cloud))));
  return samples.flat();
}

function readExample({ contract, about }: DescribedComponent): Example {
  const entries = Object.entries(parse(about.example) as Record<string, Readonly<Record<string, unknown>>>);
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0 || only[1]["type"] !== contract.name) {
    throw new Error(`the example of "${contract.name}" must be one component of its type`);
  }
  const [name, entry] = only;
  return { name, contract, entry };
}

/** What the cloud supports, without what refers to something that it does not. */
function onlyMakeable(examples: readonly Example[], cloud: Cloud): readonly Example[] {
  const made = examples.filter(
    ({ contract }) => contract.implementations[platformFor(contract, cloud)].support === "supported",
  );
  const names = new Set(made.map(({ name }) => name));
  const kept = made.filter((example) => refersTo(example).every((name) => names.has(name)));
  return kept.length === made.length ? kept : onlyMakeable(kept, cloud);
}

/** Optional references that the cloud cannot have are left out by the filter above only together with their owner. */
function refersTo({ contract, entry }: Example): readonly string[] {
  return [...referenceFields(contract).keys()].flatMap((field) => {
    const value = entry[field];
    return value === undefined ? [] : ([value].flat() as string[]);
  });
}

async function renderAt(cloud: Cloud, examples: readonly Example[]): Promise<readonly ComponentSample[]> {
  if (examples.length === 0) return [];
  const blueprint = {
    apiVersion,
    kind: "Blueprint",
    metadata: { name: "examples", version: "1.0.0" },
    sites: { example: { cloud, region: regions[cloud], role: "primary", runner: "inside" } },
    components: Object.fromEntries(examples.map(({ name, entry }) => [name, entry])),
  };
  const graph = resolveSample(JSON.stringify(blueprint), `examples on ${cloud}`, "prod");
  const stacks = await renderSample(graph);
  const resources = stacks.flatMap((stack) => stack.resources);
  const parents = new Map(resources.map(({ urn, name, parent }) => [urn, { name, parent }]));
  const ownerOf = (urn: string): string | undefined => {
    const node = parents.get(urn);
    return node?.parent === undefined ? node?.name : ownerOf(node.parent);
  };
  return examples.map(({ name, contract }) => ({
    type: contract.name,
    cloud,
    resources: resources.filter((resource) => isMade(resource) && ownerOf(resource.urn) === name),
  }));
}

/** What stands in a cloud: not the components' own nodes, not the providers that they make for what is inside them. */
function isMade({ custom, parent, type }: Resource): boolean {
  return custom && parent !== undefined && !type.startsWith("pulumi:providers:");
}
