/** A secret is never written down in a document: it says where to read the value when it is needed. */
import { z } from "zod";

export const secretReferenceSchema = z.union([
  z.strictObject({
    fromEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .describe("Environment variable that holds the value."),
  }),
  z.strictObject({
    fromFile: z.string().min(1).max(4096).describe("File below the project that holds the value."),
  }),
  z.strictObject({
    fromSecret: z.string().min(1).max(400).describe("Name of the secret in the project's secret store."),
  }),
]);
export type SecretReference = z.infer<typeof secretReferenceSchema>;
