/**
 * The Pulumi program of one stack: providers, one component resource around each implementation, references resolved,
 * fields and outputs held against their contracts. Knows no component and no cloud by name.
 */
import "../src/model/lean-sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Catalog } from "../src/catalog/catalog.ts";
import { type ComponentContract, platformFor, referenceFields } from "../src/catalog/component.ts";
import type { ReferenceTarget } from "../src/catalog/reference.ts";
import { TerraneError } from "../src/errors.ts";
import {
  type ComponentAddress,
  type ComponentSpec,
  formatAddress,
  type SiteSpec,
  type StackSpec,
} from "../src/model/spec.ts";
import type { UpstreamOutputs } from "../src/model/upstream.ts";
import type { Platform } from "../src/model/words.ts";
import { physicalName } from "../src/values/names.ts";
import type { Secret } from "../src/values/secret.ts";
import type { Value } from "../src/values/value.ts";
import { assertBuildable } from "./buildable.ts";
import { kubernetesApi } from "./capabilities.ts";
import type { BuildContext, Implementation, Referred } from "./component.ts";
import { readFields } from "./fields.ts";
import { toOutput, toPulumiOutput } from "./outputs.ts";
import { SiteProviders } from "./providers/site-providers.ts";
import { registerTags } from "./tags.ts";

/** Values of the secret parameters of a stack's components: address → JSON Pointer of the field → value. */
export interface SecretValues {
  readonly [address: string]: { readonly [pointer: string]: Secret<Value> };
}

export interface ProgramParts {
  readonly spec: StackSpec;
  /** Outputs of the components in other stacks that this stack's components refer to. */
  readonly upstream: UpstreamOutputs;
  readonly catalog: Catalog;
  readonly secrets?: SecretValues;
}

/** What a program hands out: component → output → value. */
export type ProgramOutputs = Record<string, Record<string, pulumi.Output<unknown>>>;
export type Program = () => Promise<ProgramOutputs>;

type AnyImplementation = Implementation<z.ZodObject, z.ZodObject>;
type ComponentOutputs = Record<string, pulumi.Output<unknown>>;

interface LoadedComponent {
  readonly spec: ComponentSpec;
  readonly contract: ComponentContract;
  readonly platform: Platform;
  readonly implementation: AnyImplementation;
}

/**
 * Makes the program of a stack. Nothing of a cloud's SDK is loaded before the program runs, and then only what the
 * stack needs.
 * @throws TerraneError `document-invalid` with every reason why the stack cannot be built, before anything is made.
 */
export function makeProgram(parts: ProgramParts): Program {
  assertBuildable(parts.spec, parts.catalog);
  return async () => {
    const components = await Promise.all(
      parts.spec.components.map((spec) => loadComponent(parts.catalog, parts.spec, spec)),
    );
    const providers = await SiteProviders.load(new Set(components.map(({ platform }) => platform)));
    registerTags(parts.spec);
    return new StackBuilder(parts, providers).build(components);
  };
}

async function loadComponent(
  catalog: Catalog,
  stack: StackSpec,
  spec: ComponentSpec,
): Promise<LoadedComponent> {
  const contract = catalog.get(spec.type);
  const platform = platformFor(contract, siteOf(stack, spec.site).cloud);
  const support = contract.implementations[platform];
  if (support.support !== "supported") throw new TerraneError("not-in-this-release", support.why);
  // Tied to its contract by `implement`, which is the only way to make one.
  const implementation = (await support.load()).implementation as AnyImplementation;
  return { spec, contract, platform, implementation };
}

function siteOf(stack: StackSpec, name: string): SiteSpec {
  const site = stack.site.name === name ? stack.site : stack.otherSites[name];
  if (site === undefined) {
    throw new TerraneError("internal", `the stack ${stack.name} does not know the site "${name}"`);
  }
  return site;
}

/** A component as a resource: the parent of all it is made of. */
class Component extends pulumi.ComponentResource {
  complete(outputs: ComponentOutputs): void {
    this.registerOutputs(outputs);
  }
}

class StackBuilder {
  readonly #parts: ProgramParts;
  readonly #providers: SiteProviders;
  readonly #built = new Map<string, ComponentOutputs>();

  constructor(parts: ProgramParts, providers: SiteProviders) {
    this.#parts = parts;
    this.#providers = providers;
  }

  build(components: readonly LoadedComponent[]): ProgramOutputs {
    const outputs: ProgramOutputs = {};
    for (const component of components) outputs[component.spec.name] = this.#buildComponent(component);
    return outputs;
  }

