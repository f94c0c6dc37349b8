/**
 * What a stack stood on when its program had nothing left to change: as long as all of it is the same, neither an engine
 * nor a render is needed to know that nothing would change. Kept by the ledger.
 */
import { z } from "zod";
import { findingSchema } from "./finding.ts";
import { resourceSchema } from "./resource.ts";

export const stackGroundSchema = z.strictObject({
  /** Digest of everything that decides what the stack is to be: spec, programs, versions, upstream outputs, policies. */
  key: z.string(),
  /** Random, hexadecimal; goes into the digest of the secret parameters. Absent where the stack has none. */
  salt: z.string().optional(),
  /** Digest of the state. */
  state: z.string(),
  /** What was not in order, of rules that do not depend on time. */
  findings: z.array(findingSchema),
  /** What rules that depend on time look at: they judge it again whenever the stack is asked for. */
  dated: z.array(resourceSchema),
});
export type StackGround = z.infer<typeof stackGroundSchema>;
