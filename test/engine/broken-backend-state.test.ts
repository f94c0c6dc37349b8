/** States in another Pulumi backend that somebody broke: told in one line, whatever the engine says of itself. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planEnvironment } from "../../src/platform/plan.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { makeShop } from "../support/backend-shop.ts";
import { applying } from "../support/project.ts";

interface Resource {
  urn: string;
  type: string;
  id?: string;
}

let folder: string;
let shop: Awaited<ReturnType<typeof makeShop>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrane-backend-"));
  shop = await makeShop(pathToFileURL(folder).href);
  await upEnvironment(shop.context, "shop", applying());
});
afterEach(async () => {
  await shop.project[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function change(edit: (provider: Resource, resources: Resource[]) => void): Promise<void> {
  const file = join(folder, ".pulumi", "stacks", "terrane", "shop.virginia.network.json");
  const state = JSON.parse(await readFile(file, "utf8"));
  const resources: Resource[] = state.checkpoint.latest.resources;
  const provider = resources.find(({ type }) => type.startsWith("pulumi:providers:"));
  if (provider === undefined) throw new Error("the state has no provider");
  edit(provider, resources);
  await writeFile(file, JSON.stringify(state));
}

const plan = () => planEnvironment(shop.context, "shop", applying({ full: true }));

test("a provider that others need and that has no id makes it a corrupt state", async () => {
  await change((provider) => {
    delete provider.id;
  });
  await expect(plan()).rejects.toMatchObject({
    code: "state-corrupt",
    message: expect.stringMatching(/^shop\.virginia\.network: resource \S+ refers to unknown provider \S+$/),
  });
});

test("a provider that nobody needs and that has no id brings the engine down, which says why", async () => {
  await change((provider, resources) => {
    const { id: _id, ...lost } = provider;
    resources.push({ ...lost, urn: provider.urn.replace(/::virginia$/, "::lost") });
  });
  await expect(plan()).rejects.toMatchObject({
    code: "engine-died",
    message:
      "shop.virginia.network: the engine crashed: A precondition has failed for old: must have an ID if it is a custom resource",
  });
});
