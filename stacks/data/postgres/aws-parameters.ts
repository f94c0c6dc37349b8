/** Parameters of the database on AWS: TLS for everybody, and logs that answer what was slow and what was changed. */
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { awsNames } from "../../limits/aws.ts";
import type { PostgresContext } from "./implementation.ts";

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

const now = (name: string, value: string): Parameter => ({ name, value, applyMethod: "immediate" });

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html and
 * https://www.postgresql.org/docs/current/runtime-config-logging.html, as of 2026-11-21.
 */
const parameters: readonly Parameter[] = [
  // The default from 15 on; 14 would take plain text.
  now("rds.force_ssl", "1"),
  now("log_statement", "ddl"),
  // Milliseconds.
  now("log_min_duration_statement", "1000"),
  now("log_lock_waits", "1"),
  // Kilobytes: a sort that did not fit into memory.
  now("log_temp_files", "10240"),
  // Milliseconds.
  now("log_autovacuum_min_duration", "10000"),
];

/**
 * The group is named for its family: a major upgrade makes a new one, moves the instance to it, and deletes the old
 * one when nothing uses it any more.
 */
export function createParameterGroup(context: PostgresContext): ParameterGroup {
  const family = `postgres${context.fields.version}`;
  const replication: readonly Parameter[] =
    context.fields.replication === "logical"
      ? [{ name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" }]
      : [];
  return new ParameterGroup(
    `${context.name}-${family}`,
    {
      name: context.physicalName(family, awsNames.databaseParameterGroup),
      description: `Parameters of ${context.name}`,
      family,
      parameters: [...parameters, ...replication],
    },
    context.child,
  );
}
