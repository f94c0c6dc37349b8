/** A process of its own for the database tests: told by its arguments to count, to migrate, or to hold a transaction. */
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../src/sql/database.ts";

const [task, path, amount] = process.argv.slice(2) as [string, string, string];
const migrations = ["CREATE TABLE counter (value INTEGER NOT NULL); INSERT INTO counter VALUES (0)"];

if (task === "count") {
  const database = await openDatabase({ path, migrations });
  for (let index = 0; index < Number(amount); index += 1) {
    await database.write([{ sql: "UPDATE counter SET value = value + 1", expect: 1 }]);
  }
  await database.close();
} else {
  // Holds the write lock with half a change written, until it is killed.
  const connection = new DatabaseSync(path);
  connection.exec("BEGIN IMMEDIATE; PRAGMA cache_size = 1");
  connection.exec("UPDATE counter SET value = 999; CREATE TABLE half (text TEXT)");
  for (let row = 0; row < 200; row += 1) connection.exec(`INSERT INTO half VALUES ('${"x".repeat(4000)}')`);
  process.stdout.write("holding\n");
  setInterval(() => undefined, 1000);
}
