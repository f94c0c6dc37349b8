/** What the audit says of leases, as far as no operation is looked at. */
import type { AuditEntry } from "../model/audit.ts";

/** Somebody wants the holder to stop in good order. */
export function askedEntry(
  { scope, operation }: { readonly scope: string; readonly operation: string },
  { who, at }: { readonly who: string; readonly at: Date },
): AuditEntry {
  return { at: at.toISOString(), who, what: "asked to stop", ...meantBy(scope), operation };
}

/** An environment, or a stack that belongs to none. */
export function meantBy(scope: string): Pick<AuditEntry, "environment" | "stack"> {
  const [kind, ...name] = scope.split("/");
  return kind === "environment" ? { environment: name.join("/") } : { stack: name.join("/") };
}
