/** What one operation may do with one stack. */
import { TerraneError } from "../../errors.ts";
import type { Lease } from "../../ledger/lease.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import type { StackRef } from "../stacks/stack-rows.ts";
import type { Access, Authorise } from "./access.ts";
import { SecretMemory } from "./secret-memory.ts";

const user = "terrane";

/** Reads what was last saved, or `overlay`, also of a stack that is not there yet. */
export function readSession(stack: StackRef, overlay?: VersionedDeployment): Access {
  return {
    user,
    secrets: new SecretMemory(),
    covers: (ref) => isSame(ref, stack),
    foresees: true,
    ...(overlay === undefined ? {} : { overlay }),
    hold: async ({ name }) => {
      throw new TerraneError("read-only", `${name} is open to be read, not to be changed`);
    },
  };
}

/** Writes under a lease that is held already. */
export function writeSession(stack: StackRef, lease: Lease, authorise?: Authorise): Access {
  return {
    user,
    secrets: new SecretMemory(),
    covers: (ref) => isSame(ref, stack),
    foresees: false,
    ...(authorise === undefined ? {} : { authorise }),
    hold: async () => ({ lease, [Symbol.asyncDispose]: async () => {} }),
  };
}

function isSame(one: StackRef, other: StackRef): boolean {
  return one.project === other.project && one.name === other.name;
}