  #buildComponent(component: LoadedComponent): ComponentOutputs {
    const { spec, contract } = component;
    const references = this.#resolveReferences(component);
    const resource = new Component(
      `terrane:component:${contract.typeName}`,
      spec.name,
      {},
      { providers: [this.#providerFor(component, references)] },
    );
    const built = component.implementation(this.#makeContext(component, references, resource));
    const outputs = checkOutputs(contract, spec, built);
    resource.complete(outputs);
    this.#built.set(formatAddress({ component: spec.name, site: spec.site }), outputs);
    return outputs;
  }

  #makeContext(
    { spec, contract }: LoadedComponent,
    references: ReadonlyMap<string, ReferredField>,
    parent: pulumi.Resource,
  ): BuildContext<z.ZodObject> {
    const { spec: stack, secrets } = this.#parts;
    const { environment } = stack;
    const { born } = spec;
    // Some names are unique in a whole account, so two sites must not meet in one.
    const life = `${environment.incarnation}@${born.site}`;
    return {
      name: born.component,
      fields: readFields(contract, spec, secrets?.[formatAddress({ component: spec.name, site: spec.site })]),
      references: Object.fromEntries(references) as BuildContext<z.ZodObject>["references"],
      environment,
      site: siteOf(stack, spec.site),
      child: { parent },
      physicalName: (suffix, rules) => physicalName([environment.name, born.component, suffix], life, rules),
    };
  }

  #resolveReferences({ spec, contract }: LoadedComponent): ReadonlyMap<string, ReferredField> {
    const resolved = new Map<string, ReferredField>();
    for (const [field, info] of referenceFields(contract)) {
      const target = spec.references[field];
      if (info.many) {
        const list =
          target === undefined ? [] : Array.isArray(target) ? target : [target as ComponentAddress];
        resolved.set(
          field,
          list.map((address) => this.#resolve(address)),
        );
      } else if (target !== undefined) {
        resolved.set(field, this.#resolve(target as ComponentAddress));
      }
    }
    return resolved;
  }

  #resolve(address: ComponentAddress): ReferredComponent {
    const key = formatAddress(address);
    const upstream = this.#parts.upstream[key];
    const outputs =
      this.#built.get(key) ??
      (upstream &&
        Object.fromEntries(
          Object.entries(upstream).map(([name, value]) => [name, toPulumiOutput(key, name, value)]),
        ));
    if (outputs === undefined) {
      throw new TerraneError("internal", `${this.#parts.spec.name} was given no outputs of ${key}`);
    }
    return { component: this.#bornAs(key, address), site: siteOf(this.#parts.spec, address.site), outputs };
  }

  #bornAs(key: string, address: ComponentAddress): string {
    const { components, otherBirths } = this.#parts.spec;
    const own = components.find(({ name, site }) => name === address.component && site === address.site);
    return (own?.born ?? otherBirths[key] ?? address).component;
  }

  #providerFor(
    { spec, contract, platform }: LoadedComponent,
    references: ReadonlyMap<string, ReferredField>,
  ): pulumi.ProviderResource {
    if (platform !== "kubernetes") return this.#providers.cloud(siteOf(this.#parts.spec, spec.site));
    for (const [field, info] of referenceFields(contract)) {
      const referred = references.get(field);
      if (this.#leadsToApi(info.target) && referred !== undefined && !Array.isArray(referred)) {
        const { component, site, outputs } = referred as ReferredComponent;
        const kubeconfig = outputs["kubeconfig"] as pulumi.Output<string>;
        return this.#providers.kubernetes(formatAddress({ component, site: site.name }), kubeconfig);
      }
    }
    throw new TerraneError("internal", `"${spec.name}" is made in a cluster and refers to none`);
  }

  #leadsToApi(target: ReferenceTarget | undefined): boolean {
    if (target === undefined || target.kind === "capability") return target?.name === kubernetesApi.name;
    return this.#parts.catalog.get(target.name).provides.some(({ name }) => name === kubernetesApi.name);
  }
}

type ReferredComponent = Referred<Record<string, unknown>>;
type ReferredField = ReferredComponent | readonly ReferredComponent[];

/** Outputs in the order of the contract; a known one that breaks its schema is a defect of the implementation. */
function checkOutputs(
  contract: ComponentContract,
  spec: ComponentSpec,
  built: Readonly<Record<string, pulumi.Input<unknown>>>,
): ComponentOutputs {
  return Object.fromEntries(
    Object.entries(contract.outputs.shape).map(([name, schema]) => [
      name,
      toOutput(built[name]).apply((value) => {
        const parsed = (schema as z.ZodType).safeParse(value);
        if (parsed.success) return parsed.data;
        const reason = parsed.error.issues[0]?.message ?? "";
        throw new TerraneError(
          "internal",
          `output "${name}" of "${spec.name}" breaks its contract: ${reason}`,
        );
      }),
    ]),
  );
}
