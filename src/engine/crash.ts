/** Why an engine came down by itself: one line of the hundreds that it says then. Pure. */

/** How a Go program begins, by how much it tells. Source: `runtime/panic.go`, `runtime/signal_unix.go` of Go 1.26. */
const crashes = [/^panic: (.+)$/m, /^fatal error: (.+)$/m, /^(SIG[A-Z]+: .+)$/m];

/** Undefined of an engine that has not crashed. */
export function crashOf(stderr: string): string | undefined {
  for (const crash of crashes) {
    const reason = crash.exec(stderr)?.[1];
    if (reason !== undefined) return reason.replace(/^fatal: /, "").trim();
  }
  return undefined;
}

/** What is wrong with a state that the engine refuses to use. Source: `snapshot/integrity.go` of 3.250.0. */
export function integrityFailureOf(stderr: string): string | undefined {
  return /^Error:\s+snapshot integrity failure; (?:refusing to use it: )?(.+)$/m.exec(stderr)?.[1]?.trim();
}
