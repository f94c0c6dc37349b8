/** What lets a CI pipeline act in the site's account without a stored credential. */
import { z } from "zod";
import { defineComponent, unsupported, upcoming } from "../../../src/catalog/component.ts";

export const ciIdentity = defineComponent({
  name: "ci-identity",
  domain: "foundation",
  summary:
    "Lets the pipeline of one repository and branch sign in by its own token, with bounded permissions.",
  fields: z.strictObject({}),
  outputs: z.strictObject({
    roleId: z.string().describe("Role that the pipeline assumes; an ARN on AWS."),
  }),
  implementations: {
    aws: upcoming("Being built."),
    gcp: upcoming("Workload identity federation comes with the recovery release."),
    azure: upcoming("Federated credentials come with the recovery release."),
    kubernetes: unsupported("An identity in the cloud, not in a cluster."),
  },
});
