/** Tables of what wraps the state's data keys. The keys themselves stand in the rows of their stacks. */

export const keyTables = `CREATE TABLE key_wrappers (
     id          TEXT PRIMARY KEY,
     status      TEXT NOT NULL,
     kind        TEXT NOT NULL,
     parameters  TEXT NOT NULL,
     probe       BLOB NOT NULL,
     changed_at  TEXT NOT NULL
   );
   CREATE UNIQUE INDEX key_wrappers_active ON key_wrappers (status) WHERE status <> 'retired';`;

/** One rotation of data keys at a time is open; whoever rotates goes on with it. */
export const keyRotationTables = `CREATE TABLE key_rotations (
     id          TEXT PRIMARY KEY,
     status      TEXT NOT NULL,
     started_at  TEXT NOT NULL,
     ended_at    TEXT
   );
   CREATE UNIQUE INDEX key_rotations_open ON key_rotations (status) WHERE status = 'open';`;
