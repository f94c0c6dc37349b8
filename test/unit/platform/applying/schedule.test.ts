import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runGraph, type Task } from "../../../../src/platform/applying/schedule.ts";

const never = new AbortController().signal;

/** A random acyclic graph: task i waits only for tasks before it. Some tasks fail. */
const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.tuple(
      fc.tuple(
        ...Array.from({ length: size }, (_, i) => fc.subarray(Array.from({ length: i }, (_, j) => j))),
      ),
      fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      fc.integer({ min: 1, max: 4 }),
    ),
  );

describe("running a graph of tasks", () => {
  it("starts a task only after what it waits for, keeps the limit, and ends every task", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async ([after, fails, limit]) => {
        const finished = new Set<string>();
        let atWork = 0;
        let most = 0;
        const tasks: Task<number>[] = after.map((before, i) => ({
          id: String(i),
          after: before.map(String),
          run: async () => {
            for (const id of before) expect(finished.has(String(id))).toBe(true);
            most = Math.max(most, ++atWork);
            await new Promise((resolve) => setImmediate(resolve));
            atWork--;
            if (fails[i]) throw new Error("planted");
            finished.add(String(i));
            return i;
          },
        }));
        const ends = await runGraph(tasks, { limit, signal: never });
        expect(most).toBeLessThanOrEqual(limit);
        after.forEach((before, i) => {
          const blocked = before.some((id) => ends.get(String(id))?.state !== "done");
          expect(ends.get(String(i))?.state).toBe(blocked ? "not-started" : fails[i] ? "failed" : "done");
        });
      }),
    );
  });

  it("starts nothing more once the signal came, and waits for what runs", async () => {
    const controller = new AbortController();
    const ends = await runGraph(
      [
        { id: "a", after: [], run: async () => controller.abort() },
        { id: "b", after: ["a"], run: async () => undefined },
      ],
      { limit: 2, signal: controller.signal },
    );
    expect([...ends].map(([id, end]) => `${id} ${end.state}`)).toEqual(["a done", "b not-started"]);
  });

  it("starts nothing in a cycle", async () => {
    const run = async () => undefined;
    const ends = await runGraph(
      [
        { id: "a", after: ["b"], run },
        { id: "b", after: ["a"], run },
      ],
      { limit: 2, signal: never },
    );
    expect([...ends.values()].every((end) => end.state === "not-started")).toBe(true);
  });

  it("lets a task that came back without success hold up what waits for it", async () => {
    const ends = await runGraph(
      [
        { id: "a", after: [], run: async () => "failed" },
        { id: "b", after: ["a"], run: async () => "done" },
      ],
      { limit: 1, signal: never, succeeded: (value) => value === "done" },
    );
    expect(ends.get("b")).toEqual({ state: "not-started" });
  });
});
