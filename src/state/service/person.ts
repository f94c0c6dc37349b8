/** What a person may do with the plain Pulumi CLI: everything, each change under a lease that is taken for it. */

import type { Holder } from "../../ledger/holder.ts";
import { type KeptLease, keepLease } from "../../ledger/keep-lease.ts";
import { scopeOfStack } from "../../ledger/lease.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Access } from "./access.ts";
import { SecretMemory } from "./secret-memory.ts";

export interface Person {
  readonly user: string;
  readonly ledger: Ledger;
  readonly holder: () => Holder;
  /** Id of what a change is on record as. */
  readonly newOperation: () => string;
  readonly onClosed?: Access["onClosed"];
}

export function personAccess({ user, ledger, holder, newOperation, onClosed }: Person): Access {
  return {
    user,
    secrets: new SecretMemory(),
    covers: () => true,
    foresees: false,
    ...(onClosed === undefined ? {} : { onClosed }),
    hold: async ({ project, name }) => {
      const scope = scopeOfStack(project, name);
      const held = await ledger.holdScope(scope, newOperation(), holder());
      const kept: KeptLease = keepLease(ledger.leases, held.lease);
      return {
        lease: held.lease,
        [Symbol.asyncDispose]: async () => {
          await kept[Symbol.asyncDispose]();
          await held[Symbol.asyncDispose]();
        },
      };
    },
  };
}
