/** Renames and moves through the real engine: what a cloud holds stays, only the names in the states change. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { makeStackGraph } from "../../src/blueprint/graph.ts";
import { thisProcess } from "../../src/ledger/holder.ts";
import type { Operation } from "../../src/model/operation.ts";
import { moveOutputs, planMoves } from "../../src/platform/planning/plan-moves.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { readResources } from "../../src/platform/resources.ts";
import { blueprint, small, touched, useMovedPlatform } from "../support/moved-platform.ts";
import { type TestProject } from "../support/project.ts";

// The whole of a platform goes up three or four times in one test.
describe("a rename or a move", { timeout: 180_000 }, () => {
  const platform = useMovedPlatform();
  const { up, ids, stackNames } = platform;

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

  it("moves a component to the stack of another domain, and forgets the emptied stack", async () => {
    await up(blueprint(small));
    const before = await ids();
    // As an older release would have left it: the database in the stack of another domain.
    await standElsewhere(platform.project(), "orders", "compute");
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
      (await readResources(platform.project().context, "shop")).stacks.flatMap((stack) =>
        stack.resources.map((each) => each.id ?? each.name),
      );
    const held = (await resources()).sort();
    // Something that is in the way of the second stack, when the first is written already.
    const inDatabase = (sql: string) => {
      using database = new DatabaseSync(join(platform.project().dir, ".terrane", "ledger.sqlite"));
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
