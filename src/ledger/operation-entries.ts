/** What the audit says of operations and of who holds an environment. */
import type { AuditEntry, AuditTraces } from "../model/audit.ts";
import type { Operation } from "../model/operation.ts";
import { addCounts } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { recordDigest } from "./environment-rows.ts";
import type { Holder } from "./holder.ts";
import type { LeaseRow } from "./lease.ts";
import { meantBy } from "./lease-entries.ts";
import { closedTrace, openTrace } from "./operation-rows.ts";

export function begunEntry(operation: Operation, record: EnvironmentRecord, holder: Holder): AuditEntry {
  const { id, environment, kind, blueprint } = operation;
  return {
    at: holder.since,
    who: holder.user,
    what: "operation begun",
    environment,
    operation: id,
    facts: {
      kind,
      target: record.target,
      ...(blueprint === undefined ? {} : { blueprint: `${blueprint.name} ${blueprint.version}` }),
    },
    left: {
      operations: { [id]: openTrace(operation) },
      environments: { [environment]: recordDigest(record) },
    },
  };
}

export function endedEntry(
  operation: Operation,
  record: EnvironmentRecord | "gone",
  stacks: AuditTraces["stacks"],
): AuditEntry {
  const { id, environment, startedBy, startedAt, endedAt, kind, status, steps } = operation;
  return {
    at: endedAt ?? startedAt,
    who: startedBy,
    what: "operation ended",
    environment,
    operation: id,
    facts: { kind, status, ...addCounts(steps.map(({ counts }) => counts)) },
    left: {
      operations: { [id]: closedTrace(operation) },
      environments: { [environment]: record === "gone" ? null : recordDigest(record) },
      ...(stacks === undefined ? {} : { stacks }),
    },
  };
}

/** @param who whoever closes it in the place of a process that is gone */
export function interruptedEntry(operation: Operation, who: string): AuditEntry {
  const { id, environment, startedAt, endedAt, kind, status } = operation;
  return {
    at: endedAt ?? startedAt,
    who,
    what: "operation interrupted",
    environment,
    operation: id,
    facts: { kind, status },
    left: { operations: { [id]: closedTrace(operation) } },
  };
}

/** @param scope of the lease: an environment, or a stack that belongs to none */
export function takenOverEntry(scope: string, operation: string, holder: Holder, left: LeaseRow): AuditEntry {
  const { user, host, pid } = left.holder;
  return {
    at: holder.since,
    who: holder.user,
    what: "lease taken over",
    ...meantBy(scope),
    operation,
    facts: { from: `${user} on ${host} (process ${pid})`, its: left.operation, state: left.state },
  };
}
