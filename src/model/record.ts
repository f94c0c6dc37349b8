/** What the ledger knows of an environment. Programs, plans and policies read roles and addresses from here. */
import { z } from "zod";
import type { EnvironmentSpec } from "./spec.ts";
import { type AddressPurpose, domains, environmentClasses, roles, targets } from "./words.ts";

const placeSchema = z.strictObject({ component: z.string(), site: z.string(), domain: z.enum(domains) });

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
  /**
   * Moves that an operation which did not succeed was to make: `applied` names the places they lead to, and each state
   * tells whether they were made. Absent after success.
   */
  moves: z.array(z.strictObject({ from: placeSchema, to: placeSchema })).optional(),
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
