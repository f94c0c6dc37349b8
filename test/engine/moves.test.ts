/** Renames and moves through the real engine: what a cloud holds stays, only the names in the states change. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeStackGraph } from "../../src/blueprint/graph.ts";
import { thisProcess } from "../../src/ledger/holder.ts";
import type { Operation } from "../../src/model/operation.ts";
import type { Plan } from "../../src/model/plan.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { openProject } from "../../src/platform/open-project.ts";
import { readOutputs } from "../../src/platform/outputs.ts";
import { moveOutputs, planMoves } from "../../src/platform/plan-moves.ts";
import { readResources } from "../../src/platform/resources.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

const site = "virginia: { cloud: aws, region: us-east-1, runner: inside }";
const argocd = "argocd: { type: argocd, cluster: cluster, repository: https://git.example.com/deploy }";

/** A blueprint with these sites and components, one a line. */
function blueprint(components: readonly string[], sites: readonly string[] = [site]): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites:",
    ...sites.map((each) => `  ${each}`),
    "components:",
    ...components.map((each) => `  ${each}`),
    "",
  ].join("\n");
}

const small = ["vpc: { type: vpc, zones: 2 }", "orders: { type: postgres, network: vpc }"];
const whole = [...small, "cluster: { type: cluster, network: vpc, connects: [orders] }", argocd];

