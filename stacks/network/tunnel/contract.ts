/** A private connection between two networks. */
import { z } from "zod";
import { defineComponent, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { references } from "../../../src/catalog/reference.ts";
import { vpc } from "../vpc/contract.ts";

const later = upcoming("Connections between clouds come with the recovery release.");

export const tunnel = defineComponent({
  name: "tunnel",
  domain: "network",
  summary: "An encrypted tunnel between two networks, across clouds.",
  spanning: true,
  fields: z.strictObject({
    between: references(vpc).describe("The two networks."),
  }),
  outputs: z.strictObject({
    connectionIds: z.array(z.string()).describe("Ids of the connections, one per end."),
  }),
  implementations: {
    aws: later,
    gcp: later,
    azure: later,
    kubernetes: unsupported("A network connection belongs to a cloud."),
  },
});
