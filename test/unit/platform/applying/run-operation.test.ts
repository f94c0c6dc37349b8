import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TerraneError } from "../../../../src/errors.ts";
import { thisProcess } from "../../../../src/ledger/holder.ts";
import type { Lease } from "../../../../src/ledger/lease.ts";
import { Ledger } from "../../../../src/ledger/ledger.ts";
import type { Operation } from "../../../../src/model/operation.ts";
import { noChanges } from "../../../../src/model/plan.ts";
import {
  runOperation,
  type StepResult,
  type StepWork,
} from "../../../../src/platform/applying/run-operation.ts";

const now = new Date("2026-11-21T10:00:00Z");
const done: StepResult = { outcome: "done", counts: { ...noChanges, create: 1 }, resources: [] };
const failed: StepResult = {
  outcome: "failed",
  counts: noChanges,
  resources: [{ urn: "urn:b", action: "create", outcome: "failed", message: "VpcLimitExceeded" }],
  message: "the engine says no",
};

describe("running an operation", () => {
  let folder: string;
  let ledger: Ledger;
  let controller: AbortController;
  let lost: AbortController;
  let lease: Lease;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "operation-"));
    ledger = await Ledger.open(join(folder, "ledger.sqlite"));
    controller = new AbortController();
    lost = new AbortController();
  });
  afterEach(async () => {
    await ledger[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function begin(ids: readonly string[]): Promise<Operation> {
    const operation: Operation = {
      id: "op-1",
      kind: "up",
      environment: "demo",
      planHash: "hash",
      status: "running",
      startedBy: "tester",
      startedAt: now.toISOString(),
      steps: ids.map((id) => ({
        id,
        stack: id,
        phase: "converge",
        outcome: "not-started",
        counts: noChanges,
        resources: [],
      })),
    };
    lease = await ledger.beginOperation({
      record: {
        name: "demo",
        incarnation: "0badcafe",
        class: "dev",
        target: "simulated",
        blueprint: { name: "b", version: "1.0.0" },
        roles: {},
        addresses: {},
        status: "creating",
        updatedAt: now.toISOString(),
      },
      before: undefined,
      operation,
      holder: thisProcess("tester", now),
    });
    return operation;
  }

  const run = (operation: Operation, work: readonly StepWork[]) =>
    runOperation(operation, work, {
      ledger,
      lease,
      lost: lost.signal,
      now: () => now,
      emit: () => {},
      signal: controller.signal,
      parallel: 4,
      recordAfter: () => "gone",
    });

  it("says for every step whether it is done, failed or not started, and keeps that in the ledger", async () => {
    const operation = await begin(["a", "b", "c", "d"]);
    const ended = await run(operation, [
      { id: "a", after: [], run: async () => done },
      { id: "b", after: ["a"], run: async () => failed },
      { id: "c", after: ["b"], run: async () => done },
      { id: "d", after: ["a"], run: async () => done },
    ]);
    expect(ended.status).toBe("failed");
    expect(ended.steps.map((step) => `${step.id} ${step.outcome}`)).toEqual([
      "a done",
      "b failed",
      "c not-started",
      "d done",
    ]);
    expect(ended.steps[1]).toMatchObject({ message: failed.message, resources: failed.resources });
    expect(await ledger.latestOperation("demo")).toEqual(ended);
  });

  it("has recorded a step before it is run, so that a killed process leaves it as unknown", async () => {
    const operation = await begin(["a"]);
    let seen: string | undefined;
    await run(operation, [
      {
        id: "a",
        after: [],
        run: async () => {
          seen = (await ledger.latestOperation("demo"))?.steps[0]?.outcome;
          return done;
        },
      },
    ]);
    expect(seen).toBe("unknown");
  });

  it("does not run again what is recorded as done", async () => {
    const operation = await begin(["a", "b"]);
    const before = await run(operation, [
      { id: "a", after: [], run: async () => done },
      { id: "b", after: ["a"], run: async () => failed },
    ]);
    const again: string[] = [];
    await begin(["a", "b"]);
    const ended = await run(before, [
      { id: "a", after: [], run: async () => (again.push("a"), done) },
      { id: "b", after: ["a"], run: async () => (again.push("b"), done) },
    ]);
    expect(again).toEqual(["b"]);
    expect(ended.status).toBe("succeeded");
  });

  it("counts a step that throws as failed, with its words", async () => {
    const operation = await begin(["a"]);
    const ended = await run(operation, [
      { id: "a", after: [], run: () => Promise.reject(new Error("no disk")) },
    ]);
    expect(ended.steps[0]).toMatchObject({ outcome: "failed", message: "no disk" });
  });

  it("ends with the reason when its lease is lost, and records nothing more", async () => {
    const operation = await begin(["a", "b"]);
    const reason = new TerraneError("lease-lost", "somebody has taken over");
    const ran: string[] = [];
    const running = run(operation, [
      { id: "a", after: [], run: async () => (lost.abort(reason), ran.push("a"), done) },
      { id: "b", after: ["a"], run: async () => (ran.push("b"), done) },
    ]);
    await expect(running).rejects.toBe(reason);
    expect(ran).toEqual(["a"]);
    expect((await ledger.latestOperation("demo"))?.status).toBe("running");
  });

  it("is cancelled when the signal came before the last step", async () => {
    const operation = await begin(["a", "b"]);
    const ended = await run(operation, [
      { id: "a", after: [], run: async () => (controller.abort(), done) },
      { id: "b", after: ["a"], run: async () => done },
    ]);
    expect(ended.status).toBe("cancelled");
    expect(ended.steps.map((step) => step.outcome)).toEqual(["done", "not-started"]);
  });
});
