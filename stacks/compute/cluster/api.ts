/** The cluster's own Kubernetes API, for what this component makes in it. */
import type { CustomResourceOptions, Output, Resource } from "@pulumi/pulumi";
import { makeProvider } from "../../providers/kubernetes.ts";

/** Options of every resource inside the cluster: its parent is the component, its provider speaks to the cluster. */
export type ClusterApi = Pick<CustomResourceOptions, "provider"> & { readonly parent: Resource };

/**
 * Components that stand in the cluster get a provider from the framework by its outputs. What belongs to the cluster
 * itself comes before those, in the cluster's own stack, with a provider that is a child of it.
 */
export function openApi(name: string, parent: Resource, kubeconfig: Output<string>): ClusterApi {
  return { parent, provider: makeProvider(`${name}-api`, kubeconfig, { parent }) };
}
