/** The storage class that volumes get without asking: gp3, encrypted, in the zone of the pod that wants them. */
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import type { Resource } from "@pulumi/pulumi";
import type { ClusterApi } from "./api.ts";
import type { ClusterContext } from "./aws-roles.ts";

/** https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md, as of 2026-11-21. */
export function createStorageClass(
  context: ClusterContext,
  api: ClusterApi,
  driver: readonly Resource[],
): StorageClass {
  const kmsKeyId = context.references.encryption?.outputs.clusterKeyId;
  return new StorageClass(
    `${context.name}-storage`,
    {
      metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "ebs.csi.aws.com",
      parameters: {
        type: "gp3",
        encrypted: "true",
        "csi.storage.k8s.io/fstype": "ext4",
        ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
    },
    // Its parameters never change in place, and no two of one name can stand together; volumes keep what they have.
    { ...api, dependsOn: [...driver], deleteBeforeReplace: true },
  );
}
