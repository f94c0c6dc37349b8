/** What the ledger remembers of states that other backends keep: which it saw last, and where an engine is at work. */

export const backendTables = `CREATE TABLE backend_heads (
     backend   TEXT NOT NULL,
     stack     TEXT NOT NULL,
     serial    INTEGER NOT NULL,
     digest    TEXT NOT NULL,
     noted_at  TEXT NOT NULL,
     PRIMARY KEY (backend, stack, serial)
   );
   CREATE TABLE backend_work (
     backend   TEXT NOT NULL,
     stack     TEXT NOT NULL,
     PRIMARY KEY (backend, stack)
   );`;
