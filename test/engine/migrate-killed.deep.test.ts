/** `terrane migrate` killed half way, later each time, and run again: nothing lost, nothing doubled, the old side untouched. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { verifyAudit } from "../../src/platform/audit.ts";
import { serveState } from "../../src/platform/serve-state.ts";
import { makeProject } from "../support/project.ts";
import { seedState, seenStates } from "../support/seeded-states.ts";
import { startTerrane } from "../support/serve-command.ts";

const names = ["pay.virginia.data", "pay.virginia.network", "shop.iowa.data"];

/** Calls at each request that reaches a server of this process. */
function onRequest(call: () => void): Disposable {
  subscribe("http.server.request.start", call);
  return { [Symbol.dispose]: () => void unsubscribe("http.server.request.start", call) };
}

for (const direction of ["to", "from"] as const) {
  test(`killed at its 3rd, 6th, 9th … request, it takes the states ${direction} a service once, whole`, async () => {
    await using from = await makeProject({});
    await using to = await makeProject({});
    for (const name of names) await seedState(from.context, name, `canary of ${name}`);
    const before = await seenStates(from.context);
    // The side that a plain backend's URL leads to, and the one that the command runs in.
    const [far, near] = direction === "to" ? [to, from] : [from, to];
    await using served = await serveState(far.context, { startedBy: "keeper" });
    let running: ReturnType<typeof startTerrane> | undefined;
    let left = 0;
    using _counted = onRequest(() => {
      left -= 1;
      if (left === 0) running?.child.kill("SIGKILL");
    });
    const context = { ...near.context.environment, PULUMI_ACCESS_TOKEN: served.token.reveal() };
    const asked = { ...near, context: { ...near.context, environment: context } };
    const args = ["migrate", `--${direction}`, served.url];
    let kills = 0;
    for (let upTo = 3; ; upTo += 3) {
      left = upTo;
      running = startTerrane(asked, args);
      const { code, stderr } = await running.ended;
      if (code === null) {
        kills += 1;
        const untouched = await seenStates(from.context);
        for (const name of names) expect({ ...untouched[name], tags: {} }).toEqual(before[name]);
        continue;
      }
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      break;
    }
    expect(kills).toBeGreaterThan(3);
    const [stayed, arrived] = [await seenStates(from.context), await seenStates(to.context)];
    for (const name of names) {
      expect(stayed[name]).toEqual({ ...before[name], tags: { "terrane:moved-to": expect.any(String) } });
      expect(arrived[name]).toMatchObject({ urns: before[name]?.urns, secrets: before[name]?.secrets });
      expect(arrived[name]?.tags).not.toHaveProperty("terrane:moved-to");
    }
    expect(Object.keys(arrived)).toEqual(names);
    for (const each of [from, to]) expect((await verifyAudit(each.context)).broken).toBeUndefined();
  }, 240_000);
}
