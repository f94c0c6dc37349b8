/** Argo CD inside a cluster: its Helm release, its projects, one root application, exposed outputs. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { Resource } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { implement } from "../../component.ts";
import { argoCdChart } from "./chart.ts";
import { misfit } from "./check.ts";
import { argocd } from "./contract.ts";
import { createConfigMaps, exposedOutputs } from "./exposed.ts";
import { type ArgocdContext, rootName } from "./implementation.ts";
import { createProjects } from "./projects.ts";
import { chartValues } from "./values.ts";

const inCluster = "https://kubernetes.default.svc";

export const implementation = implement(argocd, (context) => {
  // Named by the component in a cluster of its own, so that the name is known before the cluster is.
  const namespace = new Namespace(context.name, { metadata: { name: context.name } }, context.child);
  const release = createRelease(context, namespace);
  const projects = createProjects(context, release);
  const credentials = createCredentials(context, namespace);
  createRootApplication(context, [
    projects.root,
    projects.applications,
    ...(credentials === undefined ? [] : [credentials]),
  ]);
  createConfigMaps(context, namespace);
  return { namespace: context.name, rootApplication: rootName, project: context.environment.name };
});

function createRelease(context: ArgocdContext, namespace: Namespace): Release {
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
      values: chartValues(context.fields),
    },
    { ...context.child, dependsOn: [namespace] },
  );
}

/**
 * A secret of the kind that Argo CD takes repositories' credentials from.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories, as of 2026-11-21.
 */
function createCredentials(context: ArgocdContext, namespace: Namespace): Secret | undefined {
  const { repository, repositoryCredentials } = context.fields;
  if (repositoryCredentials === undefined) return undefined;
  const why = misfit(repository, repositoryCredentials);
  if (why !== undefined)
    throw new TerraneError("bad-value", `${context.name}@${context.site.name}.repositoryCredentials: ${why}`);
  const { username, password, sshPrivateKey } = repositoryCredentials;
  return new Secret(
    `${context.name}-repository`,
    {
      metadata: {
        name: `${context.name}-repository`,
        namespace: context.name,
        labels: { "argocd.argoproj.io/secret-type": "repository" },
      },
      type: "Opaque",
      stringData: {
        type: "git",
        url: repository,
        ...(password === undefined ? {} : { username, password }),
        ...(sshPrivateKey === undefined ? {} : { sshPrivateKey }),
      },
    },
    { ...context.child, dependsOn: [namespace] },
  );
}

function createRootApplication(context: ArgocdContext, dependsOn: readonly Resource[]): void {
  const { repository, revision, path, automatedSync } = context.fields;
  new CustomResource(
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
        project: rootName,
        source: { repoURL: repository, targetRevision: revision, path, ...helmValues(context) },
        destination: { server: inCluster, namespace: context.name },
        syncPolicy: automatedSync ? { automated: { prune: true, selfHeal: true } } : {},
      },
    },
    { ...context.child, dependsOn: [...dependsOn] },
  );
}

// Only where asked for: a source with values is taken for a Helm chart, whatever else the folder holds.
function helmValues(context: ArgocdContext) {
  if (context.fields.exposeAs !== "helm-values") return {};
  const { environment, site } = context;
  const terrane = {
    environment: environment.name,
    class: environment.class,
    site: site.name,
    cloud: site.cloud,
    region: site.region,
    project: environment.name,
    components: exposedOutputs(context),
  };
  return { helm: { valuesObject: { terrane } } };
}
