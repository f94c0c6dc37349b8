/**
 * The explicit providers of one stack: one per site and one per cluster, made when the first component asks for it.
 * A stack that needs no provider of a cloud neither makes it nor loads its SDK.
 */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import { TerraneError } from "../../src/errors.ts";
import type { SiteSpec } from "../../src/model/spec.ts";
import type { Cloud, Platform } from "../../src/model/words.ts";

type MakeCloudProvider = (site: SiteSpec) => ProviderResource;
type MakeKubernetesProvider = (address: string, kubeconfig: Output<string>) => ProviderResource;

// Azure has no component in this release, so nothing asks for its provider.
const cloudModules: { readonly [C in Cloud]?: () => Promise<{ readonly makeProvider: MakeCloudProvider }> } =
  {
    aws: () => import("./aws.ts"),
    gcp: () => import("./gcp.ts"),
  };

export class SiteProviders {
  readonly #cloudMakers: ReadonlyMap<Platform, MakeCloudProvider>;
  readonly #makeKubernetes: MakeKubernetesProvider | undefined;
  readonly #made = new Map<string, ProviderResource>();

  private constructor(
    cloudMakers: ReadonlyMap<Platform, MakeCloudProvider>,
    makeKubernetes: MakeKubernetesProvider | undefined,
  ) {
    this.#cloudMakers = cloudMakers;
    this.#makeKubernetes = makeKubernetes;
  }

  /** Loads what the platforms named need, and nothing else. */
  static async load(platforms: ReadonlySet<Platform>): Promise<SiteProviders> {
    const cloudMakers = new Map<Platform, MakeCloudProvider>();
    for (const platform of platforms) {
      const load = platform === "kubernetes" ? undefined : cloudModules[platform];
      if (load !== undefined) cloudMakers.set(platform, (await load()).makeProvider);
    }
    const kubernetes = platforms.has("kubernetes") ? await import("./kubernetes.ts") : undefined;
    return new SiteProviders(cloudMakers, kubernetes?.makeProvider);
  }

  /** The provider of a site's cloud. */
  cloud(site: SiteSpec): ProviderResource {
    const make = this.#cloudMakers.get(site.cloud);
    if (make === undefined) {
      throw new TerraneError("not-in-this-release", `there is no provider for the cloud "${site.cloud}" yet`);
    }
    return this.#once(`${site.cloud}:${site.name}`, () => make(site));
  }

  /** The provider of a cluster, by the cluster's address. */
  kubernetes(address: string, kubeconfig: Output<string>): ProviderResource {
    const make = this.#makeKubernetes;
    if (make === undefined) throw new TerraneError("internal", "the Kubernetes provider was not loaded");
    return this.#once(`kubernetes:${address}`, () => make(address, kubeconfig));
  }

  #once(key: string, make: () => ProviderResource): ProviderResource {
    const provider = this.#made.get(key) ?? make();
    this.#made.set(key, provider);
    return provider;
  }
}
