/** What the ledger knows of an environment. Programs, plans and policies read roles and addresses from here. */
import { z } from "zod";
import type { EnvironmentSpec } from "./spec.ts";
import { type AddressPurpose, environmentClasses, roles, targets } from "./words.ts";

export const recordSchema = z.strictObject({
  name: z.string(),
  /** Random, 8 hexadecimal digits; a new one after each destroy. */
  incarnation: z.string().regex(/^[0-9a-f]{8}$/),
  class: z.enum(environmentClasses),
  target: z.enum(targets),
  blueprint: z.strictObject({ name: z.string(), version: z.string() }),
  roles: z.record(z.string(), z.enum(roles)),
  /** `<component>@<site>` → block of its network; `<component>@<site>/<field>` → any other block. */
  addresses: z.record(z.string(), z.string()),
  /** The last applied EnvironmentSpec; absent until the first `up` has begun to apply one. Read by `src/blueprint`. */
  applied: z.custom<EnvironmentSpec>((value) => typeof value === "object" && value !== null).optional(),
  status: z.enum(["creating", "ready", "failed", "destroying"]),
  updatedAt: z.string(),
});
export type EnvironmentRecord = z.infer<typeof recordSchema>;

/** A block of addresses that belongs to a component of one environment, under its key in the record. */
export interface AllocatedBlock {
  readonly key: string;
  readonly block: string;
  readonly purpose: AddressPurpose;
}

/** A block of addresses in use and whose it is. */
export interface TakenBlock {
  readonly block: string;
  readonly purpose: AddressPurpose;
  /** For people. The ledger says `<environment>/<key of the record>`. */
  readonly owner: string;
}
