/** The rules that every fault is held to find what they are there to find: each is broken on purpose. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { thisProcess } from "../../src/ledger/holder.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { canary, documents, environment } from "../support/kill-world.ts";
import { type Aftermath, brokenConvergence, brokenRules } from "../support/rules.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

/** A copy of an environment that is up, and what was left of it by a fault that was survived. */
async function openSound(): Promise<{ project: KillProject; aftermath: Aftermath }> {
  const project = await stages.open("up");
  const { dir, context } = project;
  const runs = [{ argv: ["up"], code: 0, stdout: "✓ shop is up", stderr: "" }];
  return { project, aftermath: { dir, context, runs, environment, canaries: [canary] } };
}

function change(project: KillProject, file: "clouds" | "ledger", sql: string): void {
  const database = new DatabaseSync(join(project.dir, ".terrane", `${file}.sqlite`));
  database.exec(sql);
  database.close();
}

/** A twin that has another id; the operation as it stands is JSON in its row. */
const twin = (urn: string, inputs = "inputs") => `INSERT INTO objects
  (cloud, account, region, type, id, name, urn, created_at, inputs, outputs)
  SELECT cloud, account, region, type, id || '-twin', name, ${urn}, created_at, ${inputs}, outputs
    FROM objects WHERE type = 'aws:sqs/queue:Queue' AND name LIKE '%wire%'`;
const operation = (path: string, value: string) =>
  `UPDATE operations SET operation = json_set(operation, '${path}', '${value}')`;

describe("the rules", () => {
  test("find nothing after a fault that was survived", async () => {
    const { project, aftermath } = await openSound();
    await using _project = project;
    expect(await brokenRules(aftermath)).toEqual([]);
  });

  const plants: readonly {
    readonly title: string;
    readonly plant: (project: KillProject, aftermath: Aftermath) => Promise<Partial<Aftermath>>;
    readonly found: readonly RegExp[];
  }[] = [
    {
      title: "R1: an object that no state has",
      plant: async (project) => {
        change(project, "clouds", twin("'urn:pulumi:shop.here.data::terrane::a::b'"));
        return {};
      },
      found: [/^R1: aws:sqs\/queue:Queue \S+-twin exists/],
    },
    {
      title: "R2: two objects of one resource",
      plant: async (project) => {
        change(project, "clouds", twin("urn"));
        return {};
      },
      found: [/^R1: /, /^R2: the clouds have \S+::wire more than once/],
    },
    {
      title: "R3: an operation that never ended",
      plant: async (project) => {
        change(project, "ledger", operation("$.status", "running"));
        return { runs: [] };
      },
      found: [/^R3: up \S+ is still running on record/, /^R7: the audit is broken/],
    },
    {
      title: "R5: a lease that nobody gave back, and an engine that nobody ended",
      plant: async (project) => {
        const holder = JSON.stringify(thisProcess("test", project.context.now()));
        change(
          project,
          "ledger",
          `UPDATE leases SET operation = 'op-1', holder = '${holder}', renewed_at = unixepoch('subsec') * 1000`,
        );
        return { engines: [process.pid] };
      },
      found: [/^R5: op-1 still holds the lease \(alive\)/, /^R5: the engine of process \d+ still runs/],
    },
    {
      title: "R6: a secret in a file, in base64, and in what was said",
      plant: async (project, { runs }) => {
        await writeFile(join(project.dir, ".terrane", "note"), `x${Buffer.from(canary).toString("base64")}`);
        return { runs: runs.map((run) => ({ ...run, stderr: `using ${canary}` })) };
      },
      found: [/^R6: a secret stands in the output of up/, /^R6: a secret stands in \.terrane\/note/],
    },
    {
      title: "R7: a record of the audit that was taken out",
      plant: async (project) => {
        change(project, "ledger", "DELETE FROM audit WHERE what = 'operation ended'");
        return {};
      },
      found: [/^R7: the audit is broken/, /^R7: no record says that op-\S+ was operation ended/],
    },
    {
      title: "R8: an exit code that says otherwise",
      plant: async (_project, { runs }) => ({ runs: runs.map((run) => ({ ...run, code: 1 })) }),
      found: [/^R8: up ended with 1, and its operation succeeded/],
    },
  ];

  test.each(plants)("find $title", async ({ plant, found }) => {
    const { project, aftermath } = await openSound();
    await using _project = project;
    const broken = await brokenRules({ ...aftermath, ...(await plant(project, aftermath)) });
    expect(broken).toEqual(found.map((words) => expect.stringMatching(words)));
  });

  test("find R4: something left to do, and something left behind", async () => {
    const { project, aftermath } = await openSound();
    await using _project = project;
    await project.writeAll(documents(900));
    // One that carries the environment's tags would be refused before anything is begun.
    change(
      project,
      "clouds",
      twin("'urn:pulumi:shop.here.data::terrane::a::b'", "json_remove(inputs, '$.tags')"),
    );
    expect(await brokenConvergence(aftermath)).toEqual([
      "R4: the first up after it succeeded",
      expect.stringMatching(/^R4: the clouds still hold aws:sqs\/queue:Queue \S+-twin$/),
    ]);
  });
});
