/**
 * A process of its own for the database tests. Arguments: what to do, the place of the database (a path or a URL), how
 * often. `count` adds one that often and prints each number once it is acknowledged; `hold` keeps a change half done
 * until it is killed, or whoever started it is gone; `open` migrates and ends.
 */
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { openDatabase } from "../../src/sql/open.ts";
import { counterMigrations, locationOf } from "../support/database-world.ts";

const [task, place, amount] = process.argv.slice(2) as [string, string, string];

if (task === "hold") await holdHalfDone(place);
else {
  const database = await openDatabase({ ...locationOf(place), migrations: counterMigrations });
  for (let index = 0; index < Number(amount); index += 1) {
    await database.write([{ sql: "UPDATE counter SET value = value + 1", expect: 1 }]);
    process.stdout.write(`${index + 1}\n`);
  }
  await database.close();
}

async function holdHalfDone(where: string): Promise<void> {
  const change = "UPDATE counter SET value = 999";
  let held: DatabaseSync | pg.Client;
  if ("path" in locationOf(where)) {
    const connection = new DatabaseSync(where);
    held = connection;
    // A cache of one page: half a change is in the file itself.
    connection.exec(`BEGIN IMMEDIATE; PRAGMA cache_size = 1; ${change}; CREATE TABLE half (text TEXT)`);
    for (let row = 0; row < 200; row += 1) connection.exec(`INSERT INTO half VALUES ('${"x".repeat(4000)}')`);
  } else {
    const client = new pg.Client(where);
    held = client;
    await client.connect();
    await client.query(`BEGIN; ${change}`);
  }
  process.stdout.write("holding\n");
  // A connection that nothing refers to is collected, and its lock with it. The input ends with whoever started this.
  process.stdin.on("end", () => process.exit(held === undefined ? 1 : 0)).resume();
}
