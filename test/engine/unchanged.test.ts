/** What did not change needs no engine: through the real engine, the command line in processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventBody } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { ApplyOptions } from "../../src/platform/api.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const entry = fileURLToPath(new URL("../../bin/terrane.js", import.meta.url));

function blueprint(...components: readonly string[]): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1, runner: inside } }",
    "components:",
    "  vpc: { type: vpc, zones: 3 }",
    ...components,
    "",
  ].join("\n");
}

const cluster = "  cluster: { type: cluster, network: vpc, connects: [orders] }";
const small = "  orders: { type: postgres, network: vpc, storage: 50 }";
const large = "  orders: { type: postgres, network: vpc, storage: 60 }";
const network = "shop.virginia.network";
const data = "shop.virginia.data";
const compute = "shop.virginia.compute";

/** Stacks that an engine was started for. */
function watching(overrides: Partial<ApplyOptions> = {}) {
  const events: EventBody[] = [];
  const options = applying({ emit: (event) => void events.push(event), ...overrides });
  const stacksOf = (type: "stack:start" | "stack:unchanged") => [
    ...new Set(events.flatMap((event) => (event.type === type ? [event.stack] : []))),
  ];
  return {
    ...options,
    started: () => stacksOf("stack:start").sort(),
    unchanged: () => stacksOf("stack:unchanged").sort(),
  };
}

/** Without the order of the steps, and without the hash, which covers it. */
function comparable({ stacks, ...plan }: Plan): unknown {
  const byUrn = (left: { urn: string }, right: { urn: string }) => (left.urn < right.urn ? -1 : 1);
  return {
    ...plan,
    hash: "",
    stacks: stacks.map((stack) => ({ ...stack, steps: stack.steps.toSorted(byUrn) })),
  };
}

