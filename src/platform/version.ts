/** What runs here: terrane, Node, engine, SDKs. */
import { findEngine } from "../engine/find.ts";
import { pinnedEngineVersion } from "../engine/version.ts";
import { TerraneError } from "../errors.ts";
import type { VersionReport } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { sdkVersions, terraneVersion } from "./versions.ts";

/** Never fails for want of an engine: then `engine.found` is absent. */
export async function readVersion(context: PlatformContext): Promise<VersionReport> {
  const engine = await findEngine({ home: context.home, path: context.environment["PATH"] }).catch(
    (error: unknown) => {
      if (error instanceof TerraneError) return undefined;
      throw error;
    },
  );
  return {
    terrane: terraneVersion(),
    node: process.versions.node,
    engine: {
      pinned: pinnedEngineVersion,
      ...(engine === undefined ? {} : { found: engine.version, path: engine.command }),
    },
    sdks: sdkVersions(),
  };
}
