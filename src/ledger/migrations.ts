/** The ledger's tables. A migration, once released, is never edited: add the next number. */

import { auditTables } from "./audit-tables.ts";
import { backendTables } from "./backend-tables.ts";
import { briefTables } from "./environment-briefs.ts";
import { groundTables } from "./ground-tables.ts";
import { keyRotationTables, keyTables } from "./key-tables.ts";
import { leaseTables } from "./lease-tables.ts";
import { operationNumbers } from "./operation-tables.ts";
import { stateTables } from "./state-tables.ts";

export const ledgerMigrations: readonly string[] = [
  `CREATE TABLE environments (
     name    TEXT PRIMARY KEY,
     record  TEXT NOT NULL
   );
   CREATE TABLE address_blocks (
     environment TEXT NOT NULL,
     component   TEXT NOT NULL,
     block       TEXT NOT NULL UNIQUE,
     PRIMARY KEY (environment, component)
   );
   CREATE TABLE counters (
     name  TEXT PRIMARY KEY,
     value INTEGER NOT NULL
   );
   INSERT INTO counters (name, value) VALUES ('address_blocks', 0);
   CREATE TABLE operations (
     id          TEXT PRIMARY KEY,
     environment TEXT NOT NULL,
     started_at  TEXT NOT NULL,
     operation   TEXT NOT NULL
   );
   CREATE INDEX operations_by_environment ON operations (environment, started_at);
   CREATE TABLE operation_steps (
     operation TEXT NOT NULL REFERENCES operations (id),
     id        TEXT NOT NULL,
     position  INTEGER NOT NULL,
     step      TEXT NOT NULL,
     PRIMARY KEY (operation, id)
   );
   CREATE TABLE leases (
     environment TEXT PRIMARY KEY,
     operation   TEXT NOT NULL,
     holder      TEXT NOT NULL
   );
   CREATE TABLE stack_outputs (
     environment TEXT NOT NULL,
     stack       TEXT NOT NULL,
     outputs     TEXT NOT NULL,
     PRIMARY KEY (environment, stack)
   );`,
  // Service ranges may be alike in several environments, so a block alone is no longer unique; and a hold keeps blocks
  // for an `up` that is still being planned.
  `CREATE TABLE purposed_blocks (
     environment TEXT NOT NULL,
     component   TEXT NOT NULL,
     block       TEXT NOT NULL,
     purpose     TEXT NOT NULL,
     PRIMARY KEY (environment, component)
   );
   INSERT INTO purposed_blocks SELECT environment, component, block, 'network' FROM address_blocks;
   DROP TABLE address_blocks;
   ALTER TABLE purposed_blocks RENAME TO address_blocks;
   CREATE TABLE address_holds (
     hold        TEXT NOT NULL,
     environment TEXT NOT NULL,
     component   TEXT NOT NULL,
     block       TEXT NOT NULL,
     purpose     TEXT NOT NULL,
     holder      TEXT NOT NULL,
     PRIMARY KEY (hold, component)
   );`,
  keyTables,
  leaseTables,
  stateTables,
  operationNumbers,
  keyRotationTables,
  groundTables,
  auditTables,
  briefTables,
  backendTables,
];
