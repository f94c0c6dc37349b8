import { describe, expect, it } from "vitest";
import { EventLog, type OperationEvent } from "../../../src/library/event-log.ts";
import type { TerraneEvent } from "../../../src/model/event.ts";

const event = (stack: string): TerraneEvent => ({
  type: "stack:unchanged",
  stack,
  phase: "converge",
  at: "2026-11-21T12:00:00Z",
});

async function read(log: AsyncIterable<OperationEvent>): Promise<string[]> {
  const seen: string[] = [];
  for await (const each of log) {
    seen.push(each.type === "events:omitted" ? `${each.count} omitted` : "stack" in each ? each.stack : "");
  }
  return seen;
}

describe("the events of an operation", () => {
  it("come in order to a reader that waits for each of them", async () => {
    const log = new EventLog();
    const reading = read(log);
    for (const name of ["a", "b"]) {
      log.append(event(name));
      await Promise.resolve();
    }
    log.append(event("c"));
    log.end();
    expect(await reading).toEqual(["a", "b", "c"]);
  });

  it("are all there for a reader that comes when everything is over, and for the next one", async () => {
    const log = new EventLog();
    log.append(event("a"));
    log.append(event("b"));
    log.end();
    expect(await read(log)).toEqual(["a", "b"]);
    expect(await read(log)).toEqual(["a", "b"]);
  });

  it("wait for a slow reader, who misses none", async () => {
    const log = new EventLog();
    const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
    const iterator = log[Symbol.asyncIterator]();
    log.append(event("s0"));
    expect((await iterator.next()).value).toMatchObject({ stack: "s0" });
    for (const name of names.slice(1)) log.append(event(name));
    log.end();
    const rest: unknown[] = [];
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      rest.push((next.value as { stack: string }).stack);
    }
    expect(rest).toEqual(names.slice(1));
  });

  it("are let go, oldest first, beyond the limit, and the reader is told how many", async () => {
    const log = new EventLog(10);
    for (let index = 0; index < 25; index++) log.append(event(`s${index}`));
    log.end();
    const [omitted, ...seen] = await read(log);
    expect(omitted).toBe("15 omitted");
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `s${index + 15}`));
  });

  it("end with the error of the operation, after the last of them", async () => {
    const log = new EventLog();
    log.append(event("a"));
    log.end({ error: new Error("no engine") });
    const iterator = log[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ stack: "a" });
    await expect(iterator.next()).rejects.toThrow("no engine");
  });

  it("go on to a second reader when the first one leaves early", async () => {
    const log = new EventLog();
    log.append(event("a"));
    for await (const _ of log) break;
    log.append(event("b"));
    log.end();
    expect(await read(log)).toEqual(["a", "b"]);
  });
});
