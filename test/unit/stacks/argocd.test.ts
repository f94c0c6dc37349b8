import { expect, test } from "vitest";
import { Secret } from "../../../src/values/secret.ts";
import { argocd } from "../../../stacks/gitops/argocd/contract.ts";
import { renderComponent, upstreamAt } from "../../support/render-component.ts";
import { at } from "../../support/specs.ts";

const base = {
  contract: argocd,
  fields: { repository: "https://git.example.com/payments/deploy" },
  references: { cluster: at("cluster"), expose: [at("orders")] },
} as const;

test("is one release of the chart, by its exact version", async () => {
  const { only } = await renderComponent(base);
  expect(only("Release").inputs).toMatchObject({
    chart: "argo-cd",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
    namespace: "argocd",
  });
});

test("lives in the cluster: its provider is made from the cluster's kubeconfig and from nothing of a cloud", async () => {
  const { resources, only } = await renderComponent(base);
  const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
  expect(providers.map(({ type, name }) => [type, name])).toEqual([
    ["pulumi:providers:kubernetes", "cluster@virginia"],
  ]);
  expect(providers[0]?.inputs["kubeconfig"]).toBe('{"kind":"Config"}');
  expect(only("Release").provider).toBe(providers[0]?.urn);
});

test("the root application follows the repository, in a project that allows no other", async () => {
  const { only } = await renderComponent({
    ...base,
    fields: { ...base.fields, revision: "v1", path: "apps" },
  });
  expect(only("Application").inputs["spec"]).toMatchObject({
    project: "payments-dev",
    source: { repoURL: "https://git.example.com/payments/deploy", targetRevision: "v1", path: "apps" },
  });
  expect(only("AppProject").inputs["spec"]).toMatchObject({
    sourceRepos: ["https://git.example.com/payments/deploy"],
  });
});

test("the application goes before the controller that cleans up after it", async () => {
  const { only } = await renderComponent(base);
  expect(only("Application").inputs["metadata"]).toMatchObject({
    finalizers: ["resources-finalizer.argocd.argoproj.io"],
  });
  expect(only("Application").dependsOn).toContain(only("AppProject").urn);
  expect(only("AppProject").dependsOn).toContain(only("Release").urn);
});

test.each([
  { environmentClass: "prod", replicas: 2, automated: false },
  { environmentClass: "staging", replicas: 1, automated: true },
  { environmentClass: "dev", replicas: 1, automated: true },
  { environmentClass: "sandbox", replicas: 1, automated: true },
] as const)(
  "class $environmentClass has $replicas replicas and syncs by itself: $automated",
  async ({ environmentClass, replicas, automated }) => {
    const { only } = await renderComponent({ ...base, environmentClass });
    expect(only("Release").inputs["values"]).toMatchObject({
      server: { replicas },
      repoServer: { replicas },
    });
    const { syncPolicy } = only("Application").inputs["spec"] as { syncPolicy: object };
    expect("automated" in syncPolicy).toBe(automated);
  },
);

test("exposes outputs as text and leaves secret ones out", async () => {
  const upstream = upstreamAt();
  const orders = {
    ...upstream["orders@virginia"],
    password: { kind: "secret", value: new Secret("hunter2") },
  } as const;
  const { only, resources } = await renderComponent({
    ...base,
    upstream: { ...upstream, "orders@virginia": orders },
  });
  expect(only("ConfigMap").inputs["data"]).toEqual({
    endpoint: "orders.rds.example",
    port: "5432",
    secretId: "arn:aws:secretsmanager:::secret:orders",
    accessGroupId: "sg-orders",
  });
  expect(only("ConfigMap").inputs["metadata"]).toMatchObject({
    labels: { "terrane.dev/component": "orders" },
  });
  expect(JSON.stringify(resources)).not.toContain("hunter2");
});

test("an unknown output of an exposed component stays unknown in a preview", async () => {
  const upstream = upstreamAt();
  const orders = {
    endpoint: { kind: "unknown", secret: false },
    port: { kind: "known", value: 5432 },
  } as const;
  const { only } = await renderComponent({
    ...base,
    preview: true,
    upstream: { ...upstream, "orders@virginia": orders },
  });
  expect(only("ConfigMap").inputs["data"]).toEqual({ endpoint: { $terrane: "unknown" }, port: "5432" });
});
