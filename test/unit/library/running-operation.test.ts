import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TerraneError } from "../../../src/errors.ts";
import { startOperation } from "../../../src/library/running-operation.ts";
import type { ChangeOptions } from "../../../src/platform/api.ts";

const now = () => new Date("2026-11-21T12:00:00Z");
const strays: unknown[] = [];
const onStray = (error: unknown) => strays.push(error);

beforeEach(() => {
  strays.length = 0;
  process.on("unhandledRejection", onStray);
});
afterEach(() => {
  process.off("unhandledRejection", onStray);
});

/** Node reports rejections that nobody handled once the microtasks are done. */
const straysReported = () => new Promise((resolve) => setImmediate(resolve));

async function failing({ emit }: ChangeOptions): Promise<never> {
  emit({ type: "stack:unchanged", stack: "shop.virginia.data", phase: "converge" });
  throw new Error("no engine");
}

describe("a running operation", () => {
  it("gives each event the time of the clock that was handed in", async () => {
    const operation = startOperation({ now }, async ({ emit }) => {
      emit({ type: "operation:end", operation: "op-1", status: "succeeded" });
      return 7;
    });
    const seen: unknown[] = [];
    for await (const event of operation) seen.push(event);
    expect(seen).toEqual([
      { type: "operation:end", operation: "op-1", status: "succeeded", at: "2026-11-21T12:00:00.000Z" },
    ]);
    expect(await operation.result).toBe(7);
  });

  it("rejects with what went wrong first, not with what went wrong as everything was let go", async () => {
    const first = new TerraneError("state-not-saved", "1 resource exists that the state does not know");
    const operation = startOperation({ now }, async () => {
      await using _open = { [Symbol.asyncDispose]: () => Promise.reject(new Error("the database is gone")) };
      throw first;
    });
    await expect(operation.result).rejects.toBe(first);
  });

  it("that fails throws at the end of its events, and nothing is left unhandled when only they are read", async () => {
    const operation = startOperation({ now }, failing);
    const seen: string[] = [];
    const reading = async () => {
      for await (const event of operation) seen.push(event.type);
    };
    await expect(reading()).rejects.toThrow("no engine");
    await straysReported();
    expect(seen).toEqual(["stack:unchanged"]);
    expect(strays).toEqual([]);
  });

  it("that fails rejects its result, and nothing is left unhandled when only that is awaited", async () => {
    const operation = startOperation({ now }, failing);
    await expect(operation.result).rejects.toThrow("no engine");
    await straysReported();
    expect(strays).toEqual([]);
  });

  it("is asked to end by the first stop, and to end at once by the second", () => {
    let given: ChangeOptions | undefined;
    const operation = startOperation({ now }, (change) => {
      given = change;
      return new Promise(() => {});
    });
    const asked = () => [given?.signal.aborted, given?.force?.aborted];
    expect(asked()).toEqual([false, false]);
    operation.stop();
    expect(asked()).toEqual([true, false]);
    operation.stop();
    expect(asked()).toEqual([true, true]);
  });

  it("is asked the same by the caller's own signals", () => {
    const signal = new AbortController();
    const force = new AbortController();
    let given: ChangeOptions | undefined;
    startOperation({ now, signal: signal.signal, force: force.signal }, (change) => {
      given = change;
      return new Promise(() => {});
    });
    signal.abort();
    expect([given?.signal.aborted, given?.force?.aborted]).toEqual([true, false]);
    force.abort();
    expect([given?.signal.aborted, given?.force?.aborted]).toEqual([true, true]);
  });
});
