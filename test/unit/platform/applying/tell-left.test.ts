import { expect, it } from "vitest";
import type { Change } from "../../../../src/platform/applying/change.ts";
import { tellLeft } from "../../../../src/platform/applying/tell-left.ts";
import { simulatedInventory } from "../../../../src/platform/recovery/simulated-inventory.ts";
import { openMemoryClouds } from "../../../../src/simulator/clouds.ts";
import { resourceTag } from "../../../../src/values/tags.ts";
import { virginia } from "../../simulator/world.ts";

const type = "aws:ec2/vpc:Vpc";
const environment = { name: "shop", incarnation: "0123abcd" };

async function toldWith(inventory: Change["inventory"]): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  const emit = (event: unknown) => told.push(event);
  await tellLeft({ graph: { environment, stacks: [] }, inventory, emit } as unknown as Change);
  return told;
}

it("names what the clouds still hold of an environment that is gone, and says nothing of other lives", async () => {
  await using clouds = await openMemoryClouds();
  const inventory = simulatedInventory(async () => clouds);
  const make = async (name: string, incarnation: string, byProgram: boolean) => {
    const urn = `urn:pulumi:shop.virginia.network::terrane::${type}::${name}`;
    const own = byProgram ? { "terrane:resource": resourceTag(urn) } : {};
    const tags = { "terrane:environment": "shop", "terrane:incarnation": incarnation, ...own };
    const inputs = { cidrBlock: "10.0.0.0/16", tags };
    return (await clouds.create({ urn, type, place: virginia, inputs })).id;
  };
  await make("older", "89ef0123", true);
  expect(await toldWith(inventory)).toEqual([]);
  const [own, alien] = [await make("own", "0123abcd", true), await make("alien", "0123abcd", false)];
  expect(await toldWith(inventory)).toMatchObject([
    {
      severity: "warning",
      message: `the cloud still holds 2 of shop: Vpc ${own}, Vpc ${alien}, made by others. \`terrane cloud ls --environment shop\` shows them.`,
    },
  ]);
});

it("says of live clouds that they were not asked", async () => {
  expect(await toldWith(undefined)).toMatchObject([
    {
      severity: "info",
      message: expect.stringContaining("live clouds still hold something of shop was not asked"),
    },
  ]);
});
