/** P10: a list of 2,000 stacks beside `pulumi stack ls` over files, and questions to a ledger of 10,000 environments. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { findEngine } from "../src/engine/find.ts";
import { saveBrief } from "../src/ledger/environment-briefs.ts";
import { Ledger } from "../src/ledger/ledger.ts";
import { ledgerMigrations } from "../src/ledger/migrations.ts";
import type { Operation } from "../src/model/operation.ts";
import type { EnvironmentRecord } from "../src/model/record.ts";
import type { ComponentSpec, EnvironmentSpec } from "../src/model/spec.ts";
import { domains } from "../src/model/words.ts";
import { listEnvironments } from "../src/platform/list-environments.ts";
import { openDatabase } from "../src/sql/open.ts";
import { type BenchRow, figureRow, measure, median, ratioRow } from "./measure.ts";

const stacksEach = 8;
const resourcesEach = 25;
const at = new Date().toISOString();
const tags = { Owner: "team-bench", CostCenter: "CC-1", Project: "bench", DataClass: "internal" };

function specOf(name: string): EnvironmentSpec {
  const sites = ["virginia", "oregon"].map((site) => ({
    name: site,
    cloud: "aws" as const,
    region: "us-east-1",
    role: "primary" as const,
    runner: "inside" as const,
  }));
  const components = sites.flatMap((site) =>
    domains.slice(0, stacksEach / sites.length).map(
      (domain): ComponentSpec => ({
        name: `${domain}-part`,
        type: "part",
        domain,
        site: site.name,
        fields: { text: "x".repeat(200) },
        references: {},
        secrets: {},
        born: { component: `${domain}-part`, site: site.name },
      }),
    ),
  );
  const blueprint = { name: "platform", version: "1.0.0" };
  const rest = { class: "dev" as const, tags, incarnation: "0badcafe", provisional: false };
  return { name, blueprint, sites, components, ...rest };
}

function recordOf(name: string): EnvironmentRecord {
  const applied = specOf(name);
  return {
    name,
    incarnation: applied.incarnation,
    class: applied.class,
    target: "simulated",
    blueprint: applied.blueprint,
    roles: { virginia: "primary", oregon: "standby" },
    addresses: {},
    applied,
    status: "ready",
    updatedAt: at,
  };
}

/** A ledger as `environments` ups would have left it, but for their states. */
async function fill(path: string, environments: number): Promise<readonly string[]> {
  const names = Array.from({ length: environments }, (_, index) => `env-${String(index).padStart(5, "0")}`);
  const database = await openDatabase({ path, migrations: ledgerMigrations });
  try {
    for (const name of names) {
      const record = recordOf(name);
      const stacks = record.applied?.components.map(({ site, domain }) => `${name}.${site}.${domain}`) ?? [];
      const operation: Operation = {
        id: `op-${name}`,
        kind: "up",
        environment: name,
        planHash: "",
        status: "succeeded",
        startedBy: "bench",
        startedAt: at,
        steps: [],
      };
      await database.write([
        {
          sql: "INSERT INTO environments (name, record) VALUES (?, ?)",
          parameters: [name, JSON.stringify(record)],
        },
        saveBrief(record),
        {
          sql: "INSERT INTO operations (id, environment, started_at, operation) VALUES (?, ?, ?, ?)",
          parameters: [operation.id, name, at, JSON.stringify(operation)],
        },
        ...stacks.flatMap((stack) => [
          {
            sql: `INSERT INTO stacks (id, project, name, serial, digest, resources, pending, version, tags, key, created_at)
                  VALUES (?, 'terrane', ?, 1, '', ?, 0, 1, '{}', '', ?)`,
            parameters: [stack, stack, resourcesEach + 1, at],
          },
          {
            sql: "INSERT INTO stack_outputs (environment, stack, outputs) VALUES (?, ?, ?)",
            parameters: [name, stack, JSON.stringify({ part: { id: stack } })],
          },
        ]),
      ]);
    }
  } finally {
    await database.close();
  }
  return names;
}

