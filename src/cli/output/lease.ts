/** Who holds an environment, in words. */
import type { HeldLease } from "../../platform/api.ts";

export function describeHolder({ user, host, pid, operation }: HeldLease): string {
  return `${user} on ${host} (process ${pid}) with ${operation}`;
}

/** What can be said of a holder that may be gone. */
export function describeHold(lease: HeldLease): string {
  const heard = `heard of ${Math.round(lease.silence / 1000)} s ago`;
  const asked = lease.asked === undefined ? "" : `, asked to stop by ${lease.asked}`;
  const state = {
    alive: `at work, ${heard}${asked}`,
    dead: "its process is gone: the next command takes over",
    expired: `${heard}: the next command takes over`,
  }[lease.state];
  return `${describeHolder(lease)}, ${state}`;
}
