/** P4, P5, P12: one stack of many resources; P6: many environments of a few. Each contender in a process of its own. */
import { type AloneCost, runAlone } from "./alone.ts";
import { type BenchRow, type Cost, figureRow, median, ratioRow } from "./measure.ts";
import { applyTofu, findTofu, planTofu } from "./tofu.ts";

export interface ScaleOptions {
  readonly rounds: number;
  /** Resources of the small stack and of the large one. */
  readonly sizes: readonly [number, number];
  readonly environments: number;
  readonly each: number;
  /** At once, ours and theirs. */
  readonly limit: number;
}

function note(what: string, { wall, cpu, peak }: Cost & { peak?: number }): void {
  const memory = peak === undefined ? "" : `, ${Math.round(peak)} MB`;
  process.stderr.write(`  ${what}: ${wall.toFixed(2)} s, ${cpu.toFixed(2)} CPU s${memory}\n`);
}

function taken<C extends Cost>(costs: C[], what: string, cost: C | undefined): void {
  if (cost === undefined) throw new Error(`${what} was not measured`);
  note(what, cost);
  costs.push(cost);
}

export async function benchScale({ rounds, sizes: [small, large] }: ScaleOptions): Promise<BenchRow[]> {
  const tofu = await findTofu();
  const [few, many, stock, theirs] = [[], [], [], []] as [AloneCost[], AloneCost[], AloneCost[], Cost[]];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`one stack, round ${round} of ${rounds}\n`);
    taken(few, `up of ${small}`, (await runAlone("up", small))[0]);
    taken(many, `up of ${large}`, (await runAlone("up", large))[0]);
    if (tofu !== undefined) taken(theirs, `tofu apply of ${large}`, await applyTofu(tofu, large));
    // Once is enough: what node holds does not vary.
    if (round === 1)
      taken(stock, `plain Automation API, up of ${large}`, (await runAlone("rawUp", large))[0]);
  }
  const cpu = (costs: readonly Cost[]) => median(costs.map((each) => each.cpu));
  const peak = (costs: readonly AloneCost[]) => median(costs.map((each) => each.peak));
  return [
    figureRow("P4.small", `up of ${small} resources in one stack, its plan included: CPU`, cpu(few), "s"),
    figureRow("P4.large", `up of ${large}: CPU`, cpu(many), "s"),
    figureRow("P4.wall", `up of ${large}: wall`, median(many.map((each) => each.wall)), "s"),
    ratioRow("P4", `CPU a resource at ${large} / at ${small}`, cpu(many) / large / (cpu(few) / small), 1.5),
    ...(theirs.length === 0
      ? []
      : [
          figureRow("P5.tofu", `OpenTofu, apply of ${large} terraform_data: CPU`, cpu(theirs), "s"),
          ratioRow("P5", `up of ${large} / OpenTofu's apply: CPU`, cpu(many) / cpu(theirs), 3),
        ]),
    figureRow("P12.peak", `node's peak memory in an up of ${large}`, peak(many), "MB"),
    figureRow("P12.stock", "the same with the plain Automation API", peak(stock), "MB"),
    ratioRow("P12", "peak / stock", peak(many) / peak(stock), 0.5),
  ];
}

const kinds = ["plan", "up", "unchanged"] as const;
type Kind = (typeof kinds)[number];

export async function benchMany({ rounds, environments, each, limit }: ScaleOptions): Promise<BenchRow[]> {
  const tofu = await findTofu();
  const ours: Record<Kind, AloneCost[]> = { plan: [], up: [], unchanged: [] };
  const raw: Record<Kind, AloneCost[]> = { plan: [], up: [], unchanged: [] };
  const theirs: Cost[] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`${environments} environments, round ${round} of ${rounds}\n`);
    for (const [name, costs, subject] of [
      ["terrane", ours, "many"],
      ["plain Automation API", raw, "rawMany"],
    ] as const) {
      const measured = await runAlone(subject, environments, each, limit);
      kinds.forEach((kind, index) => taken(costs[kind], `${name}, ${kind}`, measured[index]));
    }
    if (tofu === undefined) continue;
    const plans = await planTofu(tofu, environments, each, [1, 2, 4, 8]);
    const [best] = plans.toSorted((left, right) => left.wall - right.wall);
    taken(theirs, "OpenTofu, best parallel plan", best);
  }
  const wall = (costs: readonly Cost[]) => median(costs.map((cost) => cost.wall));
  const ratio = (kind: Kind) => wall(ours[kind]) / wall(raw[kind]);
  const what = `${environments} × ${each} resources, ${limit} at once`;
  return [
    ...kinds.flatMap((kind) => [
      figureRow(`P6.${kind}.wall`, `${what}: ${kind}`, wall(ours[kind]), "s"),
      figureRow(`P6.${kind}.raw`, "the same by the plain Automation API", wall(raw[kind]), "s"),
    ]),
    ratioRow("P6.first-plan", "first plans / raw previews", ratio("plan"), 0.6),
    ratioRow("P6.first-up", "first ups, their plans included / raw ups", ratio("up"), 0.6),
    theirs.length === 0
      ? ratioRow("P6", "all planned, unchanged / raw previews", ratio("unchanged"), 0.1)
      : ratioRow(
          "P6",
          "all planned, unchanged / OpenTofu's best parallel plan",
          wall(ours.unchanged) / wall(theirs),
          0.5,
        ),
  ];
}
