/** The tables of the simulated clouds. A migration, once released, is never edited: add the next number. */

export const cloudMigrations: readonly string[] = [
  `CREATE TABLE objects (
     key        INTEGER PRIMARY KEY AUTOINCREMENT,
     cloud      TEXT NOT NULL,
     account    TEXT NOT NULL,
     region     TEXT NOT NULL,
     type       TEXT NOT NULL,
     id         TEXT NOT NULL,
     name       TEXT NOT NULL,
     urn        TEXT NOT NULL,
     owner      INTEGER,
     created_at TEXT NOT NULL,
     inputs     TEXT NOT NULL,
     outputs    TEXT NOT NULL
   );
   CREATE UNIQUE INDEX objects_by_place ON objects (cloud, account, region, type, id);
   CREATE INDEX objects_by_owner ON objects (owner) WHERE owner IS NOT NULL;
   CREATE TABLE aliases (
     place TEXT NOT NULL,
     type  TEXT NOT NULL,
     value TEXT NOT NULL,
     key   INTEGER NOT NULL,
     PRIMARY KEY (place, type, value, key)
   ) WITHOUT ROWID;
   CREATE INDEX aliases_by_key ON aliases (key);
   CREATE TABLE refs (
     source    INTEGER NOT NULL,
     target    INTEGER NOT NULL,
     input     TEXT NOT NULL,
     on_delete TEXT NOT NULL,
     PRIMARY KEY (source, target, input)
   ) WITHOUT ROWID;
   CREATE INDEX refs_by_target ON refs (target);
   CREATE TABLE incarnations (
     place TEXT NOT NULL,
     urn   TEXT NOT NULL,
     count INTEGER NOT NULL,
     PRIMARY KEY (place, urn)
   ) WITHOUT ROWID;
   CREATE TABLE clock (
     operation TEXT NOT NULL,
     key       INTEGER NOT NULL,
     ends      REAL NOT NULL,
     PRIMARY KEY (operation, key)
   ) WITHOUT ROWID;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  // What was drawn for an object hangs on the URN it was made under and on how many were made under it before.
  `ALTER TABLE objects ADD COLUMN life INTEGER NOT NULL DEFAULT 0;
   UPDATE objects SET life = COALESCE(
     (SELECT count - 1 FROM incarnations
       WHERE place = cloud || '|' || account || '|' || region AND incarnations.urn = objects.urn), 0);`,
];