/** Stacks as a self-managed backend keeps them, one file each. */
async function fillFolder(root: string, stacks: number): Promise<void> {
  const folder = join(root, ".pulumi", "stacks", "terrane");
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, ".pulumi", "meta.yaml"), "version: 1\n");
  for (let index = 0; index < stacks; index++) {
    const name = `stack-${index}`;
    const resources = Array.from({ length: resourcesEach }, (_, part) => ({
      urn: `urn:pulumi:${name}::terrane::aws:sqs/queue:Queue::queue-${part}`,
      custom: true,
      id: `queue-${part}`,
      type: "aws:sqs/queue:Queue",
      inputs: { tags, text: "x".repeat(400) },
      outputs: { tags, text: "x".repeat(400) },
    }));
    const manifest = { time: at, magic: "", version: "v3.250.0" };
    const latest = { manifest, resources, metadata: {} };
    const checkpoint = { stack: `organization/terrane/${name}`, latest };
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ version: 3, checkpoint }));
  }
}

export async function benchInventory(
  rounds: number,
  stacks = 2000,
  environments = 10_000,
): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-inventory-"));
  try {
    const [ours, files] = [join(folder, "project"), join(folder, "files")];
    await mkdir(ours);
    await writeFile(
      join(ours, "terrane.yaml"),
      "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: bench }\n",
    );
    await fill(join(ours, ".terrane", "ledger.sqlite"), stacks / stacksEach);
    await fillFolder(files, stacks);
    const large = join(folder, "large.sqlite");
    const names = await fill(large, environments);
    return [...(await compareLists(rounds, stacks, ours, files)), ...(await askLedger(rounds, large, names))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareLists(rounds: number, stacks: number, dir: string, files: string): Promise<BenchRow[]> {
  const home = process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane");
  const environment = { PATH: process.env["PATH"], HOME: process.env["HOME"] };
  const engine = await findEngine({ home, path: environment.PATH });
  const list = () =>
    promisify(execFile)(engine.command, ["stack", "ls", "--all", "--json"], {
      maxBuffer: 2 ** 26,
      env: {
        ...environment,
        PULUMI_HOME: join(files, "home"),
        PULUMI_BACKEND_URL: pathToFileURL(files).href,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
  const context = { dir, home, environment, now: () => new Date() };
  await listEnvironments(context);
  const [theirs, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    theirs.push((await measure(list)).wall);
    const listed = await measure(() => listEnvironments(context));
    const resources = listed.result.reduce((sum, each) => sum + each.resources, 0);
    if (resources !== stacks * resourcesEach) throw new Error(`${resources} resources were listed`);
    ours.push(listed.wall);
  }
  return [
    figureRow("P10.theirs", `pulumi stack ls of ${stacks} stacks in files`, median(theirs), "s"),
    figureRow("P10.ours", `terrane list of as many, with their resources`, median(ours) * 1000, "ms"),
    ratioRow("P10", "terrane list / pulumi stack ls", median(ours) / median(theirs), 0.02),
  ];
}

async function askLedger(rounds: number, path: string, names: readonly string[]): Promise<BenchRow[]> {
  await using ledger = await Ledger.open(path);
  const middle = names[Math.floor(names.length / 2)] ?? "";
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    "a page of 100 environments": () => ledger.briefs.list({ after: middle, limit: 100 }),
    "one environment": () => ledger.findEnvironment(middle),
    "its outputs": () => ledger.readOutputs(middle),
    "its newest operation": () => ledger.latestOperation(middle),
    "the newest 20 operations": () => ledger.history.list({ limit: 20 }),
  };
  const rows: BenchRow[] = [];
  for (const [what, ask] of Object.entries(questions)) {
    const walls: number[] = [];
    for (let round = 0; round < rounds; round++) walls.push((await measure(ask)).wall * 1000);
    const row = ratioRow(`P10.${what.split(" ").at(-1)}`, `${what}, of ${names.length}`, median(walls), 50);
    rows.push({ ...row, unit: "ms" });
  }
  return rows;
}
