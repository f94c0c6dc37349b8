/** The stacks of `queues.ts` by the plain Automation API: an inline program each, state in files. */
import { Provider } from "@pulumi/aws/provider.js";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { makeQueues, makeQueueWorld } from "./queues.ts";
import { openRawClouds } from "./raw-clouds.ts";

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
  const world = await makeQueueWorld(stacks, count);
  const raw = await openRawClouds(world.context);
  const { options } = raw;
  const skipping = checkpoints ? {} : { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
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
      { ...options, envVars: { ...options.envVars, ...skipping } },
    );
  return {
    preview: async (index) => void (await (await open(index)).preview()),
    up: async (index) => void (await (await open(index)).up()),
    [Symbol.asyncDispose]: async () => {
      await raw[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}
