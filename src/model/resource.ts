/** A resource as render, plan and policies see it: what is desired, not what a cloud answered. */
import { z } from "zod";
import type { Value } from "../values/value.ts";

export const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(valueSchema),
    z.record(z.string(), valueSchema),
  ]),
);

export const resourceSchema = z.strictObject({
  urn: z.string(),
  /** Pulumi type token, such as `aws:ec2/vpc:Vpc`. */
  type: z.string(),
  name: z.string(),
  /** URN of the parent; absent for the stack's own children. */
  parent: z.string().optional(),
  /** True for what a provider makes; false for components. */
  custom: z.boolean(),
  /** URN of the explicit provider. */
  provider: z.string().optional(),
  /** Inputs with the markers of `values/value.ts` for unknown and secret values. */
  inputs: z.record(z.string(), valueSchema),
  /** URNs it waits for, sorted. */
  dependsOn: z.array(z.string()).default([]),
});
export type Resource = z.infer<typeof resourceSchema>;

/** Whether resources of a type stand in a cloud; components and providers stand in states alone. */
export function isInCloud(type: string): boolean {
  return !type.startsWith("terrane:") && !type.startsWith("pulumi:");
}
