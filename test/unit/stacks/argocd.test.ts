import { expect, test } from "vitest";
import { Secret } from "../../../src/values/secret.ts";
import { argocd } from "../../../stacks/gitops/argocd/contract.ts";
import { type RenderedComponent, renderComponent, upstreamAt } from "../../support/render-component.ts";
import { at } from "../../support/specs.ts";

const repository = "https://git.example.com/payments/deploy";
const base = {
  contract: argocd,
  fields: { repository },
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

type Spec = Readonly<Record<string, unknown>>;

function specOf(rendered: RenderedComponent, type: string, name: string): Spec {
  const found = rendered.ofType(type).find(({ inputs }) => {
    const metadata = inputs["metadata"] as { readonly name: string };
    return metadata.name === name;
  });
  return found?.inputs["spec"] as Spec;
}

test("the root application follows the repository, in a project that may only create Applications", async () => {
  const rendered = await renderComponent({
    ...base,
    fields: { ...base.fields, revision: "v1", path: "apps" },
  });
  expect(specOf(rendered, "Application", "root")).toMatchObject({
    project: "root",
    source: { repoURL: repository, targetRevision: "v1", path: "apps" },
    destination: { namespace: "argocd" },
  });
  expect(specOf(rendered, "AppProject", "root")).toEqual({
    description: "Root application of payments-dev: creates the others",
    sourceRepos: [repository],
    destinations: [{ server: "https://kubernetes.default.svc", namespace: "argocd" }],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [{ group: "argoproj.io", kind: "Application" }],
  });
});

test("applications come from the given repositories, and stay out of Argo CD's and the system's namespaces", async () => {
  const charts = "https://charts.example.com";
  const rendered = await renderComponent({
    ...base,
    fields: { ...base.fields, sources: [charts, repository] },
  });
  const server = "https://kubernetes.default.svc";
  expect(specOf(rendered, "AppProject", "payments-dev")).toMatchObject({
    sourceRepos: [repository, charts],
    destinations: [
      { server, namespace: "*" },
      { server, namespace: "!argocd" },
      { server, namespace: "!kube-*" },
    ],
    clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
    namespaceResourceBlacklist: [
      { group: "", kind: "ResourceQuota" },
      { group: "", kind: "LimitRange" },
    ],
    orphanedResources: { warn: true },
  });
});

test("namespaces and cluster-wide kinds are the document's to choose", async () => {
  const fields = {
    ...base.fields,
    namespaces: ["shop-*"],
    clusterResources: ["Namespace", "apiextensions.k8s.io/CustomResourceDefinition"],
  };
  const spec = specOf(await renderComponent({ ...base, fields }), "AppProject", "payments-dev");
  expect(spec["destinations"]).toContainEqual({
    server: "https://kubernetes.default.svc",
    namespace: "shop-*",
  });
  expect(spec["clusterResourceWhitelist"]).toEqual([
    { group: "", kind: "Namespace" },
    { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
  ]);
});

test("the default project allows nothing", async () => {
  const { only } = await renderComponent(base);
  expect(only("AppProjectPatch").inputs).toMatchObject({
    metadata: { name: "default", annotations: { "pulumi.com/patchForce": "true" } },
    spec: { sourceRepos: [], destinations: [], namespaceResourceBlacklist: [{ group: "*", kind: "*" }] },
  });
});

test("the application goes before the controller that cleans up after it", async () => {
  const { only, ofType } = await renderComponent(base);
  expect(only("Application").inputs["metadata"]).toMatchObject({
    finalizers: ["resources-finalizer.argocd.argoproj.io"],
  });
  for (const project of ofType("AppProject")) {
    expect(only("Application").dependsOn).toContain(project.urn);
    expect(project.dependsOn).toContain(only("Release").urn);
  }
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
    const values = only("Release").inputs["values"] as Spec;
    expect(values).toMatchObject({
      server: { replicas },
      repoServer: { replicas },
      applicationSet: { replicas },
      controller: { replicas: 1 },
    });
    expect("redis-ha" in values).toBe(replicas > 1);
    const { syncPolicy } = only("Application").inputs["spec"] as { syncPolicy: object };
    expect(syncPolicy).toEqual(automated ? { automated: { prune: true, selfHeal: true } } : {});
  },
);

test("in prod no node takes two of anything along, and no drain takes the last one", async () => {
  const { only } = await renderComponent({ ...base, environmentClass: "prod" });
  const budget = { enabled: true, maxUnavailable: 1 };
  expect(only("Release").inputs["values"]).toMatchObject({
    global: { affinity: { podAntiAffinity: "hard" } },
    server: { pdb: budget },
    repoServer: { pdb: budget },
    controller: { pdb: { enabled: false } },
    "redis-ha": { enabled: true, hardAntiAffinity: true, haproxy: { hardAntiAffinity: true } },
  });
});

test("is open to nobody outside, runs on system nodes, and asks for what it needs", async () => {
  const { only } = await renderComponent(base);
  expect(only("Release").inputs["values"]).toMatchObject({
    global: { tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }] },
    server: { ingress: { enabled: false }, resources: { requests: { cpu: "50m", memory: "128Mi" } } },
    configs: { params: { "server.insecure": false } },
    notifications: { enabled: false },
  });
});

const token = new Secret("hunter2");

test("credentials become a repository secret, and are nowhere in clear", async () => {
  const { only, resources } = await renderComponent({
    ...base,
    fields: { ...base.fields, repositoryCredentials: { username: "robot" } },
    secrets: { "/repositoryCredentials/password": token },
  });
  expect(only("Secret").inputs).toMatchObject({
    metadata: { labels: { "argocd.argoproj.io/secret-type": "repository" } },
    type: "Opaque",
    // All of it is secret: the SDK seals the data of secrets as a whole.
    stringData: { $terrane: "secret" },
  });
  expect(only("Application").dependsOn).toContain(only("Secret").urn);
  expect(JSON.stringify(resources)).not.toContain("hunter2");
});

test("a public repository has no secret", async () => {
  const { ofType } = await renderComponent(base);
  expect(ofType("Secret")).toEqual([]);
});

test("credentials of the other kind are refused, by name", async () => {
  const rendered = renderComponent({
    ...base,
    fields: { ...base.fields, repositoryCredentials: {} },
    secrets: { "/repositoryCredentials/sshPrivateKey": token },
  });
  await expect(rendered).rejects.toMatchObject({
    code: "bad-value",
    message: "argocd@virginia.repositoryCredentials: a repository over https is read with `password`",
  });
});

test("outputs reach a chart as values of the root application, where asked for", async () => {
  const helm = await renderComponent({ ...base, fields: { ...base.fields, exposeAs: "helm-values" } });
  expect(specOf(helm, "Application", "root")).toMatchObject({
    source: {
      helm: {
        valuesObject: {
          terrane: {
            environment: "payments-dev",
            class: "dev",
            region: "us-east-1",
            project: "payments-dev",
            components: { orders: { endpoint: "orders.rds.example", port: "5432" } },
          },
        },
      },
    },
  });
  const plain = await renderComponent(base);
  expect(specOf(plain, "Application", "root")["source"]).not.toHaveProperty("helm");
});

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
