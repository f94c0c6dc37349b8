/** Tables of the audit: rows that are only ever added, and the head that says which of them is the last. */

/** The hash before the first row. */
export const noHash = "0".repeat(64);

/** `audit_older` names the rows that were there before the audit: no record says what they were. */
export const auditTables = `CREATE TABLE audit (
     seq         INTEGER PRIMARY KEY,
     at          TEXT NOT NULL,
     who         TEXT NOT NULL,
     what        TEXT NOT NULL,
     environment TEXT,
     stack       TEXT,
     operation   TEXT,
     details     TEXT NOT NULL,
     previous    TEXT NOT NULL,
     hash        TEXT NOT NULL
   );
   CREATE INDEX audit_by_environment ON audit (environment, seq);
   CREATE TABLE audit_head (
     name TEXT PRIMARY KEY,
     seq  INTEGER NOT NULL,
     hash TEXT NOT NULL
   );
   INSERT INTO audit_head (name, seq, hash) VALUES ('audit', 0, '${noHash}');
   CREATE TABLE audit_older (
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     PRIMARY KEY (kind, name)
   );
   INSERT INTO audit_older (kind, name) SELECT 'operation', id FROM operations;
   INSERT INTO audit_older (kind, name) SELECT 'environment', name FROM environments;
   INSERT INTO audit_older (kind, name) SELECT 'stack', project || '/' || name FROM stacks;`;
