/** The URL of a Pulumi backend, as a person writes it. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { hideCredentials } from "../../engine/backend-cli.ts";
import { TerraneError } from "../../errors.ts";

const schemes = ["file:", "s3:", "gs:", "azblob:", "postgres:", "https:", "http:"];

/**
 * @param folder that a relative path starts from: the engine would take it from its own
 * @param home what `~` stands for
 * @throws TerraneError `bad-url`
 */
export function backendUrl(text: string, folder: string, home: string | undefined): string {
  const path = /^file:\/\/(?!\/)(.*)$/.exec(text)?.[1];
  if (path !== undefined) return pathToFileURL(resolve(folder, path.replace(/^~/, home ?? "~"))).href;
  // The engine knows one of PostgreSQL's two names.
  if (text.startsWith("postgresql:")) return text.replace("postgresql:", "postgres:");
  if (URL.canParse(text) && schemes.includes(new URL(text).protocol)) return text;
  throw new TerraneError("bad-url", `${hideCredentials(text)} is no Pulumi backend`, {
    next: `Write one of ${schemes.map((each) => `${each}//…`).join(", ")}.`,
  });
}
