/** Where the ledger's database is: a file of the project, or a server whose URL is read where it is kept. */
import { resolve } from "node:path";
import { TerraneError } from "../../errors.ts";
import type { Project } from "../../model/documents.ts";
import type { DatabaseLocation } from "../../sql/database.ts";
import { type DatabaseUrl, parseDatabaseUrl } from "../../values/database-url.ts";
import { Secret } from "../../values/secret.ts";
import { placeOfSecret, readSecret, type SecretSources } from "../project/secret-parameters.ts";

/** @throws TerraneError `bad-url`, `bad-secret-reference` */
export async function ledgerLocation(project: Project, sources: SecretSources): Promise<DatabaseLocation> {
  const { path, url } = project.ledger;
  if (url === undefined) return { path: resolve(sources.root, path) };
  const text = typeof url === "string" ? url : (await readSecret(url, sources)).reveal();
  const parsed = parseDatabaseUrl(text);
  if (!parsed.ok) {
    const { message, allowed } = parsed.refusal;
    const place = typeof url === "string" ? "terrane.yaml" : placeOfSecret(url);
    throw new TerraneError("bad-url", `the ledger's URL in ${place} cannot be used: ${message}`, {
      next: `Write it so: ${allowed}`,
    });
  }
  return { url: withPassword(parsed.url, sources.environment["PGPASSWORD"]) };
}

/** A password outside the URL stands where every client of PostgreSQL looks for it. */
function withPassword(url: DatabaseUrl, password: string | undefined): DatabaseUrl {
  return url.password !== undefined || password === undefined || password === ""
    ? url
    : { ...url, password: new Secret(password) };
}
