/**
 * Leases: one writer at a time for an environment, or for a stack that belongs to none. Each acquisition has a number
 * that only grows, and every write that a lease authorises begins with a guard on that number: whoever has lost the
 * lease, frozen and woken later, finds its writes refused.
 */
import { TerraneError } from "../errors.ts";
import type { Database, Statement } from "../sql/database.ts";
import { writeAudited } from "./audit.ts";
import { type Holder, holderSchema, livenessOf, type ProcessIdentity, processSchema } from "./holder.ts";
import { askedEntry } from "./lease-entries.ts";
import { parseRow } from "./row.ts";

/** Milliseconds without a sign of life after which a holder on another machine counts as dead. */
export const leaseTerm = 15_000;

/** What a holder writes with. */
export interface Lease {
  readonly scope: string;
  /** Fencing number: the next holder's is higher. */
  readonly number: number;
  readonly operation: string;
}

/** A lease as its row has it. */
export interface LeaseRow extends Lease {
  readonly holder: Holder;
  /** Milliseconds since its holder last gave a sign of life, by the database's clock. */
  readonly silence: number;
  /** `expired`: nobody here can see its process, and it has been silent for longer than its term. */
  readonly state: "alive" | "dead" | "expired";
  /** Milliseconds until it can be taken over; 0 when it can be now. */
  readonly freeIn: number;
  /** Who has asked the holder to stop, if anybody has. */
  readonly asked?: string;
}

/** An engine at work under a lease. */
export interface EngineRow {
  readonly stack: string;
  readonly process: ProcessIdentity;
}

/** All stacks of an environment are written under one lease. */
export function environmentScope(environment: string): string {
  return `environment/${environment}`;
}

/** The lease that a stack is written under. A stack of ours is called `<environment>.<site>.<domain>`. */
export function scopeOfStack(project: string, stack: string): string {
  const [environment, ...rest] = stack.split(".");
  return project === "terrane" && rest.length === 2 && environment !== undefined
    ? environmentScope(environment)
    : `stack/${project}/${stack}`;
}

/**
 * The guard that every write under a lease begins with. It locks the row, so that a take-over comes before the write or
 * after it, never between.
 */
export function heldBy(lease: Lease): Statement {
  return { sql: `UPDATE leases SET number = number WHERE ${ofLease}`, parameters: keyOf(lease), expect: 1 };
}

const ofLease = "scope = ? AND number = ? AND operation = ?";

function keyOf({ scope, number, operation }: Lease): readonly (string | number)[] {
  return [scope, number, operation];
}

export function releaseLease(lease: Lease): Statement[] {
  return [
    {
      sql: "DELETE FROM engines WHERE scope = ? AND number <= ?",
      parameters: [lease.scope, lease.number],
    },
    { sql: `UPDATE leases SET operation = NULL, holder = NULL WHERE ${ofLease}`, parameters: keyOf(lease) },
  ];
}

/** What somebody saw of a lease; taking it on this ground fails once anybody else has. */
export interface LeaseGround {
  readonly number: number;
  /** Absent when the lease was free. */
  readonly row?: LeaseRow;
}

export interface Taking {
  readonly lease: Lease;
  /** The first one fails when somebody else was quicker. */
  readonly statements: readonly Statement[];
}

