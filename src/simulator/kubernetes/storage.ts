/** Kubernetes: storage classes. */
import { defineModel, mapAt, type Subject, textAt } from "../model.ts";
import { metadataOutputs, objectDefinition } from "./objects.ts";

const source =
  "https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/storage-class-v1/";

const nameOf = (subject: Pick<Subject, "inputs" | "resourceName">): string =>
  textAt(mapAt(subject.inputs, "metadata"), "name") ?? subject.resourceName;

const storageClass = defineModel({
  ...objectDefinition("kubernetes:storage.k8s.io/v1:StorageClass", {
    immutable: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"].map((input) => ({
      input,
      source,
    })),
  }),
  source,
  id: nameOf,
  displayName: nameOf,
  references: [],
  outputs: (subject) => ({ metadata: metadataOutputs(subject, false) }),
  unique: [
    {
      key: nameOf,
      refusal: (subject) => ({
        code: "AlreadyExists",
        message: `storageclasses.storage.k8s.io "${nameOf(subject)}" already exists`,
      }),
      source,
    },
  ],
});

export const kubernetesStorageModels = [storageClass];
