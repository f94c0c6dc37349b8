/** What the audit says was left, gathered record by record, and held against the rows that are there. */
import type { AuditRecord, BrokenRecord, OperationTrace, StackTrace } from "../model/audit.ts";
import type { Database } from "../sql/database.ts";
import { sha256 } from "../values/digest.ts";
import { stepsDigest } from "./operation-rows.ts";

export interface Comparison {
  readonly misfits: readonly BrokenRecord[];
  /** Rows that no record names as they are, and that need none. */
  readonly unnamed: number;
}

interface Claim<T> {
  readonly record: AuditRecord;
  /** Null: there is none any more. */
  readonly left: T | null;
}

/** What there is of one kind: its rows, and how one is held against what a record left. */
interface Kind<T, Row> {
  /** As the table of rows from before the audit calls it. */
  readonly name: "operation" | "environment" | "stack";
  readonly claims: ReadonlyMap<string, Claim<T>>;
  readonly rows: ReadonlyMap<string, Row>;
  readonly fits: (left: T, row: Row) => boolean;
  /** Whether every row of the kind is named by a record. */
  readonly isAlwaysNamed: boolean;
}

/** Operations whose steps are read at once. */
const batchSize = 200;

export class AuditClaims {
  readonly #operations = new Map<string, Claim<OperationTrace>>();
  readonly #environments = new Map<string, Claim<string>>();
  readonly #stacks = new Map<string, Claim<StackTrace>>();
  #last = 0;

  /** The newest record that names a row counts. */
  add(record: AuditRecord): void {
    const { operations = {}, environments = {}, stacks = {} } = record.left ?? {};
    for (const [id, left] of Object.entries(operations)) this.#operations.set(id, { record, left });
    for (const [name, left] of Object.entries(environments)) this.#environments.set(name, { record, left });
    for (const [name, left] of Object.entries(stacks)) this.#stacks.set(name, { record, left });
    this.#last = record.seq;
  }

  async compare(database: Database): Promise<Comparison> {
    const older = await readOlder(database);
    const parts = [
      this.#compareKind(await this.#environmentKind(database), older),
      this.#compareKind(await this.#operationKind(database), older),
      this.#compareKind(await this.#stackKind(database), older),
    ];
    return {
      misfits: [...parts.flatMap(({ misfits }) => misfits), ...(await this.#compareSteps(database))],
      unnamed: parts.reduce((sum, { unnamed }) => sum + unnamed, 0),
    };
  }

  async #environmentKind(database: Database): Promise<Kind<string, string>> {
    const rows = await database.read<{ name: string; record: string }>(
      "SELECT name, record FROM environments ORDER BY name",
    );
    return {
      name: "environment",
      claims: this.#environments,
      rows: new Map(rows.map(({ name, record }) => [name, sha256(record)])),
      fits: (left, row) => left === row,
      isAlwaysNamed: true,
    };
  }

  async #operationKind(database: Database): Promise<Kind<OperationTrace, string>> {
    const rows = await database.read<{ id: string; operation: string }>(
      "SELECT id, operation FROM operations ORDER BY number",
    );
    return {
      name: "operation",
      claims: this.#operations,
      rows: new Map(rows.map(({ id, operation }) => [id, sha256(operation)])),
      fits: (left, row) => left.row === row,
      isAlwaysNamed: true,
    };
  }

  async #stackKind(database: Database): Promise<Kind<StackTrace, StackTrace>> {
    const rows = await database.read<StackTrace & { readonly project: string; readonly name: string }>(
      "SELECT project, name, serial, digest FROM stacks ORDER BY project, name",
    );
    return {
      name: "stack",
      claims: this.#stacks,
      rows: new Map(rows.map((row) => [`${row.project}/${row.name}`, row])),
      fits: (left, row) => left.serial === row.serial && left.digest === row.digest,
      // One that was made and never saved.
      isAlwaysNamed: false,
    };
  }

  #compareKind<T, Row>(of: Kind<T, Row>, older: ReadonlySet<string>): Comparison {
    const { name: kind, claims, rows, fits } = of;
    const misfits: BrokenRecord[] = [];
    for (const [name, { record, left }] of claims) {
      const row = rows.get(name);
      const said = `record ${record.seq} (${record.what})`;
      const wrong = (fault: string) => misfits.push({ seq: record.seq, fault, record });
      if (row === undefined && left !== null) wrong(`the ${kind} ${name}, which ${said} left, is gone`);
      if (row !== undefined && left === null)
        wrong(`the ${kind} ${name} is there, though ${said} says it is gone`);
      if (row !== undefined && left !== null && !fits(left, row))
        wrong(`the ${kind} ${name} is not as ${said} left it`);
    }
    const unnamed = [...rows.keys()].filter((name) => !claims.has(name));
    for (const name of unnamed) {
      if (!of.isAlwaysNamed || older.has(`${kind} ${name}`)) continue;
      const seq = this.#last + 1;
      misfits.push({ seq, fault: `record ${seq} is missing: the ${kind} ${name} stands in no record` });
    }
    return { misfits, unnamed: unnamed.length };
  }

  async #compareSteps(database: Database): Promise<readonly BrokenRecord[]> {
    const misfits: BrokenRecord[] = [];
    const closed = [...this.#operations].filter(([, { left }]) => left?.steps !== undefined);
    for (let at = 0; at < closed.length; at += batchSize) {
      const batch = closed.slice(at, at + batchSize);
      const found = await readSteps(
        database,
        batch.map(([id]) => id),
      );
      for (const [id, { record, left }] of batch) {
        if (stepsDigest(found.get(id) ?? []) === left?.steps) continue;
        const fault = `the steps of operation ${id} are not as record ${record.seq} (${record.what}) left them`;
        misfits.push({ seq: record.seq, fault, record });
      }
    }
    return misfits;
  }
}

/** `<kind> <name>` of rows that were there before the audit was. */
async function readOlder(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.read<{ kind: string; name: string }>("SELECT kind, name FROM audit_older");
  return new Set(rows.map(({ kind, name }) => `${kind} ${name}`));
}

async function readSteps(
  database: Database,
  operations: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.read<{ operation: string; step: string }>(
    `SELECT operation, step FROM operation_steps
      WHERE operation IN (${operations.map(() => "?").join(", ")}) ORDER BY operation, position`,
    operations,
  );
  const steps = new Map<string, string[]>();
  for (const { operation, step } of rows) {
    const own = steps.get(operation);
    if (own === undefined) steps.set(operation, [step]);
    else own.push(step);
  }
  return steps;
}
