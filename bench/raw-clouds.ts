/** What the plain Automation API is measured with: the simulated clouds, state in files, a home of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type LocalWorkspaceOptions, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { findEngine } from "../src/engine/find.ts";
import type { PlatformContext } from "../src/platform/context.ts";
import { openClouds } from "../src/simulator/clouds.ts";
import { startProviders } from "../src/simulator/provider/server.ts";

export interface RawClouds extends AsyncDisposable {
  /** Gone afterwards. */
  readonly folder: string;
  /** Only what keeps the comparison fair is set: the simulated providers, and no download of plugins. */
  readonly options: LocalWorkspaceOptions & { readonly envVars: Record<string, string> };
}

export async function openRawClouds(context: PlatformContext): Promise<RawClouds> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-raw-"));
  const clouds = await openClouds(join(folder, "clouds.sqlite"), { now: context.now });
  const providers = await startProviders(clouds);
  const found = await findEngine({ home: context.home, path: context.environment["PATH"] });
  const pulumiCommand = await PulumiCommand.get({ root: join(found.command, "..", "..") });
  return {
    folder,
    options: {
      pulumiHome: join(folder, "home"),
      pulumiCommand,
      envVars: {
        PULUMI_BACKEND_URL: pathToFileURL(folder).href,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: Object.entries(providers.ports)
          .map(([name, port]) => `${name}:${port}`)
          .join(","),
      },
    },
    [Symbol.asyncDispose]: async () => {
      await providers.close();
      await clouds[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
