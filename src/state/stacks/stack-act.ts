/** What the audit says of a write to a state: who, by the lease it is written under, and what it left. */
import { holderSchema } from "../../ledger/holder.ts";
import type { Lease } from "../../ledger/lease.ts";
import { parseRow } from "../../ledger/row.ts";
import type { AuditEntry, StackTrace } from "../../model/audit.ts";
import type { Database } from "../../sql/database.ts";
import { type Stack, type StackHead, type StackRef, toName } from "./stack-rows.ts";

export interface StackAct {
  readonly at: Date;
  /** `state saved`, `stack removed`, … */
  readonly what: string;
  readonly facts?: AuditEntry["facts"];
  /** `<project>/<stack>` → its newest checkpoint; null: there is no such stack any more. */
  readonly left: { readonly [stack: string]: StackTrace | null };
}

/** A stack was made and holds nothing yet. */
export function madeAct(stack: StackRef & StackHead, at: Date): StackAct {
  return {
    at,
    what: "stack made",
    left: { [toName(stack)]: { serial: stack.serial, digest: stack.digest } },
  };
}

/** A state was saved, under another name where `as` says so. */
export function savedAct(
  stack: StackRef,
  head: StackHead,
  told: { readonly at: Date; readonly facts: AuditEntry["facts"]; readonly as?: StackRef | undefined },
): StackAct {
  const { at, facts, as } = told;
  const trace = { serial: head.serial, digest: head.digest };
  const left = as === undefined ? { [toName(stack)]: trace } : { [toName(stack)]: null, [toName(as)]: trace };
  return {
    at,
    what: as === undefined ? "state saved" : "stack renamed",
    facts: { ...facts, serial: head.serial },
    left,
  };
}

/** A stack was given other tags; those that are new or gone are the facts, the gone ones empty. */
export function taggedAct(
  stack: Stack,
  tags: Stack["tags"],
  told: { readonly at: Date; readonly what: string },
): StackAct {
  const { serial, digest } = stack;
  const names = [...new Set([...Object.keys(stack.tags), ...Object.keys(tags)])];
  const changed = names.filter((name) => stack.tags[name] !== tags[name]);
  return {
    ...told,
    facts: Object.fromEntries(changed.map((name) => [name, tags[name] ?? ""])),
    left: { [toName(stack)]: { serial, digest } },
  };
}

export function removedAct(stack: StackRef, at: Date): StackAct {
  return { at, what: "stack removed", left: { [toName(stack)]: null } };
}

/** The act as an entry of the audit. */
export async function entryOf(database: Database, lease: Lease, act: StackAct): Promise<AuditEntry> {
  const [kind, ...name] = lease.scope.split("/");
  const names = Object.keys(act.left);
  const [stack] = names;
  return {
    at: act.at.toISOString(),
    who: await userOf(database, lease),
    what: act.what,
    ...(kind === "environment" ? { environment: name.join("/") } : {}),
    ...(names.length === 1 && stack !== undefined ? { stack } : {}),
    operation: lease.operation,
    ...(act.facts === undefined ? {} : { facts: act.facts }),
    left: { stacks: act.left },
  };
}

async function userOf(database: Database, { scope, number }: Lease): Promise<string> {
  const [row] = await database.read<{ holder: string | null }>(
    "SELECT holder FROM leases WHERE scope = ? AND number = ?",
    [scope, number],
  );
  // Without a row the lease is lost, and the write is about to be refused.
  if (row === undefined || row.holder === null) return "nobody";
  return parseRow(holderSchema, row.holder, `the lease of ${scope}`).user;
}