export class Leases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined while nobody holds it. */
  async read(scope: string): Promise<LeaseRow | undefined> {
    return (await this.look(scope)).row;
  }

  async look(scope: string): Promise<LeaseGround> {
    const [row] = await this.#database.read<{
      number: number;
      operation: string | null;
      holder: string | null;
      silence: number | null;
      term: number | null;
      asked: string | null;
    }>(
      `SELECT number, operation, holder, ${this.#database.clock} - renewed_at AS silence, term, asked
         FROM leases WHERE scope = ?`,
      [scope],
    );
    if (row === undefined) return { number: 0 };
    const { number, operation } = row;
    if (operation === null || row.holder === null) return { number };
    const holder = parseRow(holderSchema, row.holder, `the lease of ${scope}`);
    const silence = row.silence ?? 0;
    const rest = Math.max(0, (row.term ?? leaseTerm) - silence);
    const liveness = livenessOf(holder);
    const state = liveness === "dead" ? "dead" : rest === 0 ? "expired" : "alive";
    return {
      number,
      row: {
        ...{ scope, number, operation, holder, silence, state },
        freeIn: state === "alive" ? rest : 0,
        ...(row.asked === null ? {} : { asked: row.asked }),
      },
    };
  }

  /**
   * What takes the lease on this ground, to stand first in the write of whoever takes it.
   * @param from operation that it is taken from by force, although its process lives
   * @throws TerraneError `lease-held` by a living holder
   */
  take(scope: string, operation: string, holder: Holder, ground: LeaseGround, from?: string): Taking {
    const { row } = ground;
    if (row?.state === "alive" && row.operation !== from) throw leaseHeld(row);
    const number = ground.number + 1;
    const values = [operation, JSON.stringify(holder), leaseTerm];
    const statement: Statement =
      ground.number === 0
        ? {
            sql: `INSERT INTO leases (scope, number, operation, holder, term, renewed_at)
                  VALUES (?, 1, ?, ?, ?, ${this.#database.clock}) ON CONFLICT (scope) DO NOTHING`,
            parameters: [scope, ...values],
            expect: 1,
          }
        : {
            sql: `UPDATE leases SET number = number + 1, operation = ?, holder = ?, term = ?, asked = NULL,
                         renewed_at = ${this.#database.clock}
                   WHERE scope = ? AND number = ? AND ${ground.row === undefined ? "operation IS NULL" : "operation = ?"}`,
            parameters: [
              ...values,
              scope,
              ground.number,
              ...(ground.row === undefined ? [] : [ground.row.operation]),
            ],
            expect: 1,
          };
    return { lease: { scope, number, operation }, statements: [statement] };
  }

  /** A sign of life. Answers whether the lease is still held, and whether somebody wants its holder to stop. */
  async renew(lease: Lease): Promise<"held" | "asked" | "lost"> {
    const sql = `UPDATE leases SET renewed_at = ${this.#database.clock} WHERE ${ofLease}`;
    const { ok } = await this.#database.write([{ sql, parameters: keyOf(lease), expect: 1 }]);
    if (!ok) return "lost";
    return (await this.read(lease.scope))?.asked === undefined ? "held" : "asked";
  }

  /** Asks the holder to stop in good order. False when it no longer holds the lease. */
  async ask(lease: Lease, { who, at }: { readonly who: string; readonly at: Date }): Promise<boolean> {
    const sql = `UPDATE leases SET asked = ? WHERE ${ofLease}`;
    const asking = { sql, parameters: [who, ...keyOf(lease)], expect: 1 };
    return (await writeAudited(this.#database, [asking], [askedEntry(lease, { who, at })])).ok;
  }

  async release(lease: Lease): Promise<void> {
    await this.#database.write(releaseLease(lease));
  }

  /** So that whoever takes over can end it. False when the lease is lost. */
  async addEngine(lease: Lease, stack: string, process: ProcessIdentity): Promise<boolean> {
    const result = await this.#database.write([
      heldBy(lease),
      {
        sql: "INSERT INTO engines (scope, number, stack, process) VALUES (?, ?, ?, ?)",
        parameters: [lease.scope, lease.number, stack, JSON.stringify(process)],
      },
    ]);
    return result.ok;
  }

  /** Engines of earlier holders, that a new one ends before it does anything else. */
  async enginesBefore(lease: Lease): Promise<readonly EngineRow[]> {
    const rows = await this.#database.read<{ stack: string; process: string }>(
      "SELECT stack, process FROM engines WHERE scope = ? AND number < ? ORDER BY number, stack",
      [lease.scope, lease.number],
    );
    return rows.map(({ stack, process }) => ({
      stack,
      process: parseRow(processSchema, process, `an engine of ${stack}`),
    }));
  }

  async forgetEnginesBefore(lease: Lease): Promise<void> {
    await this.#database.write([
      heldBy(lease),
      { sql: "DELETE FROM engines WHERE scope = ? AND number < ?", parameters: [lease.scope, lease.number] },
    ]);
  }
}

export function leaseHeld({ scope, holder, operation, silence, freeIn }: LeaseRow): TerraneError {
  const [kind, ...name] = scope.split("/");
  const what = `${kind} ${name.join("/")}`;
  const who = `${holder.user} on ${holder.host} (process ${holder.pid}, since ${holder.since})`;
  const heard = `heard of ${Math.round(silence / 1000)} s ago, free in ${Math.ceil(freeIn / 1000)} s if it is gone`;
  return new TerraneError("lease-held", `${who} is at work on ${what} with ${operation}: ${heard}`, {
    details: { scope, operation, holder, silence, freeIn },
  });
}

export function leaseLost({ scope, operation }: Lease): TerraneError {
  return new TerraneError(
    "lease-lost",
    `${operation} no longer holds ${scope.replace("/", " ")}: somebody has taken over`,
    { details: { scope, operation } },
  );
}
