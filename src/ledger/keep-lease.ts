/** Keeps a lease alive while its holder works, and tells the holder when it is lost. */
import { messageOf, TerraneError } from "../errors.ts";
import { type Lease, type Leases, leaseLost, leaseTerm } from "./lease.ts";

/** Milliseconds between signs of life. */
const heartbeat = 3_000;

export interface KeptLease extends AsyncDisposable {
  readonly lease: Lease;
  /**
   * Aborted when somebody else has the lease, or might have soon because the database cannot be reached; the reason is
   * the error to end with. Nothing more may be begun then.
   */
  readonly lost: AbortSignal;
  /** Aborted when somebody has asked the holder to stop: what runs is finished, nothing more is begun. */
  readonly asked: AbortSignal;
}

export interface KeepOptions {
  /** Milliseconds of a clock that never jumps. Default: this process's. */
  readonly clock?: () => number;
  /** Milliseconds between signs of life. Default 3,000. */
  readonly every?: number;
}

/** Disposed of, it gives no more signs of life; the lease itself is let go by whoever ends the operation. */
export function keepLease(leases: Leases, lease: Lease, options: KeepOptions = {}): KeptLease {
  const { clock = () => performance.now(), every = heartbeat } = options;
  const controller = new AbortController();
  const asked = new AbortController();
  let heard = clock();
  let beating: Promise<void> = Promise.resolve();
  const lose = (error: TerraneError) => {
    clearInterval(timer);
    controller.abort(error);
  };
  // In time for the steps under way to end before anybody else may begin.
  const isUnheard = () => clock() - heard > (leaseTerm * 2) / 3;
  const beat = async () => {
    const sent = clock();
    try {
      const answer = await leases.renew(lease);
      if (answer === "lost") return lose(leaseLost(lease));
      heard = sent;
      if (answer === "asked") asked.abort(new TerraneError("cancelled", "somebody asked it to stop"));
    } catch (error) {
      if (isUnheard()) lose(unheard(lease, messageOf(error)));
    }
  };
  let isBeating = false;
  const timer = setInterval(() => {
    if (isBeating) {
      if (isUnheard()) lose(unheard(lease, "the database does not answer"));
      return;
    }
    isBeating = true;
    beating = beat().finally(() => {
      isBeating = false;
    });
  }, every);
  timer.unref();
  return {
    lease,
    lost: controller.signal,
    asked: asked.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await beating;
    },
  };
}

function unheard({ scope, operation }: Lease, why: string): TerraneError {
  return new TerraneError(
    "lease-lost",
    `${operation} could not renew its lease on ${scope.replace("/", " ")}: ${why}`,
    { details: { scope, operation } },
  );
}
