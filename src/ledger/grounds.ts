/**
 * The grounds on which stacks have nothing to change. They save work and decide nothing else: one that is missing or
 * cannot be read costs a preview.
 */
import { type StackGround, stackGroundSchema } from "../model/stack-ground.ts";
import type { Database, Statement } from "../sql/database.ts";
import { environmentScope } from "./lease.ts";

export class StackGrounds {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By stack. None while an operation on the environment or an update of the stack is not closed: nobody knows what it leaves. */
  async read(environment: string): Promise<ReadonlyMap<string, StackGround>> {
    const rows = await this.#database.read<{ stack: string; ground: string }>(
      `SELECT stack, ground FROM stack_grounds
        WHERE environment = ?
          AND NOT EXISTS (SELECT 1 FROM leases WHERE scope = ? AND operation IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM stacks WHERE project = 'terrane' AND name = stack
                             AND active_update IS NOT NULL)`,
      [environment, environmentScope(environment)],
    );
    return new Map(
      rows.flatMap(({ stack, ground }) => {
        const parsed = parseGround(ground);
        return parsed === undefined ? [] : [[stack, parsed] as const];
      }),
    );
  }

  /** Those of the stacks named; others stay as they are. */
  async keep(environment: string, grounds: ReadonlyMap<string, StackGround>): Promise<void> {
    if (grounds.size > 0) await this.#database.write(keepGrounds(environment, grounds));
  }
}

export function keepGrounds(environment: string, grounds: ReadonlyMap<string, StackGround>): Statement[] {
  return [...grounds].map(([stack, ground]) => ({
    sql: `INSERT INTO stack_grounds (environment, stack, ground) VALUES (?, ?, ?)
          ON CONFLICT (environment, stack) DO UPDATE SET ground = excluded.ground`,
    parameters: [environment, stack, JSON.stringify(ground)],
  }));
}

export function forgetGrounds(environment: string): Statement {
  return { sql: "DELETE FROM stack_grounds WHERE environment = ?", parameters: [environment] };
}

/** Of every environment: each stack is asked about once more. */
export const forgetAllGrounds: Statement = { sql: "DELETE FROM stack_grounds" };

function parseGround(text: string): StackGround | undefined {
  try {
    return stackGroundSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
