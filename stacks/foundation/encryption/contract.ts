/** Keys that other components encrypt with. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { deletionWindow, rotationPeriod } from "../../limits/aws-keys.ts";

export const encryption = defineComponent({
  name: "encryption",
  domain: "foundation",
  summary: "Keys of the environment's own, one for each purpose, rotated by the cloud.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    rotationDays: z
      .int()
      .min(rotationPeriod.from)
      .max(rotationPeriod.to)
      .default(365)
      .describe("Days between rotations. What was encrypted before stays readable."),
    deletionWindowDays: z
      .int()
      .min(deletionWindow.from)
      .max(deletionWindow.to)
      .default(7)
      .describe(
        "Days between the order to delete a key and its end. Until then the order can be taken back; afterwards nothing encrypted with the key can be read by anybody.",
      ),
  }),
  outputs: z.strictObject({
    databaseKeyId: z.string().describe("Key of databases and their secrets; an ARN on AWS."),
    clusterKeyId: z.string().describe("Key of Kubernetes secrets and of volumes; an ARN on AWS."),
    logKeyId: z.string().describe("Key of log groups; an ARN on AWS."),
  }),
  defaults: {
    byClass: { prod: { deletionWindowDays: 30 }, staging: { deletionWindowDays: 14 } },
  },
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("Cloud KMS comes with the recovery release."),
    azure: upcoming("Key Vault comes with the recovery release."),
    kubernetes: unsupported("Keys belong to a cloud, not to a cluster."),
  },
});
