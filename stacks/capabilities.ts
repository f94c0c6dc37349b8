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
