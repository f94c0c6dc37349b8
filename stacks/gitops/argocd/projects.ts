/**
 * Argo CD's projects: the fence around applications, one for the root application, and the default one, closed.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/project-specification/ and
 * https://argo-cd.readthedocs.io/en/stable/user-guide/projects/, as of 2026-11-21.
 */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { CustomResourcePatch } from "@pulumi/kubernetes/apiextensions/customResourcePatch.js";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { Resource } from "@pulumi/pulumi";
import type { ArgocdContext } from "./implementation.ts";
import { rootName } from "./implementation.ts";

const inCluster = "https://kubernetes.default.svc";
const apiVersion = "argoproj.io/v1alpha1";

/** Made once the chart has brought the resource definitions; the controller must outlive what it cleans up. */
export interface Projects {
  readonly applications: Resource;
  readonly root: Resource;
}

export function createProjects(context: ArgocdContext, release: Release): Projects {
  const afterRelease = { ...context.child, dependsOn: [release] };
  const applications = new CustomResource(
    `${context.name}-project`,
    {
      apiVersion,
      kind: "AppProject",
      metadata: { name: context.environment.name, namespace: context.name },
      spec: applicationsSpec(context),
    },
    afterRelease,
  );
  const root = new CustomResource(
    `${context.name}-project-${rootName}`,
    {
      apiVersion,
      kind: "AppProject",
      metadata: { name: rootName, namespace: context.name },
      spec: rootSpec(context),
    },
    afterRelease,
  );
  closeDefaultProject(context, release);
  return { applications, root };
}

function applicationsSpec({ name, environment, fields }: ArgocdContext) {
  const destination = (namespace: string) => ({ server: inCluster, namespace });
  return {
    description: `Applications of ${environment.name}`,
    sourceRepos: [...new Set([fields.repository, ...fields.sources])],
    destinations: [
      ...fields.namespaces.map(destination),
      // A denial wins over what is allowed. Whoever writes here commands Argo CD, or the cluster.
      destination(`!${name}`),
      destination("!kube-*"),
    ],
    clusterResourceWhitelist: fields.clusterResources.map(toGroupKind),
    // What bounds an application is not the application's to change.
    namespaceResourceBlacklist: [
      { group: "", kind: "ResourceQuota" },
      { group: "", kind: "LimitRange" },
    ],
    orphanedResources: { warn: true },
    roles: [
      role(environment.name, "read-only", "Sees every application.", ["get"]),
      role(environment.name, "sync", "Starts a sync: for a pipeline, where nothing syncs by itself.", [
        "get",
        "sync",
      ]),
    ],
  };
}

/** It may create Applications in Argo CD's namespace, and nothing else anywhere. */
function rootSpec({ name, environment, fields }: ArgocdContext) {
  return {
    description: `Root application of ${environment.name}: creates the others`,
    sourceRepos: [fields.repository],
    destinations: [{ server: inCluster, namespace: name }],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [{ group: "argoproj.io", kind: "Application" }],
  };
}

/**
 * Argo CD makes `default` itself and allows it everything. Closed, not deleted: it would be made again.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project
 */
function closeDefaultProject(context: ArgocdContext, release: Release): void {
  new CustomResourcePatch(
    `${context.name}-project-default`,
    {
      apiVersion,
      kind: "AppProject",
      metadata: {
        name: "default",
        namespace: context.name,
        // Argo CD owns the fields until now.
        annotations: { "pulumi.com/patchForce": "true" },
      },
      spec: {
        sourceRepos: [],
        sourceNamespaces: [],
        destinations: [],
        clusterResourceWhitelist: [],
        namespaceResourceBlacklist: [{ group: "*", kind: "*" }],
      },
    },
    { ...context.child, dependsOn: [release] },
  );
}

function role(project: string, name: string, description: string, actions: readonly string[]) {
  const subject = `proj:${project}:${name}`;
  return {
    name,
    description,
    policies: actions.map((action) => `p, ${subject}, applications, ${action}, ${project}/*, allow`),
  };
}

// "apps/Deployment" → group and kind; the core group has no name.
function toGroupKind(text: string) {
  const [first = "", kind] = text.split("/");
  return kind === undefined ? { group: "", kind: first } : { group: first, kind };
}
