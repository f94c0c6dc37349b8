/** A simulated world behind the provider's face, in which cases of the contract are made one after the other. */
import { type Clouds, openMemoryClouds } from "../../src/simulator/clouds.ts";
import type { Place } from "../../src/simulator/model.ts";
import { type About, ResourceProvider } from "../../src/simulator/provider/resource.ts";
import type { Properties } from "../../src/values/value.ts";
import { modelCases, type Ref } from "./simulator-cases.ts";

const aws: Place = { cloud: "aws", account: "111122223333", region: "us-east-1" };
const gcp: Place = { cloud: "gcp", account: "a-project", region: "us-central1" };

export class CaseWorld {
  readonly provider: ResourceProvider;
  readonly clouds: Clouds;
  readonly #made = new Map<string, { readonly id: string; readonly outputs: Properties }>();

  private constructor(clouds: Clouds) {
    this.clouds = clouds;
    this.provider = new ResourceProvider(clouds, "test", {});
  }

  static async open(): Promise<CaseWorld> {
    return new CaseWorld(await openMemoryClouds());
  }

  readonly ref: Ref = (name, output) => {
    const found = this.#made.get(name);
    if (found === undefined) throw new Error(`the case "${name}" was not made`);
    return output === undefined ? found.id : String(found.outputs[output]);
  };

  /** The world that a case needs, then nothing else: answers where the case itself goes. */
  async prepare(cloud: string, needs: readonly string[]): Promise<Place> {
    const place = cloud === "kubernetes" ? await this.#makeCluster() : cloud === "gcp" ? gcp : aws;
    for (const name of needs) await this.#makeCase(cloud, name, place);
    return place;
  }

  /** Settings with which a provider works in the place. */
  settingsOf({ cloud, account, region }: Place): Properties {
    if (cloud === "kubernetes") {
      const cluster = { clusters: [{ name: "c", cluster: { server: account } }] };
      return { kubeconfig: JSON.stringify(cluster) };
    }
    return cloud === "gcp" ? { project: account, region } : { allowedAccountIds: [account], region };
  }

  /** @throws Error what provider or cloud have against it */
  async make(
    about: About,
    inputs: Properties,
  ): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const checked = await this.provider.check(about, inputs, undefined);
    const [failure] = checked.failures;
    if (failure !== undefined) throw new Error(`${failure.input}: ${failure.reason}`);
    return await this.provider.create(about, { value: checked.inputs, secrets: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clouds.close();
  }

  async #makeCase(cloud: string, name: string, place: Place): Promise<void> {
    const needed = modelCases[cloud]?.[name];
    if (needed === undefined) throw new Error(`there is no case "${name}"`);
    this.#made.set(name, await this.make(aboutOf(name, needed.type, place), needed.inputs(this.ref)));
  }

  /** Kubernetes objects live behind the API of a cluster. */
  async #makeCluster(): Promise<Place> {
    for (const name of ["vpc", "subnet", "subnet-b", "role", "cluster"])
      await this.#makeCase("aws", name, aws);
    return { cloud: "kubernetes", account: this.ref("cluster", "endpoint"), region: "" };
  }
}

export function aboutOf(name: string, type: string, place: Place): About {
  return { urn: `urn:pulumi:s::terrane::${type}::${name}`, type, place };
}