describe("an environment that is up", () => {
  let project: TestProject;
  const plan = (options = watching(), context: Partial<PlatformContext> = {}) =>
    planEnvironment({ ...project.context, ...context }, "shop", options);

  beforeAll(async () => {
    project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(small, cluster),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    await upEnvironment(project.context, "shop", applying());
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it("is planned without an engine, and the plan says what an engine would have said", async () => {
    const quick = watching();
    const full = watching({ full: true });
    const planned = await plan(quick);
    expect(comparable(planned)).toEqual(comparable(await plan(full)));
    expect(quick.started()).toEqual([]);
    expect(quick.unchanged()).toEqual([compute, data, network]);
    expect(full.started()).toEqual([compute, data, network]);
    expect(planned.counts.same).toBeGreaterThan(30);
  });

  it("stays as it is without an engine at hand, in plan, up and every look at it", async () => {
    const context = { ...project.context, home: join(project.dir, "no-engine"), environment: { PATH: "" } };
    const up = await upEnvironment(context, "shop", watching());
    expect(up).toMatchObject({
      result: "unchanged",
      virtualSeconds: 0,
      plan: { counts: { create: 0, update: 0 } },
    });
    expect(up.outputs["virginia"]?.["vpc"]).toBeDefined();
    expect(up.resources).toEqual(
      Object.fromEntries(up.plan.stacks.map(({ stack, steps }) => [stack, steps.length])),
    );
    await expect(plan(watching({ full: true }), context)).rejects.toMatchObject({ code: "engine-missing" });
  });

  it.each(["plan", "up", "outputs", "status", "history", "resources", "list"])(
    "%s loads no engine, no SDK, no simulated cloud and starts no process",
    async (command) => {
      const { loaded, output } = await runCli(project.dir, [
        command,
        ...(command === "list" ? [] : ["shop"]),
      ]);
      expect(output).toMatch(/\S/);
      const heavy = loaded.filter((url) =>
        /node_modules\/(@pulumi|@grpc|google-protobuf)\/|\/src\/(simulator|render)\/|\/src\/engine\/(run|command)\.ts|stacks\/[a-z]+\/[a-z-]+\/(aws|gcp|azure|kubernetes)\.ts/.test(
          url,
        ),
      );
      expect(heavy).toEqual([]);
    },
  );

  it("asks the rules that depend on time on every day anew", async () => {
    const quick = watching();
    const later = () => new Date("2031-01-01T12:00:00Z");
    const planned = await plan(quick, { now: later });
    expect(quick.started()).toEqual([]);
    const rules = new Set(planned.findings.map((finding) => finding.rule));
    expect([...rules]).toEqual(["baseline/supported-cluster-version"]);
    expect(planned.findings).toEqual((await plan(watching({ full: true }), { now: later })).findings);
    expect((await plan()).findings).toEqual([]);
  });

  it("is asked about again, stack by stack, where its documents, policies or states are others", async () => {
    const asked = async () => {
      const options = watching();
      await plan(options);
      return options.started();
    };
    await project.write("blueprints/platform/blueprint.yaml", blueprint(large, cluster));
    expect(await asked()).toEqual([data]);
    await project.write("blueprints/platform/blueprint.yaml", blueprint(small, cluster));
    expect(await asked()).toEqual([]);
    const settings = await readFile(join(project.dir, "terrane.yaml"), "utf8");
    await project.write("terrane.yaml", `${settings}policies: { packs: [] }\n`);
    expect(await asked()).toEqual([compute, data, network]);
    await project.write("terrane.yaml", settings);
    expect(await asked()).toEqual([]);
  });

  it("applies what has changed, keeps the rest, and then is unchanged again", async () => {
    await project.write("blueprints/platform/blueprint.yaml", blueprint(large, cluster));
    const applied = watching();
    expect((await upEnvironment(project.context, "shop", applied)).result).toBe("succeeded");
    expect(applied.started()).toEqual([data]);
    const again = watching();
    expect((await upEnvironment(project.context, "shop", again)).result).toBe("unchanged");
    expect(again.started()).toEqual([]);
  });

  it("loses the ground of what another release or another hand has left, and finds it again with one full up", async () => {
    const later = { ...project.context, environment: { ...project.context.environment } };
    await forgetGrounds(project.dir);
    const first = watching();
    expect((await upEnvironment(later, "shop", first)).result).toBe("unchanged");
    expect(first.started()).toEqual([compute, data, network]);
    const second = watching();
    await upEnvironment(later, "shop", second);
    expect(second.started()).toEqual([]);
  });

  it("is unchanged after something was taken away", async () => {
    await project.write(
      "blueprints/platform/blueprint.yaml",
      blueprint("  cluster: { type: cluster, network: vpc }"),
    );
    const options = applying({ confirm: async (_, dataLoss) => (dataLoss.length === 0 ? true : dataLoss) });
    expect((await upEnvironment(project.context, "shop", options)).result).toBe("succeeded");
    const again = watching();
    expect((await upEnvironment(project.context, "shop", again)).result).toBe("unchanged");
    expect(again.started()).toEqual([]);
  });
});

async function forgetGrounds(dir: string): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(dir, ".terrane", "ledger.sqlite"));
  try {
    database.exec("DELETE FROM stack_grounds");
  } finally {
    database.close();
  }
}

/** The command line in a process of its own, with every module that it loads. */
async function runCli(dir: string, args: readonly string[]) {
  const list = join(dir, "loaded.json");
  const preload = join(dir, "preload.mjs");
  await writeFile(
    preload,
    `import { registerHooks } from "node:module";
import { writeFileSync } from "node:fs";
import processes from "node:child_process";
processes.ChildProcess.prototype.spawn = () => { throw new Error("a process was to be started"); };
const loaded = new Set();
registerHooks({ load: (url, context, next) => { loaded.add(url); return next(url, context); } });
process.on("exit", () => writeFileSync(${JSON.stringify(list)}, JSON.stringify([...loaded])));
`,
  );
  const child = spawn(process.execPath, ["--import", preload, entry, "-C", dir, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  const loaded = JSON.parse(await readFile(list, "utf8")) as string[];
  await Promise.all([rm(list), rm(preload)]);
  return { output, loaded };
}
