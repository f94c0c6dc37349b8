/** How many checkpoints are kept of a stack. The newest always is. */
import { z } from "zod";

export const retentionSchema = z.strictObject({
  newest: z.int().min(1).max(10_000).default(20).describe("The newest ones, whatever their age."),
  days: z.int().min(0).max(3650).default(7).describe("Days during which others are kept as well."),
  most: z.int().min(1).max(10_000).default(200).describe("Most that are kept, whatever their age."),
});
export type Retention = Readonly<z.infer<typeof retentionSchema>>;

export const defaultRetention: Retention = retentionSchema.parse({});
