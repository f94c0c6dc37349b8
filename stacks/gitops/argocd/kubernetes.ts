/** Argo CD inside a cluster: its Helm release, one root application in a project of its own, exposed outputs. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { isSecret, type Output, output } from "@pulumi/pulumi";
import { type BuildContext, implement, type Referred } from "../../component.ts";
import { argoCdChart } from "./chart.ts";
import { argocd } from "./contract.ts";

type ArgocdContext = BuildContext<(typeof argocd)["fields"]>;

const inCluster = "https://kubernetes.default.svc";
const rootName = "root";

export const implementation = implement(argocd, (context) => {
  // Named by the component in a cluster of its own, so that the name is known before the cluster is.
  const namespace = new Namespace(context.name, { metadata: { name: context.name } }, context.child);
  const release = createRelease(context, namespace);
  const project = createProject(context, release);
  createRootApplication(context, project);
  for (const referred of context.references.expose) expose(context, namespace, referred);
  return { namespace: context.name, rootApplication: rootName };
});

function createRelease(context: ArgocdContext, namespace: Namespace): Release {
  const { replicas } = context.fields;
  return new Release(
    context.name,
    {
      name: context.name,
      namespace: context.name,
      chart: argoCdChart.chart,
      version: argoCdChart.version,
      repositoryOpts: { repo: argoCdChart.repository },
      // Seconds. A first start pulls every image.
      timeout: 600,
      cleanupOnFail: true,
      values: {
        server: { replicas },
        repoServer: { replicas },
        // Users sign in through a provider that a later release sets up; until then there is only `admin`.
        dex: { enabled: false },
        notifications: { enabled: false },
      },
    },
    { ...context.child, dependsOn: [namespace] },
  );
}

/** Applications of this project come from the one repository, whatever they contain. */
function createProject(context: ArgocdContext, release: Release): CustomResource {
  return new CustomResource(
    `${context.name}-project`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: context.environment.name, namespace: context.name },
      spec: {
        description: `Applications of ${context.environment.name}`,
        sourceRepos: [context.fields.repository],
        destinations: [{ server: inCluster, namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    },
    // The chart brings the resource definitions, and its controller must outlive what it cleans up.
    { ...context.child, dependsOn: [release] },
  );
}

function createRootApplication(context: ArgocdContext, project: CustomResource): CustomResource {
  const { repository, revision, path, automatedSync } = context.fields;
  return new CustomResource(
    `${context.name}-${rootName}`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: rootName,
        namespace: context.name,
        // Removing it removes what it has deployed, before the cluster goes.
        finalizers: ["resources-finalizer.argocd.argoproj.io"],
      },
      spec: {
        project: context.environment.name,
        source: { repoURL: repository, targetRevision: revision, path },
        destination: { server: inCluster, namespace: context.name },
        syncPolicy: {
          ...(automatedSync ? { automated: { prune: true, selfHeal: true } } : {}),
          syncOptions: ["CreateNamespace=true"],
        },
      },
    },
    { ...context.child, dependsOn: [project] },
  );
}

/** A config map with a component's outputs as text, for applications to read. */
function expose(
  context: ArgocdContext,
  namespace: Namespace,
  { component, site, outputs }: Referred<Record<string, unknown>>,
): void {
  const name = site.name === context.site.name ? component : `${component}-${site.name}`;
  new ConfigMap(
    `${context.name}-expose-${name}`,
    {
      metadata: {
        name: `terrane-${name}`,
        namespace: context.name,
        labels: { "terrane.dev/component": component, "terrane.dev/site": site.name },
      },
      data: Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, toPublicText(value)])),
    },
    { ...context.child, dependsOn: [namespace] },
  );
}

// A secret output is left out altogether: a config map is readable by everyone who can read the namespace.
function toPublicText(value: Output<unknown>): Output<string> {
  const text = value.apply((known) => (typeof known === "string" ? known : JSON.stringify(known)));
  return output(isSecret(value).then((secret) => (secret ? undefined : text))) as Output<string>;
}
