/** Which addresses there are, whose they are, and what is left. Starts no engine. */
import { AddressPlanReport } from "../blueprint/address-report.ts";
import type { EnvironmentRecord, TakenBlock } from "../model/record.ts";
import { parseCidr } from "../values/cidr.ts";
import type { AddressBlockReport, AddressReport } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";

/**
 * Pools with what is used of them, and every block, of one environment where it is named.
 * @throws TerraneError `document-not-found`, `document-invalid`
 */
export async function readAddressReport(
  context: PlatformContext,
  nameOrFile?: string,
): Promise<AddressReport> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const [{ blocks }, records] = await Promise.all([ledger.readAddresses(), ledger.listEnvironments()]);
  const byName = new Map(records.map((record) => [record.name, record]));
  const isKnown = nameOrFile === undefined || byName.has(nameOrFile);
  const environment = isKnown ? nameOrFile : project.pick(nameOrFile).name;
  const report = new AddressPlanReport(project.addressPools.map((pool) => pool.document));
  // What an up of an environment holds again is its own already.
  const unique = [...new Map(blocks.map((block) => [`${block.owner} ${block.block}`, block])).values()];
  const described = unique
    .map((block) => describe(block, byName, report))
    .sort((left, right) => addressOf(left.block) - addressOf(right.block));
  return {
    ...(environment === undefined ? {} : { environment }),
    pools: report.pools(blocks),
    blocks: described,
  };
}

function addressOf(block: string): number {
  const parsed = parseCidr(block);
  return parsed.ok ? parsed.cidr.base : 0;
}

function describe(
  { owner, block, purpose }: TakenBlock,
  records: ReadonlyMap<string, EnvironmentRecord>,
  report: AddressPlanReport,
): AddressBlockReport {
  const [environment = "", address = "", field] = owner.split("/");
  const [component = "", site = ""] = address.split("@");
  const record = records.get(environment);
  const key = owner.slice(environment.length + 1);
  const place = record?.applied?.sites.find((each) => each.name === site);
  const pool = report.poolOf(block, purpose);
  return {
    block,
    purpose,
    environment,
    component,
    site,
    ...(field === undefined ? {} : { field }),
    ...pool,
    ...(record === undefined ? {} : { class: record.class, target: record.target }),
    ...(place === undefined ? {} : { cloud: place.cloud, region: place.region }),
    addresses: report.sizeOf(block),
    state: record?.addresses[key] === block ? "in use" : "held",
  };
}
