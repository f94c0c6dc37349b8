/**
 * What a list tells of each environment, in a row of its own: a record holds all that was applied, and a list of
 * thousands would read it all. Written with the record, never without.
 */
import { z } from "zod";
import { type Operation, operationSchema } from "../model/operation.ts";
import { type EnvironmentRecord, recordSchema } from "../model/record.ts";
import { stackOf } from "../model/spec.ts";
import { clouds, environmentClasses, roles, targets } from "../model/words.ts";
import type { Database, Statement } from "../sql/database.ts";
import { parseRow } from "./row.ts";

export const briefTables = `CREATE TABLE environment_briefs (
     name  TEXT PRIMARY KEY,
     brief TEXT NOT NULL
   );`;

const briefSchema = z.object({
  name: z.string(),
  class: z.enum(environmentClasses),
  target: z.enum(targets),
  status: recordSchema.shape.status,
  blueprint: z.object({ name: z.string(), version: z.string() }),
  /** With the role that each has now. */
  sites: z.array(
    z.object({ name: z.string(), cloud: z.enum(clouds), region: z.string(), role: z.enum(roles) }),
  ),
  /** Those that it has made, and those that something may not have been moved out of yet. */
  stacks: z.array(z.string()),
  updatedAt: z.string(),
});
export type EnvironmentBrief = z.infer<typeof briefSchema>;

export interface ListedEnvironment extends EnvironmentBrief {
  /** The newest one, without its steps. */
  readonly operation?: Operation;
}

export interface EnvironmentPage {
  /** Only those behind this name. Default: from the first. */
  readonly after?: string;
  /** Largest number of environments. Default: all. */
  readonly limit?: number;
}

export function saveBrief(record: EnvironmentRecord): Statement {
  return {
    sql: `INSERT INTO environment_briefs (name, brief) VALUES (?, ?)
          ON CONFLICT (name) DO UPDATE SET brief = excluded.brief`,
    parameters: [record.name, JSON.stringify(briefOf(record))],
  };
}

export function forgetBrief(environment: string): Statement {
  return { sql: "DELETE FROM environment_briefs WHERE name = ?", parameters: [environment] };
}

interface BriefRow {
  readonly name: string;
  readonly brief: string | null;
  /** Only where an earlier release wrote the record. */
  readonly record: string | null;
  readonly operation: string | null;
}

/** Names asked for at once: far below what either database takes as parameters of one statement. */
const namesAtOnce = 500;

export class EnvironmentBriefs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By name. One query, whose cost depends on the page alone. */
  async list({ after, limit }: EnvironmentPage = {}): Promise<readonly ListedEnvironment[]> {
    const rows = await this.#database.read<BriefRow>(
      `SELECT e.name, b.brief, CASE WHEN b.name IS NULL THEN e.record END AS record,
            (SELECT operation FROM operations WHERE environment = e.name
              ORDER BY started_at DESC, number DESC LIMIT 1) AS operation
       FROM environments e LEFT JOIN environment_briefs b ON b.name = e.name
      ${after === undefined ? "" : "WHERE e.name > ?"} ORDER BY e.name ${limit === undefined ? "" : "LIMIT ?"}`,
      [...(after === undefined ? [] : [after]), ...(limit === undefined ? [] : [limit])],
    );
    return rows.map(toListed);
  }

  /** Which of these environments are on record. */
  async existing(names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let start = 0; start < names.length; start += namesAtOnce) {
      const some = names.slice(start, start + namesAtOnce);
      const rows = await this.#database.read<{ name: string }>(
        `SELECT name FROM environments WHERE name IN (${some.map(() => "?").join(", ")})`,
        some,
      );
      for (const { name } of rows) found.add(name);
    }
    return found;
  }
}

function toListed(row: BriefRow): ListedEnvironment {
  return {
    ...(row.brief === null
      ? briefOf(parseRow(recordSchema, row.record ?? "", `environment ${row.name}`))
      : parseRow(briefSchema, row.brief, `what is listed of environment ${row.name}`)),
    ...(row.operation === null
      ? {}
      : { operation: parseRow(operationSchema, row.operation, `the newest operation of ${row.name}`) }),
  };
}

function briefOf(record: EnvironmentRecord): EnvironmentBrief {
  const { name, applied, moves = [], roles } = record;
  const places = [...(applied?.components ?? []), ...moves.map(({ from }) => from)];
  return {
    name,
    class: record.class,
    target: record.target,
    status: record.status,
    blueprint: record.blueprint,
    sites: (applied?.sites ?? []).map(({ name: site, cloud, region, role }) => ({
      name: site,
      cloud,
      region,
      role: roles[site] ?? role,
    })),
    stacks: [...new Set(places.map((place) => stackOf(name, place)))],
    updatedAt: record.updatedAt,
  };
}
