/** Versions of terrane and of what it stands on, read from package manifests; loads none of them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { pinnedEngineVersion } from "../engine/version.ts";

const require = createRequire(import.meta.url);
const manifestSchema = z.object({ version: z.string() });

/** Packages whose version can change what a program makes. */
const sdks = ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/gcp", "@pulumi/kubernetes"] as const;

export function terraneVersion(): string {
  return readVersion(new URL("../../package.json", import.meta.url));
}

/** SDK → version; what is not installed is left out. */
export function sdkVersions(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sdks.flatMap((name) => {
      const manifest = findManifest(name);
      return manifest === undefined ? [] : [[name, readVersion(manifest)]];
    }),
  );
}

/** Everything that decides what a plan means. */
export function planVersions(): Readonly<Record<string, string>> {
  return { terrane: terraneVersion(), engine: pinnedEngineVersion, ...sdkVersions() };
}

function findManifest(name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, "package.json");
    try {
      readFileSync(manifest);
      return manifest;
    } catch {
      // Not in this folder: look in the next one.
    }
  }
  return undefined;
}

function readVersion(manifest: string | URL): string {
  return manifestSchema.parse(JSON.parse(readFileSync(manifest, "utf8"))).version;
}