// The whole of a platform goes up three or four times in one test.
describe("a rename or a move", { timeout: 180_000 }, () => {
  let project: TestProject;
  const write = (text: string) => project.write("blueprints/platform/blueprint.yaml", text);
  const up = async (text: string) => {
    await write(text);
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    return { result, plan: result.plan };
  };
  /** Ids of everything in the clouds. */
  const ids = async () =>
    (await listObjects(project.context, {})).map((object) => `${object.type} ${object.id}`).sort();
  const components = async () => {
    const { stacks } = await readResources(project.context, "shop");
    return [
      ...new Set(stacks.flatMap((stack) => stack.resources.flatMap((each) => each.component ?? []))),
    ].sort();
  };
  const stackNames = async () =>
    (await readResources(project.context, "shop")).stacks.map((stack) => stack.name).sort();

  beforeEach(async () => {
    project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(small),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
  });
  afterEach(async () => {
    const { result } = await destroyEnvironment(project.context, "shop", applying());
    const left = await listObjects(project.context, {});
    await project[Symbol.asyncDispose]();
    if (result !== "succeeded" || left.length > 0) throw new Error(`destroy ${result}, ${left.length} left`);
  });

  const touched = ({ counts }: Plan) => [counts.create, counts.update, counts.replace, counts.delete];

  it("renames components of every kind without touching anything, and forgets `formerly` once it is applied", async () => {
    expect((await up(blueprint(whole))).result.result).toBe("succeeded");
    const before = await ids();
    const renamed = (formerly: (name: string) => string) =>
      blueprint([
        `net: { type: vpc, zones: 2${formerly("vpc")} }`,
        `bookings: { type: postgres, network: net${formerly("orders")} }`,
        `platform: { type: cluster, network: net, connects: [bookings]${formerly("cluster")} }`,
        `delivery: { type: argocd, cluster: platform, repository: https://git.example.com/deploy${formerly("argocd")} }`,
      ]);
    const { result, plan } = await up(renamed((name) => `, formerly: ${name}`));
    expect(result.result).toBe("succeeded");
    expect(touched(plan)).toEqual([0, 0, 0, 0]);
    expect(plan.moves.map(({ from, to }) => [from.component, to.component])).toEqual([
      ["argocd", "delivery"],
      ["cluster", "platform"],
      ["orders", "bookings"],
      ["vpc", "net"],
    ]);
    expect(await ids()).toEqual(before);
    expect(await components()).toEqual(
      ["bookings", "delivery", "net", "platform"].map((each) => `${each}@virginia`),
    );
    expect(Object.keys((await readOutputs(project.context, "shop"))["virginia"] ?? {}).sort()).toEqual([
      "bookings",
      "delivery",
      "net",
      "platform",
    ]);

    expect((await up(renamed((name) => `, formerly: ${name}`))).result.result).toBe("unchanged");
    const after = await up(renamed(() => ""));
    expect(after.result.result).toBe("unchanged");
    expect(await ids()).toEqual(before);
  });

  it("goes on from name to name and back, and lets the old name be born again beside it", async () => {
    await up(blueprint(small));
    const before = await ids();
    const names = async (...lines: string[]) => {
      const { result } = await up(blueprint(["vpc: { type: vpc, zones: 2 }", ...lines]));
      return result.result;
    };
    expect(await names("b: { type: postgres, network: vpc, formerly: orders }")).toBe("succeeded");
    expect(await names("c: { type: postgres, network: vpc, formerly: b }")).toBe("succeeded");
    expect(await ids()).toEqual(before);
    expect(await names("orders: { type: postgres, network: vpc, formerly: c }")).toBe("succeeded");
    expect(await ids()).toEqual(before);
    expect(await names("b: { type: postgres, network: vpc, formerly: orders }")).toBe("succeeded");
    const beside = "orders: { type: postgres, network: vpc }";
    expect(await names("b: { type: postgres, network: vpc }", beside)).toBe("succeeded");
    expect(await ids()).toEqual(expect.arrayContaining(before));
    expect((await ids()).filter((each) => each.startsWith("aws:rds/instance:Instance"))).toHaveLength(2);
  });

  it("is made together with a change of the same component", async () => {
    await up(blueprint(small));
    const before = await ids();
    const { result, plan } = await up(
      blueprint([
        "vpc: { type: vpc, zones: 2 }",
        "bookings: { type: postgres, network: vpc, formerly: orders, storage: 50 }",
      ]),
    );
    expect(result.result).toBe("succeeded");
    expect(touched(plan)).toEqual([0, 1, 0, 0]);
    expect(await ids()).toEqual(before);
  });

  it("starts afresh in the next life", async () => {
    await up(blueprint(small));
    const renamed = blueprint([
      "vpc: { type: vpc, zones: 2 }",
      "bookings: { type: postgres, network: vpc, formerly: orders }",
    ]);
    await up(renamed);
    await destroyEnvironment(project.context, "shop", applying());
    await up(renamed);
    const [database] = await listObjects(project.context, { type: "rds/instance:Instance" });
    expect(database?.name).toMatch(/^shop-bookings-/);
  });

  it("takes a renamed site's stacks along, with the providers that other stacks have of it", async () => {
    await up(blueprint(whole));
    const before = await ids();
    const renamed = blueprint(whole, [
      "east: { cloud: aws, region: us-east-1, runner: inside, formerly: virginia }",
    ]);
    const { result, plan } = await up(renamed);
    expect(result.result).toBe("succeeded");
    expect(plan.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
    expect(await ids()).toEqual(before);
    expect(await stackNames()).toEqual(
      ["compute", "data", "gitops", "network"].map((each) => `shop.east.${each}`),
    );
    expect(Object.keys(await readOutputs(project.context, "shop"))).toEqual(["east"]);
    expect((await up(renamed)).result.result).toBe("unchanged");
    const later = blueprint(whole, ["east: { cloud: aws, region: us-east-1, runner: inside }"]);
    expect((await up(later)).result.result).toBe("unchanged");
  });

  it("moves a component to the stack of another domain, and forgets the emptied stack", async () => {
    await up(blueprint(small));
    const before = await ids();
    // As an older release would have left it: the database in the stack of another domain.
    await standElsewhere(project, "orders", "compute");
    expect(await stackNames()).toEqual(["shop.virginia.compute", "shop.virginia.network"]);
    const { result, plan } = await up(blueprint(small));
    expect(result.result).toBe("succeeded");
    expect(plan.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
    expect(plan.moves).toMatchObject([
      {
        from: { stack: "shop.virginia.compute", component: "orders" },
        to: { stack: "shop.virginia.data", component: "orders" },
      },
    ]);
    expect(await stackNames()).toEqual(["shop.virginia.data", "shop.virginia.network"]);
    expect(await ids()).toEqual(before);
    expect((await up(blueprint(small))).result.result).toBe("unchanged");
  });

  it("is in no state twice and in none not at all when it breaks off in the middle; the next `up` completes it", async () => {
    await up(blueprint(small));
    const before = await ids();
    const resources = async () =>
      (await readResources(project.context, "shop")).stacks.flatMap((stack) =>
        stack.resources.map((each) => each.id ?? each.name),
      );
    const held = (await resources()).sort();
    // Something that is in the way of the second stack, when the first is written already.
    const inDatabase = (sql: string) => {
      using database = new DatabaseSync(join(project.dir, ".terrane", "ledger.sqlite"));
      database.exec(sql);
    };
    inDatabase(`CREATE TRIGGER obstacle BEFORE INSERT ON stacks WHEN NEW.name = 'shop.east.data'
                BEGIN SELECT RAISE(ABORT, 'obstacle'); END`);
    const east = blueprint(small, [
      "east: { cloud: aws, region: us-east-1, runner: inside, formerly: virginia }",
    ]);
    const { result } = await up(east);
    expect(result.operation?.steps.map((step) => `${step.id} ${step.outcome}`)).toEqual([
      "move:shop failed",
      "converge:shop.east.network not-started",
      "converge:shop.east.data not-started",
    ]);
    expect((await resources()).sort()).toEqual(held);
    inDatabase("DROP TRIGGER obstacle");

    expect((await up(east)).result.result).toBe("succeeded");
    expect(await ids()).toEqual(before);
    expect(await stackNames()).toEqual(["shop.east.data", "shop.east.network"]);
    expect((await up(east)).result.result).toBe("unchanged");
  });

  it("can be taken back, or destroyed, after an operation that broke off before or after it", async () => {
    await up(blueprint(small));
    const before = await ids();
    const renamed = blueprint(
      ["net: { type: vpc, zones: 2, formerly: vpc }", "orders: { type: postgres, network: net }"],
      ["east: { cloud: aws, region: us-east-1, runner: inside, formerly: virginia }"],
    );
    for (const at of ["move", "converge"] as const) {
      await write(renamed);
      expect((await interruptedAt(project, at)).result).toBe("cancelled");
      expect(await ids()).toEqual(before);
      expect((await up(blueprint(small))).result.result).toBe("succeeded");
      expect(await ids()).toEqual(before);
      expect(await stackNames()).toEqual(["shop.virginia.data", "shop.virginia.network"]);
    }
    await write(renamed);
    expect((await interruptedAt(project, "move")).result).toBe("cancelled");
  });

  it("is refused for a site that stands elsewhere", async () => {
    await up(blueprint(small));
    const refused = up(
      blueprint(small, ["east: { cloud: aws, region: us-east-2, runner: inside, formerly: virginia }"]),
    );
    await expect(refused).rejects.toMatchObject({
      problems: [
        expect.objectContaining({ code: "site-elsewhere", position: expect.objectContaining({ line: 5 }) }),
      ],
    });
  });
});

/** An `up` that is told to stop before its move, or as soon as its first stack converges. */
async function interruptedAt(project: TestProject, at: "move" | "converge") {
  const controller = new AbortController();
  const options = applying({
    signal: controller.signal,
    emit: (event) => {
      if (at === "move" && event.type === "operation:start") controller.abort();
      if (at === "converge" && event.type === "stack:start" && event.verb === "up") controller.abort();
    },
  });
  return await upEnvironment(project.context, "shop", options);
}

/** Puts a component into the stack of another domain, in state and record. */
async function standElsewhere(project: TestProject, component: string, domain: "compute"): Promise<void> {
  await using opened = await openProject(project.context);
  const [state, ledger] = [await opened.app.state(), await opened.app.ledger()];
  const record = await ledger.findEnvironment("shop");
  if (record?.applied === undefined) throw new Error("there is no environment");
  const graph = makeStackGraph(record.applied);
  const own = record.applied.components.find((each) => each.name === component);
  if (own === undefined) throw new Error("there is no such component");
  const place = { component, site: own.site };
  const moves = [{ from: { ...place, domain: own.domain }, to: { ...place, domain } }];
  const planned = await planMoves({ graph, moves, state });
  if (planned === undefined) throw new Error("there is nothing to move");
  const components = record.applied.components.map((each) => (each === own ? { ...each, domain } : each));
  const before = { ...record, applied: { ...record.applied, components } };
  const now = new Date();
  const operation: Operation = {
    ...({ id: "op-test", kind: "up", environment: "shop", planHash: "", status: "succeeded" } as const),
    ...{ startedBy: "test", startedAt: now.toISOString(), steps: [] },
  };
  const lease = await ledger.beginOperation({
    ...{ record: before, before: record },
    ...{ operation, holder: thisProcess("test", now) },
  });
  await state.move(planned.states, lease);
  await moveOutputs(ledger, lease, "shop", moves);
  await ledger.endOperation(lease, operation, before);
}
