/** Writes to a database until its disk is full, then tells what happened and what is there. `argv[2]`: the file. */
import { TerraneError } from "../../../src/errors.ts";
import { openDatabase } from "../../../src/sql/open.ts";

const path = process.argv[2] ?? "";
const migrations = ["CREATE TABLE chunks (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"];
const chunk = new Uint8Array(40_000).fill(7);
const read = "SELECT count(*) AS count, min(length(bytes)) AS least FROM chunks";

const database = await openDatabase({ path, migrations });
let acknowledged = 0;
let refusal: unknown;
while (refusal === undefined && acknowledged < 10_000) {
  const insert = {
    sql: "INSERT INTO chunks (number, bytes) VALUES (?, ?)",
    parameters: [acknowledged, chunk],
  };
  await database.write([insert]).then(
    () => {
      acknowledged += 1;
    },
    (error: unknown) => {
      refusal = error;
    },
  );
}
const [during] = await database.read(read);
await database.close();
const again = await openDatabase({ path, migrations });
const [after] = await again.read(read);
const [integrity] = await again.read("PRAGMA integrity_check");
const code = refusal instanceof TerraneError ? refusal.code : String(refusal);
const message = refusal instanceof TerraneError ? refusal.message : "";
process.stdout.write(JSON.stringify({ acknowledged, code, message, during, after, integrity }));
