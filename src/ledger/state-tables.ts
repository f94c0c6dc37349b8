/**
 * Tables of states. A stack's row tells what a list needs without opening a checkpoint. Everything that changes a state
 * changes the stack's row, under the guard of its lease.
 */

export const stateTables = `CREATE TABLE stacks (
     id            TEXT PRIMARY KEY,
     project       TEXT NOT NULL,
     name          TEXT NOT NULL,
     serial        INTEGER NOT NULL,
     digest        TEXT NOT NULL,
     resources     INTEGER NOT NULL,
     pending       INTEGER NOT NULL,
     version       INTEGER NOT NULL,
     active_update TEXT,
     tags          TEXT NOT NULL,
     key           TEXT NOT NULL,
     created_at    TEXT NOT NULL,
     updated_at    TEXT,
     UNIQUE (project, name)
   );
   CREATE TABLE checkpoints (
     stack       TEXT NOT NULL REFERENCES stacks (id),
     serial      INTEGER NOT NULL,
     digest      TEXT NOT NULL,
     size        INTEGER NOT NULL,
     encoding    TEXT NOT NULL,
     bytes       BLOB NOT NULL,
     resources   INTEGER NOT NULL,
     reason      TEXT NOT NULL,
     update_id   TEXT,
     created_at  TEXT NOT NULL,
     PRIMARY KEY (stack, serial)
   );
   CREATE TABLE updates (
     id          TEXT PRIMARY KEY,
     stack       TEXT NOT NULL REFERENCES stacks (id),
     version     INTEGER NOT NULL,
     kind        TEXT NOT NULL,
     status      TEXT NOT NULL,
     scope       TEXT NOT NULL,
     fence       INTEGER NOT NULL,
     operation   TEXT NOT NULL,
     base_serial INTEGER NOT NULL,
     serial      INTEGER,
     about       TEXT NOT NULL,
     changes     TEXT,
     started_at  TEXT NOT NULL,
     ended_at    TEXT,
     UNIQUE (stack, version)
   );
   CREATE TABLE journal (
     update_id   TEXT NOT NULL REFERENCES updates (id),
     batch       INTEGER NOT NULL,
     bytes       BLOB NOT NULL,
     PRIMARY KEY (update_id, batch)
   );
   CREATE TABLE engine_events (
     update_id   TEXT NOT NULL REFERENCES updates (id),
     part        INTEGER NOT NULL,
     bytes       BLOB NOT NULL,
     PRIMARY KEY (update_id, part)
   );`;
