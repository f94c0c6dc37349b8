import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../../src/simulator/model.ts";
import { modelOf } from "../../../src/simulator/models.ts";
import { diffInputs } from "../../../src/simulator/provider/diff.ts";
import type { Properties } from "../../../src/values/value.ts";
import { modelCases } from "../../contract/simulator-cases.ts";
import { openSmallWorld, type SmallWorld } from "./world.ts";

const project = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "shop", namespace: "argocd" },
};
const projectType = "kubernetes:argoproj.io/v1alpha1:AppProject";
const secretType = "kubernetes:core/v1:Secret";

let world: SmallWorld;
let place: Place;
let elsewhere: Place;
const make = (name: string, type: string, inputs: Properties, where = place) =>
  world.make(name, type, inputs, where);
const argocd = { chart: "argo-cd", name: "argocd", namespace: "argocd", version: "9.5.14" };

beforeEach(async () => {
  world = await openSmallWorld();
  await world.need("aws", ["vpc", "subnet", "subnet-b", "role", "cluster"]);
  const other = modelCases["aws"]?.["cluster"]?.inputs(world.ref) ?? {};
  await world.make("other", "aws:eks/cluster:Cluster", { ...other, name: "other" });
  const inside = (cluster: string) => ({
    cloud: "kubernetes",
    account: world.ref(cluster, "endpoint"),
    region: "",
  });
  [place, elsewhere] = [inside("cluster"), inside("other")];
  for (const [name, where] of Object.entries({ here: place, there: elsewhere }))
    await make(name, "kubernetes:core/v1:Namespace", { metadata: { name: "argocd" } }, where);
});
afterEach(async () => {
  await world.clouds.close();
});

const noMatch = {
  details: { code: "NoMatch" },
  message: 'no matches for kind "AppProject" in version "argoproj.io/v1alpha1"',
};

describe("a custom resource", () => {
  it("is known to a cluster only once its chart is there", async () => {
    await expect(make("shop", projectType, project)).rejects.toMatchObject(noMatch);
    await make("argocd", "kubernetes:helm.sh/v3:Release", argocd);
    await make("shop", projectType, project);
  });

  it("is not known through another cluster's chart", async () => {
    await make("argocd", "kubernetes:helm.sh/v3:Release", argocd, elsewhere);
    await expect(make("shop", projectType, project)).rejects.toMatchObject(noMatch);
  });

  it("is known through its definition, but not through that of another kind", async () => {
    const define = (kind: string) =>
      make(kind, "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
        metadata: { name: `${kind.toLowerCase()}s.argoproj.io` },
        spec: { group: "argoproj.io", names: { kind } },
      });
    await define("Application");
    await expect(make("shop", projectType, project)).rejects.toMatchObject(noMatch);
    await define("AppProject");
    await make("shop", projectType, project);
  });

  it("of a group that nobody knows the source of is taken", async () => {
    const widget = {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: "argocd" },
    };
    await make("widget", "kubernetes:example.com/v1:Widget", widget);
  });
});

describe("a secret", () => {
  const metadata = { name: "repository", namespace: "argocd" };

  it("of a built-in type wants that type's keys", async () => {
    const stringData = { "tls.crt": "a" };
    await expect(
      make("tls", secretType, { metadata, type: "kubernetes.io/tls", stringData }),
    ).rejects.toMatchObject({
      details: { code: "Invalid" },
      message: expect.stringContaining("data[tls.key]"),
    });
    await make("tls", secretType, {
      metadata,
      type: "kubernetes.io/tls",
      stringData: { ...stringData, "tls.key": "b" },
    });
  });

  it("changes in place where the provider is told so, and its type never does", () => {
    const about = { urn: "urn:pulumi:s::terrane::kubernetes:core/v1:Secret::s", resourceName: "s", place };
    const change = (before: Properties, after: Properties, settings: Properties) =>
      diffInputs(modelOf(secretType), { metadata, ...before }, { metadata, ...after }, about, settings)
        .replaces;
    const rotated = [{ stringData: { token: "a" } }, { stringData: { token: "b" } }] as const;
    expect(change(...rotated, {})).toBe(true);
    expect(change(...rotated, { enableSecretMutable: "true" })).toBe(false);
    expect(change({ type: "Opaque" }, { type: "kubernetes.io/tls" }, { enableSecretMutable: "true" })).toBe(
      true,
    );
  });
});

it("a label that Kubernetes could not store is refused", async () => {
  const failures = modelOf(secretType).checkInputs?.({ metadata: { name: "s", labels: { team: "a b" } } });
  expect(failures).toMatchObject([{ input: 'metadata.labels["team"]' }]);
});
