/** The explicit Kubernetes provider of one cluster, made from the kubeconfig that the cluster hands out. */
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { Output, ProviderResource, ResourceOptions } from "@pulumi/pulumi";

/**
 * Named like the cluster's address. What the SDK would read from variables of this process is set here instead.
 * Config maps and secrets change in place; otherwise each change would replace them.
 */
export function makeProvider(
  address: string,
  kubeconfig: Output<string>,
  options: ResourceOptions = {},
): ProviderResource {
  return new Provider(
    address,
    {
      kubeconfig,
      enableServerSideApply: true,
      enableConfigMapMutable: true,
      enableSecretMutable: true,
      enablePatchForce: false,
      upsertExistingObjects: false,
      deleteUnreachable: false,
      skipUpdateUnreachable: false,
      suppressDeprecationWarnings: false,
      suppressHelmHookWarnings: false,
    },
    options,
  );
}
