/** What is used, kept and free of the address pools, out of the ledger. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { AddressPlanReport } from "../../../src/blueprint/address-report.ts";
import { thisProcess } from "../../../src/ledger/holder.ts";
import { Ledger } from "../../../src/ledger/ledger.ts";
import { addressPoolSchema } from "../../../src/model/documents.ts";
import { readAddressReport } from "../../../src/platform/addresses.ts";
import { makeProject } from "../../support/project.ts";

it("a pool counts each address once, whoever shares it, and what is kept apart from what is used", () => {
  const pool = addressPoolSchema.parse({
    apiVersion: "terrane.dev/v1",
    kind: "AddressPool",
    metadata: { name: "main" },
    reserved: ["10.8.0.0/24"],
    blocks: [{ purpose: ["services"], prefixes: ["10.8.0.0/22"] }],
  });
  const report = new AddressPlanReport([pool]);
  const blocks = [
    { block: "10.8.1.0/24", purpose: "services" },
    { block: "10.8.1.0/25", purpose: "services" },
    { block: "10.8.0.128/25", purpose: "network" },
  ] as const;
  expect(report.pools(blocks)).toMatchObject([
    { pool: "main", range: "10.8.0.0/22", addresses: 1024, used: 384, reserved: 128, free: 512 },
  ]);
  expect(report.poolOf("10.8.1.0/24", "services")).toEqual({ pool: "main", range: "10.8.0.0/22" });
  expect(report.poolOf("10.8.1.0/24", "network")).toBeUndefined();
});

it("blocks that are held for an up say so, in the order of their addresses", async () => {
  await using project = await makeProject({});
  await using ledger = await Ledger.open(join(project.dir, ".terrane/ledger.sqlite"));
  const holder = thisProcess("tester", project.context.now());
  const blocks = [
    { key: "vpc@virginia", block: "10.10.0.0/16", purpose: "network" as const },
    { key: "cluster@virginia/serviceRange", block: "172.20.0.0/16", purpose: "services" as const },
    { key: "vpc@ohio", block: "10.9.0.0/16", purpose: "network" as const },
  ];
  await ledger.holdAddresses(
    { hold: "hold-1", environment: "shop", blocks, holder },
    await ledger.readAddresses(),
  );
  const report = await readAddressReport(project.context);
  expect(report.blocks).toMatchObject([
    {
      block: "10.9.0.0/16",
      environment: "shop",
      component: "vpc",
      site: "ohio",
      pool: "default",
      state: "held",
    },
    { block: "10.10.0.0/16", addresses: 65_536 },
    { block: "172.20.0.0/16", component: "cluster", field: "serviceRange", purpose: "services" },
  ]);
  expect(report.pools.map((pool) => [pool.range, pool.used])).toEqual([
    ["10.0.0.0/9", 2 * 65_536],
    ["172.20.0.0/14", 65_536],
  ]);
});
