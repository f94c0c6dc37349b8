/**
 * `npm run bench [-- --json FILE] [--rounds N]`: terrane beside the raw Automation API, interleaved in one run.
 * A figure that misses its target is shown as missed; nothing here is a test.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { StackOutputs } from "../src/model/spec.ts";
import { openProject } from "../src/platform/open-project.ts";
import { prepare } from "../src/platform/prepare.ts";
import { upEnvironment } from "../src/platform/up.ts";
import { renderEnvironment } from "../src/render/render.ts";
import { openMemoryClouds } from "../src/simulator/clouds.ts";
import { makeMocks } from "../src/simulator/mocks.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";
import { benchLatency } from "./latency.ts";
import { type BenchRow, type Cost, figureRow, measure, median, ratioRow } from "./measure.ts";
import { openRaw } from "./raw.ts";
import { benchStartup } from "./startup.ts";
import { environmentName, makeWorld, type World } from "./world.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, rounds: { type: "string", default: "3" } },
});

async function graphOf(world: World) {
  await using project = await openProject(world.context);
  return (await prepare(project, environmentName)).graph;
}

async function render(world: World) {
  const graph = await graphOf(world);
  await using clouds = await openMemoryClouds();
  const measured = await measure(() =>
    renderEnvironment(graph, {
      mocks: (stack) => makeMocks(clouds, { stack, strict: true }),
      makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
      preview: false,
    }),
  );
  return {
    ...measured,
    outputs: new Map(measured.result.map((stack): [string, StackOutputs] => [stack.name, stack.outputs])),
  };
}

async function up(packs: readonly string[]): Promise<Cost> {
  await using world = await makeWorld(packs);
  return await measure(async () => {
    const result = await upEnvironment(world.context, environmentName, {
      emit: () => {},
      signal: new AbortController().signal,
      startedBy: "bench",
      confirm: async () => true,
    });
    if (result.result !== "succeeded") throw new Error(`up ended as ${result.result}`);
  });
}

async function raw(act: (run: Awaited<ReturnType<typeof openRaw>>) => Promise<void>): Promise<Cost> {
  await using world = await makeWorld();
  await using run = await openRaw(world, await graphOf(world));
  return await measure(() => act(run));
}

const contenders = ["raw preview", "render", "raw up", "up", "up without policies"] as const;

async function benchEnvironment(rounds: number): Promise<BenchRow[]> {
  await using world = await makeWorld();
  const warm = await render(world);
  const resources = warm.result.reduce((sum, stack) => sum + stack.resources.length, 0);
  const costs = new Map(contenders.map((name) => [name, [] as Cost[]]));
  const take = async (name: (typeof contenders)[number], cost: Promise<Cost>) => {
    const { wall, cpu } = await cost;
    costs.get(name)?.push({ wall, cpu });
    process.stderr.write(`  ${name}: ${wall.toFixed(2)} s, ${cpu.toFixed(2)} CPU s\n`);
  };
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    await take(
      "raw preview",
      raw((run) => run.preview(warm.outputs)),
    );
    await take("render", render(world));
    await take(
      "raw up",
      raw((run) => run.up()),
    );
    await take("up", up(["baseline"]));
    await take("up without policies", up([]));
  }
  const all = (name: (typeof contenders)[number], figure: keyof Cost) =>
    (costs.get(name) ?? []).map((cost) => cost[figure]);
  const ratio = (
    a: (typeof contenders)[number],
    b: (typeof contenders)[number],
    figure: keyof Cost = "wall",
  ) => {
    const below = all(b, figure);
    return median(all(a, figure).map((value, round) => value / (below[round] ?? Number.NaN)));
  };
  return [
    figureRow(
      "env.resources",
      "resources of the environment, components and providers included",
      resources,
      "resources",
    ),
    ...contenders.flatMap((name) => [
      figureRow(`env.${name.replaceAll(" ", "-")}.wall`, `${name}, wall`, median(all(name, "wall")), "s"),
      figureRow(`env.${name.replaceAll(" ", "-")}.cpu`, `${name}, CPU`, median(all(name, "cpu")), "s"),
    ]),
    ratioRow("P1", "warm render / raw preview", ratio("render", "raw preview"), 0.05),
    ratioRow("P3", "up, its plan included / raw up", ratio("up", "raw up"), 0.7),
    ratioRow("P3.cpu", "the same, CPU", ratio("up", "raw up", "cpu"), 0.7),
    ratioRow("P9", "up with policies inside the engine / without", ratio("up", "up without policies"), 1.15),
  ];
}

function print(rows: readonly BenchRow[]): void {
  console.table(
    rows.map(({ id, what, value, unit, target, met }) => ({
      id,
      what,
      value,
      unit,
      target: target === null ? "" : `≤ ${target}`,
      met: met === null ? "" : met ? "yes" : "MISSED",
    })),
  );
}

await using world = await makeWorld();
const rounds = Number(values.rounds);
const rows = [
  ...(await benchStartup(world)),
  ...(await benchLatency(rounds)),
  ...(await benchEnvironment(rounds)),
];
print(rows);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
