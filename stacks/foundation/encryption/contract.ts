/** Keys that other components encrypt with. */
import { z } from "zod";
import { defineComponent, unsupported, upcoming } from "../../../src/catalog/component.ts";

export const encryption = defineComponent({
  name: "encryption",
  domain: "foundation",
  summary: "Keys of the environment's own, one for each purpose, rotated by the cloud.",
  fields: z.strictObject({}),
  outputs: z.strictObject({
    databaseKeyId: z.string().describe("Key of databases and their secrets; an ARN on AWS."),
    clusterKeyId: z.string().describe("Key of Kubernetes secrets and of volumes; an ARN on AWS."),
    logKeyId: z.string().describe("Key of log groups; an ARN on AWS."),
  }),
  implementations: {
    aws: upcoming("Being built."),
    gcp: upcoming("Cloud KMS comes with the recovery release."),
    azure: upcoming("Key Vault comes with the recovery release."),
    kubernetes: unsupported("Keys belong to a cloud, not to a cluster."),
  },
});
