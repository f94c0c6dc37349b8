/** Names of what is on record, for proposals: read past every schema, so that a shell gets them while a key is pressed. */
import { glance } from "../sql/sqlite/glance.ts";

export interface Named {
  readonly name: string;
  /** What helps to choose, in a few words. */
  readonly about: string;
}

/** Environments on record. */
export function recordedEnvironments(ledger: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    `SELECT name, json_extract(record, '$.class') || ', ' || json_extract(record, '$.status') AS about
     FROM environments ORDER BY name`,
  );
}

/** Environments of past operations, those that are gone included. */
export function pastEnvironments(ledger: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    `SELECT environment AS name, 'last changed ' || substr(max(started_at), 1, 10) AS about
     FROM operations GROUP BY environment ORDER BY environment`,
  );
}

/** The newest operations, of one environment or of all. */
export function recentOperations(ledger: string, environment?: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    `SELECT id AS name, json_extract(operation, '$.kind') || ' of ' || environment || ', '
       || json_extract(operation, '$.status') || ', ' || substr(started_at, 1, 16) AS about
     FROM operations WHERE ?1 = '' OR environment = ?1 ORDER BY started_at DESC LIMIT 50`,
    [environment ?? ""],
  );
}

/** `component@site` of what an environment has applied, or all have. */
export function appliedComponents(ledger: string, environment?: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    `SELECT DISTINCT json_extract(value, '$.name') || '@' || json_extract(value, '$.site') AS name,
       json_extract(value, '$.type') AS about
     FROM environments, json_each(record, '$.applied.components')
     WHERE ?1 = '' OR environments.name = ?1 ORDER BY 1`,
    [environment ?? ""],
  );
}

/** `site.domain` of the stacks that an environment has applied, or all have. */
export function appliedStacks(ledger: string, environment?: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    `SELECT json_extract(value, '$.site') || '.' || json_extract(value, '$.domain') AS name,
       group_concat(DISTINCT json_extract(value, '$.name')) AS about
     FROM environments, json_each(record, '$.applied.components')
     WHERE ?1 = '' OR environments.name = ?1 GROUP BY 1 ORDER BY 1`,
    [environment ?? ""],
  );
}

/** `site.component.output` of an environment, or of all. */
export function recordedOutputNames(ledger: string, environment?: string): Promise<readonly Named[]> {
  return glance(
    ledger,
    // A stack is <environment>.<site>.<domain>, and no name holds a dot.
    `WITH stacks AS (
       SELECT outputs, substr(stack, length(environment) + 2) AS rest
       FROM stack_outputs WHERE ?1 = '' OR environment = ?1)
     SELECT DISTINCT substr(rest, 1, instr(rest, '.') - 1) || '.' || components.key || '.' || outputs.key AS name,
       '' AS about
     FROM stacks, json_each(stacks.outputs) AS components, json_each(components.value) AS outputs ORDER BY 1`,
    [environment ?? ""],
  );
}
