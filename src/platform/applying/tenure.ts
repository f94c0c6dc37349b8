/** The time in which a change may write: from the taking of its environment's lease until it is let go or lost. */
import { TerraneError } from "../../errors.ts";
import type { KeptLease } from "../../ledger/keep-lease.ts";
import type { Lease } from "../../ledger/lease.ts";

export class Tenure {
  readonly #lost = new AbortController();
  readonly #asked = new AbortController();
  #lease: Lease | undefined;

  /** What everything written under it begins with. */
  get lease(): Lease {
    if (this.#lease === undefined) throw new TerraneError("internal", "nothing is written without a lease");
    return this.#lease;
  }

  get hasBegun(): boolean {
    return this.#lease !== undefined;
  }

  /** Aborted with the error to end with once the lease is lost: engines are killed then. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborted when somebody elsewhere wants it to stop in good order. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  begin(kept: Pick<KeptLease, "lease" | "lost" | "asked">): void {
    this.#lease = kept.lease;
    follow(kept.lost, this.#lost);
    follow(kept.asked, this.#asked);
  }
}

function follow(signal: AbortSignal, controller: AbortController): void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
}
