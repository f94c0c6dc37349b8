/** A world for tests of the simulated clouds: the real engine, a state in a temporary folder, providers attached to it. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { openEngineHome } from "../../src/engine/engine-home.ts";
import { type Clouds, type CloudsOptions, openClouds } from "../../src/simulator/clouds.ts";
import type { FaceOptions } from "../../src/simulator/provider/face.ts";
import { type RunningProviders, startProviders } from "../../src/simulator/provider/server.ts";

export interface World {
  readonly clouds: Clouds;
  readonly folder: string;
  /** A stack whose program can be replaced between calls. */
  stack(name: string, program: () => Promise<Record<string, unknown> | undefined>): Promise<Stack>;
  close(): Promise<void>;
}

const engineRoot = join(process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane"), "engine", "3.250.0");

export async function openWorld(
  options: FaceOptions = {},
  cloudOptions: Partial<CloudsOptions> = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "terrane-world-"));
  const clouds = await openClouds(join(folder, "clouds.db"), {
    now: () => new Date("2026-11-21T12:00:00Z"),
    ...cloudOptions,
  });
  const providers: RunningProviders = await startProviders(clouds, options);
  const command = await PulumiCommand.get({ root: engineRoot });
  mkdirSync(join(folder, "state"));
  const environment = {
    PULUMI_DEBUG_PROVIDERS: Object.entries(providers.ports)
      .map(([name, port]) => `${name}:${port}`)
      .join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_HOME: await openEngineHome(join(folder, "home")),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
  };
  return {
    clouds,
    folder,
    stack: (name, program) =>
      LocalWorkspace.createOrSelectStack(
        { stackName: name, projectName: "terrane", program },
        { pulumiCommand: command, workDir: mkdtempSync(join(folder, "work-")), envVars: environment },
      ),
    close: async () => {
      await providers.close();
      await clouds.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
