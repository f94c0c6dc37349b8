/**
 * What an `up` says of each resource is true, wherever it is interrupted, killed or refused: compared with the calls
 * that the cloud got. TERRANE_SEED repeats a run, TERRANE_ROUNDS makes it longer.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { previewStack } from "../../src/engine/preview.ts";
import { settleByState } from "../../src/engine/settle.ts";
import { upStack } from "../../src/engine/up.ts";
import { openTestState } from "../support/engine.ts";
import { startToyCloud, Thing } from "../support/toy-provider.ts";

const stack = "shop.here.network";
const seed = Number(process.env["TERRANE_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["TERRANE_ROUNDS"] ?? 40);

/** Each thing may wait for one made before it. */
const graph = fc.array(fc.option(fc.nat(), { nil: undefined }), { minLength: 2, maxLength: 8 });
const ending = fc.constantFrom("none", "refuse", "interrupt", "force", "kill");

test(`what up reports is what happened (TERRANE_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(graph, ending, fc.nat(), async (waits, how, at) => {
      await using cloud = await startToyCloud();
      await using state = await openTestState();
      const names = waits.map((_, index) => `t${index}`);
      const target = names[at % names.length] ?? "t0";
      const program = async () => {
        const made: Thing[] = [];
        for (const [index, waitsFor] of waits.entries()) {
          const before = waitsFor === undefined || index === 0 ? undefined : made[waitsFor % index];
          made.push(new Thing(`t${index}`, before === undefined ? {} : { text: before.address }));
        }
        return {};
      };
      const abort = new AbortController();
      const force = new AbortController();
      const pids: number[] = [];
      const request = await state.request(stack, {
        providers: { toy: cloud.port },
        signal: abort.signal,
        force: force.signal,
        onEngineStart: (pid) => pids.push(pid),
      });
      const { steps } = await previewStack({ ...request, program });
      if (how === "refuse") cloud.fail("create", target, "no capacity");
      const hold = how === "none" || how === "refuse" ? undefined : cloud.hold("create", target);
      const running = upStack({ ...(await again()), program, expected: steps });
      if (hold !== undefined) {
        await hold.reached;
        if (how === "kill") process.kill(pids.at(-1) ?? 0, "SIGKILL");
        else abort.abort();
        if (how !== "kill") await cloud.cancelled;
        if (how === "force") force.abort();
        if (how === "interrupt") hold.release();
      }
      const up = await running;
      hold?.release();
      const left = await readLeft();
      const ends = new Map(
        (up.exit.signal === undefined ? up.resources : settleByState(up.resources, left)).map((end) => [
          end.urn.slice(end.urn.lastIndexOf("::") + 2),
          end.outcome,
        ]),
      );
      const called = new Set(cloud.calls.map((call) => call.slice("create ".length)));
      const inState = new Set(left.resources.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2)));
      // A begin that is on record, from an engine killed before it sent the call: nobody can know from the state.
      const begun = new Set(left.pending.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2)));
      for (const name of names) {
        const outcome = ends.get(name);
        expect(outcome, `${name} is reported`).toBeDefined();
        if (outcome === "done") expect(inState, `${name}: done`).toContain(name);
        if (outcome === "not-started") expect(called, `${name}: not started`).not.toContain(name);
        if (outcome === "failed") expect([...inState], `${name}: failed`).not.toContain(name);
        if (!called.has(name)) {
          expect(outcome, `${name} was never called`).toBe(begun.has(name) ? "unknown" : "not-started");
        }
      }
      const allDone = [...ends.values()].every((outcome) => outcome === "done");
      if (up.outcome === "done") expect(allDone, "a done up").toBe(true);
      if (how === "none") expect(up.outcome).toBe("done");

      async function again() {
        return state.request(stack, { ...request, state: (await state.request(stack)).state });
      }
      async function readLeft() {
        const { checkpoint } = JSON.parse(await state.text(stack)) as {
          checkpoint: {
            latest?: { resources?: { urn: string }[]; pending_operations?: { resource: { urn: string } }[] };
          };
        };
        return {
          resources: checkpoint.latest?.resources ?? [],
          pending: (checkpoint.latest?.pending_operations ?? []).map((operation) => operation.resource),
        };
      }
    }),
    { seed, numRuns: rounds, endOnFailure: true },
  );
});
