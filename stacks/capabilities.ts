/** What components can do for each other, whatever their type. */
import { z } from "zod";
import { defineCapability } from "../src/catalog/reference.ts";

/** Something a workload can open a TCP connection to, once the consumer's rule lets it. */
export const connection = defineCapability({
  name: "connection",
  summary: "Accepts TCP connections from consumers that own a rule in its access group.",
  outputs: z.strictObject({
    endpoint: z.string(),
    port: z.int(),
    accessGroupId: z.string(),
  }),
});

/** A Kubernetes API that other components are made in: the program makes their provider from its kubeconfig. */
export const kubernetesApi = defineCapability({
  name: "kubernetes-api",
  summary: "A Kubernetes API whose kubeconfig fetches its credentials when it is used.",
  outputs: z.strictObject({
    kubeconfig: z.string(),
  }),
});
