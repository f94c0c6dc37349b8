/** A look at a server, without touching what it holds. */
import type { DatabaseUrl } from "../../values/database-url.ts";
import { Connection } from "./connection.ts";
import { toTerraneError } from "./failure.ts";

/**
 * Version of the server, as it calls itself: `15.18`.
 * @throws TerraneError `bad-url`, `permission-denied`, `database-unavailable`
 */
export async function serverVersion(url: DatabaseUrl): Promise<string> {
  try {
    const connection = await Connection.open(url);
    try {
      const [row] = await connection.read("SELECT current_setting('server_version') AS version", []);
      const { version } = row as { readonly version: string };
      return version.split(" ")[0] ?? version;
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw toTerraneError(error, url);
  }
}
