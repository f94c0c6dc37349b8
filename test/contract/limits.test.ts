import { describe, expect, it } from "vitest";
import type { Properties } from "../../src/values/value.ts";
import { limitGroups } from "../../stacks/limits/groups.ts";
import type { Limit } from "../../stacks/limits/limit.ts";
import { aboutOf, CaseWorld } from "./case-world.ts";
import { notAsked, type Probe, probes } from "./limit-probes.ts";
import { modelCases } from "./simulator-cases.ts";

const limits = new Map(
  limitGroups.flatMap((group) =>
    Object.entries(group.limits).map(([name, limit]) => [`${group.id}.${name}`, limit]),
  ),
);

/** Values that validation lets through, and the nearest that it refuses. */
function valuesOf(limit: Limit, { values }: Probe): NonNullable<Probe["values"]> {
  if (values !== undefined) return values;
  if ("from" in limit) return { good: [limit.from, limit.to], bad: [limit.from - 1, limit.to + 1] };
  if ("most" in limit) return { good: [limit.most], bad: [limit.most + 1] };
  if ("least" in limit) return { good: [limit.least], bad: [limit.least - 1] };
  return "oneOf" in limit ? { good: limit.oneOf, bad: ["no-such-value"] } : { good: [], bad: [] };
}

function findCase(name: string) {
  for (const [cloud, cases] of Object.entries(modelCases)) {
    const found = cases[name];
    if (found !== undefined) return { cloud, ...found };
  }
  throw new Error(`there is no case "${name}"`);
}

/** What the simulated cloud has against a value; undefined where it takes it. */
async function ask(probe: Probe, value: unknown): Promise<string | undefined> {
  await using world = await CaseWorld.open();
  const { cloud, type, needs = [], inputs } = findCase(probe.of);
  const place = await world.prepare(cloud, needs);
  const laidOver: Properties = { ...inputs(world.ref), ...probe.inputs(value as never, world.ref) };
  const given = Object.entries(laidOver).filter(([, each]) => each !== undefined);
  return await world.make(aboutOf(probe.of, type, place), Object.fromEntries(given)).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function differences(id: string, probe: Probe): Promise<readonly string[]> {
  const limit = limits.get(id);
  if (limit === undefined) throw new Error(`there is no limit "${id}"`);
  const { good, bad } = valuesOf(limit, probe);
  const found: string[] = [];
  for (const value of good) {
    const refusal = await ask(probe, value);
    if (refusal !== undefined) found.push(`${id}: ${String(value)} is refused: ${refusal}`);
  }
  for (const value of bad) {
    if ((await ask(probe, value)) === undefined) found.push(`${id}: ${String(value)} is taken`);
  }
  return found;
}

describe("the limits that documents are held to", () => {
  it("are those of the simulated clouds, but for these", async () => {
    const found: string[] = [];
    for (const [id, probe] of Object.entries(probes)) found.push(...(await differences(id, probe)));
    expect(found).toEqual([
      // RDS takes them under Extended Support, at a price; new databases are not begun on them.
      "aws.rds.endedMajors: 11 is taken",
      "aws.rds.endedMajors: 12 is taken",
      "aws.rds.endedMajors: 13 is taken",
    ]);
  });

  it("are all asked of the simulated clouds, but for advice and for what they do not know", () => {
    const unasked = [...limits.keys()].filter((id) => probes[id] === undefined);
    expect(unasked.sort()).toEqual(Object.keys(notAsked).sort());
  });

  it("name their source and the day of the last look", () => {
    for (const [id, { source, asOf, what }] of limits) {
      for (const url of [source].flat()) expect(URL.canParse(url), id).toBe(true);
      expect(asOf, id).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(what, id).not.toBe("");
    }
  });
});
