/** P1, P2, P3, P9: one environment of several stacks beside the raw Automation API. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { StackOutputs } from "../src/model/spec.ts";
import { openProject } from "../src/platform/project/open-project.ts";
import { prepare } from "../src/platform/project/prepare.ts";
import { upEnvironment } from "../src/platform/up.ts";
import { renderEnvironment } from "../src/render/render.ts";
import { openMemoryClouds } from "../src/simulator/clouds.ts";
import { makeMocks } from "../src/simulator/mocks.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";
import { type BenchRow, type Cost, figureRow, measure, median, ratioRow } from "./measure.ts";
import { openRaw } from "./raw.ts";
import { environmentName, makeWorld, type World } from "./world.ts";

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

/** What is measured one after the other in one world. */
type Measured = Readonly<Record<string, Cost>>;

async function up(
  packs: readonly string[],
  then: (world: World) => Promise<Measured> = async () => ({}),
): Promise<Measured> {
  await using world = await makeWorld(packs);
  const up = await measure(async () => {
    const result = await upEnvironment(world.context, environmentName, {
      emit: () => {},
      signal: new AbortController().signal,
      startedBy: "bench",
      confirm: async () => true,
    });
    if (result.result !== "succeeded") throw new Error(`up ended as ${result.result}`);
  });
  return { up, ...(await then(world)) };
}

/** As a user has it: a process of the command line each, node's start included. */
async function unchanged(world: World): Promise<Measured> {
  const entry = fileURLToPath(new URL("../bin/terrane.js", import.meta.url));
  const command = (...args: string[]) =>
    measure(() =>
      promisify(execFile)(process.execPath, [entry, "-C", world.context.dir, ...args, environmentName]),
    );
  // The first one fills node's compile cache.
  await command("plan");
  return { plan: await command("plan"), upAgain: await command("up", "--yes") };
}

async function raw(act: (run: Awaited<ReturnType<typeof openRaw>>) => Promise<Measured>): Promise<Measured> {
  await using world = await makeWorld();
  await using run = await openRaw(world, await graphOf(world));
  return await act(run);
}

const contenders = [
  "raw preview",
  "render",
  "raw up",
  "raw no-op up",
  "up",
  "unchanged plan",
  "unchanged up",
  "up without policies",
] as const;

type Contender = (typeof contenders)[number];
type Costs = ReadonlyMap<Contender, Cost[]>;

export async function benchEnvironment(rounds: number): Promise<BenchRow[]> {
  await using world = await makeWorld();
  const warm = await render(world);
  const resources = warm.result.reduce((sum, stack) => sum + stack.resources.length, 0);
  const costs: Costs = new Map(contenders.map((name) => [name, []]));
  const take = (name: Contender, cost: Cost | undefined) => {
    if (cost === undefined) throw new Error(`${name} was not measured`);
    costs.get(name)?.push(cost);
    process.stderr.write(`  ${name}: ${cost.wall.toFixed(2)} s, ${cost.cpu.toFixed(2)} CPU s\n`);
  };
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    const previewed = await raw(async (run) => ({
      preview: await measure(() => run.preview(warm.outputs)),
    }));
    take("raw preview", previewed["preview"]);
    take("render", await render(world));
    const rawUps = await raw(async (run) => ({
      first: await measure(() => run.up()),
      again: await measure(() => run.up()),
    }));
    take("raw up", rawUps["first"]);
    take("raw no-op up", rawUps["again"]);
    const ours = await up(["baseline"], unchanged);
    take("up", ours["up"]);
    take("unchanged plan", ours["plan"]);
    take("unchanged up", ours["upAgain"]);
    take("up without policies", (await up([]))["up"]);
  }
  const rows = toRows(costs, resources);
  return rows;
}

function toRows(costs: Costs, resources: number): BenchRow[] {
  const all = (name: Contender, figure: keyof Cost) => (costs.get(name) ?? []).map((cost) => cost[figure]);
  const ratio = (a: Contender, b: Contender, figure: keyof Cost = "wall") => {
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
    ratioRow(
      "P2.plan",
      "plan of what is unchanged / raw no-op up",
      ratio("unchanged plan", "raw no-op up"),
      0.15,
    ),
    ratioRow("P2", "up of what is unchanged / raw no-op up", ratio("unchanged up", "raw no-op up"), 0.15),
    ratioRow("P2.cpu", "the same, CPU", ratio("unchanged up", "raw no-op up", "cpu"), 0.15),
    ratioRow("P3", "up, its plan included / raw up", ratio("up", "raw up"), 0.7),
    ratioRow("P3.cpu", "the same, CPU", ratio("up", "raw up", "cpu"), 0.7),
    ratioRow("P9", "up with policies inside the engine / without", ratio("up", "up without policies"), 1.15),
  ];
}
