/** Tables of leases and of the engines at work under them. */

/** A lease's row stays when it is let go: its number must never go back. `renewed_at` is by the database's clock. */
export const leaseTables = `DROP TABLE leases;
CREATE TABLE leases (
  scope      TEXT PRIMARY KEY,
  number     INTEGER NOT NULL,
  operation  TEXT,
  holder     TEXT,
  term       INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  asked      TEXT
);
CREATE TABLE engines (
  scope   TEXT NOT NULL,
  number  INTEGER NOT NULL,
  stack   TEXT NOT NULL,
  process TEXT NOT NULL
);
CREATE INDEX engines_by_scope ON engines (scope, number);`;
