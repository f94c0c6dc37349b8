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
