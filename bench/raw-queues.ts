/** The stacks of `queues.ts` by the plain Automation API: an inline program each, state in files. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Provider } from "@pulumi/aws/provider.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { findEngine } from "../src/engine/find.ts";
import { openClouds } from "../src/simulator/clouds.ts";
import { startProviders } from "../src/simulator/provider/server.ts";
import { makeQueues, makeQueueWorld } from "./queues.ts";

export interface RawQueues extends AsyncDisposable {
  preview(stack: number): Promise<void>;
  up(stack: number): Promise<void>;
}

/** `checkpoints` false: the engine saves its state once, at the end. What node does is the same. */
export async function openRawQueues(
  stacks: number,
  count: number,
  { checkpoints }: { readonly checkpoints: boolean },
): Promise<RawQueues> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-raw-"));
  const world = await makeQueueWorld(stacks, count);
  const clouds = await openClouds(join(folder, "clouds.sqlite"), { now: world.context.now });
  const providers = await startProviders(clouds);
  const found = await findEngine({ home: world.context.home, path: world.context.environment["PATH"] });
  const pulumiCommand = await PulumiCommand.get({ root: join(found.command, "..", "..") });
  const open = (index: number) =>
    LocalWorkspace.createOrSelectStack(
      {
        projectName: "raw",
        stackName: `queues-${index}`,
        program: async () => {
          const provider = new Provider("aws", { region: "us-east-1" });
          makeQueues("queues", count, { provider });
        },
      },
      {
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
          ...(checkpoints ? {} : { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" }),
        },
      },
    );
  return {
    preview: async (index) => void (await (await open(index)).preview()),
    up: async (index) => void (await (await open(index)).up()),
    [Symbol.asyncDispose]: async () => {
      await providers.close();
      await clouds[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
