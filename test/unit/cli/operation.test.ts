import { describe, expect, it } from "vitest";
import { run } from "../../../src/cli/main.ts";
import { applyLines } from "../../../src/cli/output/summary.ts";
import { type UseCases } from "../../../src/cli/use-cases.ts";
import { TerraneError } from "../../../src/errors.ts";
import type { EventBody } from "../../../src/model/event.ts";
import type { Operation } from "../../../src/model/operation.ts";
import { noChanges, type Plan } from "../../../src/model/plan.ts";
import type { ApplyOptions, ApplyResult } from "../../../src/platform/api.ts";
import { type FakeIo, fakeIo, fakeUseCases, runFake } from "./fakes.ts";
import {
  changedPlan,
  databaseUrn,
  deniedFinding,
  failed,
  failedOperation,
  newPlan,
  succeeded,
  unchangedPlan,
  urn,
  vpcUrn,
} from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

const network = "shop.virginia.network";
const sources = { orders: { file: "blueprints/shop/blueprint.yaml", line: 12, column: 3 } };

/** A platform whose `up` plans, asks, and ends as told. */
function upWith(
  result: ApplyResult,
  plan: Plan = newPlan,
): Partial<UseCases> & { readonly asked: boolean[] } {
  const asked: boolean[] = [];
  return {
    asked,
    upEnvironment: async (_context, _name, options) => {
      const yes = (await options.confirm(plan, [])) !== false;
      asked.push(yes);
      return yes ? result : { ...result, result: "declined" };
    },
  };
}

describe("how an operation ended", () => {
  it("well: outputs, resources and what to type next", () => {
    expect(toText(applyLines(succeeded, { width: 80, rows: 40, verbose: false }))).toBe(text`
      ✓ shop is up  SIMULATED
        5 created in 42 s

        ✓ virginia.network  3 created  3.0 s
        ✓ virginia.data     2 created  39 s

      Outputs
        virginia.vpc     id        vpc-0a1b2c3d
                         cidr      10.0.0.0/16
        virginia.orders  endpoint  orders-5f3a.rds.example.com
                         port      5432
                         password  [secret]

      Next
        terrane outputs shop  all outputs
        terrane status shop   what there is
        terrane plan shop     what a change would do
        terrane destroy shop  back to nothing
    `);
  });

  it("fits one screen, each component with some of its outputs", () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`output${index}`, index]));
    const outputs = { virginia: { vpc: many, orders: many } };
    const lines = applyLines({ ...succeeded, outputs }, { width: 80, rows: 24, verbose: false });
    expect(lines.length).toBeLessThan(24);
    expect(toText(lines)).toContain("virginia.vpc     output0");
    expect(toText(lines)).toContain("virginia.orders  output0");
    expect(toText(lines)).toMatch(/and \d+ more: terrane outputs shop/);
  });

  it("badly: each stack and resource as done, failed, unknown or not started, in the cloud's words", () => {
    const result = { ...failed, plan: { ...newPlan, sources } };
    expect(toText(applyLines(result, { width: 80, rows: 24, verbose: false }))).toBe(text`
      ✗ up of shop failed  SIMULATED
        3 steps: 1 done, 1 failed, 1 not started after 42 s

        ✗ + orders  aws:rds:Instance  failed
          DBSubnetGroupDoesNotCoverEnoughAZs: the group covers 1 zone, at least 2 are
          needed
          orders@virginia  blueprints/shop/blueprint.yaml:12:3
        ? + orders-events  acme:queue:Queue  unknown  orders@virginia

        ✓ virginia.network  done         3 created
        ✗ virginia.data     failed       1 created
        · virginia.compute  not started

      Next
        terrane up shop  goes on from what exists
    `);
  });

  it.each([
    "updating SQS Queue: api error Queue.NotFound: Queue https://sqs.us-east-1.amazonaws.com/1/a does not exist",
    "googleapi: Error 404: The resource 'projects/a/global/networks/b' was not found",
    "InvalidSubnetID.NotFound: The subnet ID 'subnet-1' does not exist",
    "NoSuchEntity: The role with name a cannot be found.",
    "ResourceNotFoundException: No cluster found for name: a.",
    "StateError: it doesn't exist",
  ])("badly, as something is gone: %s", (message) => {
    const told = (words: string) => {
      const [step] = failedOperation.steps;
      if (step === undefined) throw new Error("the sample has steps");
      const resource = { urn: databaseUrn, action: "update", outcome: "failed", message: words } as const;
      const operation = { ...failedOperation, steps: [{ ...step, resources: [resource] }] };
      return toText(applyLines({ ...failed, operation }, { width: 100, rows: 40, verbose: false }));
    };
    expect(told(message)).toContain("  terrane refresh shop  before, if other hands have deleted something");
    expect(told("AccessDenied: not allowed")).not.toContain("refresh");
  });

  it("badly, on one screen: the first failures, how many more there are, and all that is unknown", () => {
    const resources = (["failed", "unknown", "not-started"] as const).flatMap((outcome) =>
      Array.from({ length: 20 }, (_, index) => ({
        urn: `${vpcUrn}-${outcome}-${index}`,
        action: "create" as const,
        outcome,
        ...(outcome === "failed" ? { message: "VpcLimitExceeded: 5 of 5" } : {}),
      })),
    );
    const [step] = failedOperation.steps;
    if (step === undefined) throw new Error("the sample has steps");
    const steps = Array.from({ length: 12 }, (_, index) => ({
      ...step,
      stack: `shop.site-${index}.network`,
      outcome: "failed" as const,
      resources: index === 0 ? resources.filter(({ outcome }) => outcome !== "unknown") : [],
    }));
    const result = { ...failed, operation: { ...failedOperation, steps } };
    const lines = applyLines(result, { width: 80, rows: 24, verbose: false });
    expect(lines.length).toBeLessThan(24);
    const short = toText(lines);
    expect(short).toMatch(/and \d+ more failures: terrane status shop -v/);
    expect(short).toMatch(/and \d+ more stacks: terrane status shop/);
    expect(short).toContain("3 created, 20 resources not started");
    const [first, ...rest] = steps;
    if (first === undefined) throw new Error("there are twelve");
    const unclear = { ...result.operation, steps: [{ ...first, resources }, ...rest] };
    const all = toText(
      applyLines({ ...result, operation: unclear }, { width: 80, rows: 24, verbose: false }),
    );
    for (let index = 0; index < 20; index += 1) expect(all).toMatch(new RegExp(`vpc-unknown-${index}\\b`));
    const long = toText(applyLines(result, { width: 80, rows: 24, verbose: true }));
    expect(long.match(/aws:ec2:Vpc {2}site-0.network {2}not started$/gm)).toHaveLength(20);
    expect(long.match(/VpcLimitExceeded/g)).toHaveLength(20);
  });

  it("well, on one screen however many stacks and outputs there are", () => {
    const [step] = succeeded.operation?.steps ?? [];
    if (succeeded.operation === undefined || step === undefined) throw new Error("the sample has steps");
    const stacks = Array.from({ length: 24 }, (_, index) => `shop.site-${index}.network`);
    const steps = stacks.map((stack) => ({ ...step, stack }));
    const outputs = Object.fromEntries(
      Array.from({ length: 24 }, (_, index) => [
        `site-${index}`,
        { cluster: { name: "c", endpoint: "https://c.example.com", subnetIds: ["subnet-1"] } },
      ]),
    );
    const lines = applyLines(
      { ...succeeded, outputs, operation: { ...succeeded.operation, steps } },
      { width: 80, rows: 24, verbose: false },
    );
    expect(lines.length).toBeLessThan(24);
    expect(toText(lines)).toMatch(/and \d+ more stacks: terrane status shop/);
    expect(toText(lines)).toContain("endpoint  https://c.example.com");
    expect(toText(lines)).not.toContain("subnetIds");
  });

  it("is annotated in a workflow at the line of the component, in the cloud's words", async () => {
    const { stderr } = await runFake(
      ["up", "--yes", "-C", "deploy"],
      { upEnvironment: async () => ({ ...failed, plan: { ...newPlan, sources } }) },
      { environment: { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: "/project" } },
    );
    expect(stderr).toContain(
      "::error title=operation-failed,file=deploy/blueprints/shop/blueprint.yaml,line=12,col=3::orders@virginia: create of orders failed: DBSubnetGroupDoesNotCoverEnoughAZs: the group covers 1 zone, at least 2 are needed%0Anext: terrane up shop",
    );
  });

  it.each([40, 60])("fits %i columns", (width) => {
    for (const result of [succeeded, failed]) {
      expect(widest(applyLines(result, { width, rows: 24, verbose: false }))).toBeLessThanOrEqual(width);
    }
  });

  it("has an exit code for each end", async () => {
    const codes = { succeeded: 0, unchanged: 0, failed: 1, cancelled: 130, declined: 1 } as const;
    for (const [result, code] of Object.entries(codes)) {
      const ended = { ...failed, result: result as ApplyResult["result"] };
      const { code: got } = await runFake(["up", "--yes"], { upEnvironment: async () => ended });
      expect(got, result).toBe(code);
    }
  });

  it("says in one line that nothing had to be done", async () => {
    const { code, stdout } = await runFake(["up"], {
      upEnvironment: async () => ({ ...succeeded, plan: unchangedPlan, result: "unchanged" }),
    });
    expect(code).toBe(0);
    expect(stdout).toBe("✓ shop unchanged: 3 resources in 1 stack, nothing to do  SIMULATED\n");
  });
});

describe("the question", () => {
  it.each([
    ["y", 0, true],
    [" YES ", 0, true],
    ["n", 1, false],
    ["", 1, false],
    ["yesterday", 1, false],
  ])("answered with %j ends with %i", async (typed, code, yes) => {
    const platform = upWith(succeeded);
    const ran = await runFake(["up"], platform, { terminal: true, typed: [typed] });
    expect(ran.code).toBe(code);
    expect(platform.asked).toEqual([yes]);
    expect(ran.stdout).toContain("Plan for shop");
    expect(ran.stderr).toContain("[y/N] ");
    if (!yes) expect(ran.stdout).toContain("Nothing was changed.");
  });

  it("is no when input ends", async () => {
    const platform = upWith(succeeded);
    expect((await runFake(["up"], platform, { terminal: true })).code).toBe(1);
    expect(platform.asked).toEqual([false]);
  });

  it("is never asked with --yes", async () => {
    const { code, stderr, stdout } = await runFake(["up", "--yes"], upWith(succeeded), { terminal: true });
    expect(code).toBe(0);
    expect(stderr).not.toContain("[y/N]");
    expect(stdout).toContain("Plan for shop");
  });

  it("is not asked where nothing would change: the operation only puts its record right", async () => {
    const platform = upWith(succeeded, unchangedPlan);
    expect((await runFake(["up"], platform)).code).toBe(0);
    expect(platform.asked).toEqual([true]);
  });

  it.each([
    ["without a terminal", [], {}],
    ["with --non-interactive", ["--non-interactive"], { terminal: true, typed: ["y"] }],
    [
      "where a variable says so",
      [],
      { terminal: true, typed: ["y"], environment: { TERRANE_NON_INTERACTIVE: "1" } },
    ],
  ])("is not asked %s: the plan is shown and the command to run is named", async (_case, flags, options) => {
    const platform = upWith(succeeded);
    const { code, stdout, stderr } = await runFake(["up", ...flags], platform, options);
    expect(code).toBe(64);
    expect(platform.asked).toEqual([]);
    expect(stdout).toContain("Plan for shop");
    expect(stderr).toContain("confirmation-required");
    expect(stderr).toContain("terrane up shop --yes");
  });

  it("shows the plan on stderr when a machine reads stdout", async () => {
    const { stdout, stderr } = await runFake(["up", "--json"], upWith(succeeded), {
      terminal: true,
      typed: ["y"],
    });
    expect(JSON.parse(stdout)).toMatchObject({ format: "terrane.dev/up/v1", result: "succeeded" });
    expect(stderr).toContain("Plan for shop");
  });

  it("is answered with no by Ctrl-C", async () => {
    const io = fakeIo({ terminal: true });
    const asking: FakeIo = {
      ...io,
      stdin: {
        ...io.stdin,
        readLine: (signal) =>
          new Promise((answer) => {
            signal.addEventListener("abort", () => answer(undefined));
            io.interrupt();
          }),
      },
    };
    const platform = upWith(succeeded);
    await run(["up"], asking, fakeUseCases(platform));
    expect(platform.asked).toEqual([false]);
    expect(io.held()).toBe(0);
  });
});

/** Runs `up` with a platform that is steered from outside, event by event. */
function startUp(argv: readonly string[], io: FakeIo) {
  let finish: (result: ApplyResult) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  let begun: (options: ApplyOptions) => void = () => {};
  const options = new Promise<ApplyOptions>((resolve) => {
    begun = resolve;
  });
  const code = run(
    argv,
    io,
    fakeUseCases({
      upEnvironment: async (_context, _name, given) => {
        await given.confirm(changedPlan, []);
        begun(given);
        return new Promise<ApplyResult>((resolve, reject) => {
          finish = resolve;
          fail = reject;
        });
      },
    }),
  );
  return {
    code,
    options,
    finish: (result: ApplyResult) => finish(result),
    fail: (error: unknown) => fail(error),
  };
}

const begin: EventBody = { type: "stack:start", stack: network, phase: "converge", verb: "up" };
const vpcComponentUrn = urn(network, "terrane:component:Vpc", "vpc");
const work: EventBody = { type: "resource:start", stack: network, urn: vpcUrn, action: "create" };

describe("Ctrl-C", () => {
  it("is not told as a failure: what was stopped is stopped, and what is unknown is named", () => {
    const operation: Operation = {
      ...failedOperation,
      status: "cancelled",
      steps: failedOperation.steps.map((step) =>
        step.outcome === "failed"
          ? {
              ...step,
              message: `${step.stack}: stopped at once on request`,
              resources: step.resources.filter((each) => each.outcome !== "failed"),
            }
          : step,
      ),
    };
    const lines = applyLines(
      { ...failed, result: "cancelled", operation },
      { width: 80, rows: 24, verbose: false },
    );
    expect(toText(lines)).toBe(text`
      ! up of shop was stopped  SIMULATED
        3 steps: 1 done, 1 stopped, 1 not started after 42 s

        ? + orders-events  acme:queue:Queue  unknown  orders@virginia

        ✓ virginia.network  done         3 created
        ! virginia.data     stopped      1 created
        · virginia.compute  not started

      Next
        terrane up shop  goes on from what exists
    `);
  });

  it("once lets what is running finish, twice stops at once, and the exit code is 130", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes"], io);
    const { emit, signal, force } = await up.options;
    emit(begin);
    emit(work);
    emit({ ...work, urn: databaseUrn });
    // No step of its own: it is at work while its resources are.
    emit({ ...work, urn: vpcComponentUrn });

    io.interrupt();
    expect(signal.aborted).toBe(true);
    expect(force?.aborted).toBe(false);
    expect(io.written.stderr).toContain("finishing 2 steps; Ctrl-C again to stop at once");

    io.interrupt();
    expect(force?.aborted).toBe(true);
    up.finish({ ...failed, result: "cancelled" });
    expect(await up.code).toBe(130);
    expect(io.written.stdout).toContain("! up of shop was stopped");
    expect(io.held()).toBe(0);
  });

  it("ends with 130 also where the platform throws", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes"], io);
    const { signal } = await up.options;
    io.interrupt();
    up.fail(signal.reason);
    expect(await up.code).toBe(130);
  });
});

describe("--timeout", () => {
  it("stops in good order and exits with 6", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes", "--timeout", "15m"], io);
    const { signal } = await up.options;
    io.advance(899_000);
    expect(signal.aborted).toBe(false);
    io.advance(1_000);
    expect(signal.aborted).toBe(true);
    up.finish({ ...failed, result: "cancelled" });
    expect(await up.code).toBe(6);
    expect(io.held()).toBe(0);
  });

  it("exits with 6 also where the platform throws `cancelled`", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes", "--timeout", "1s"], io);
    await up.options;
    io.advance(1_000);
    up.fail(new TerraneError("cancelled", "the operation was interrupted"));
    expect(await up.code).toBe(6);
    expect(io.written.stderr).toContain("timed-out");
  });

  it("also ends a command that only reads", async () => {
    const io = fakeIo();
    const code = run(
      ["status", "--timeout", "2s"],
      io,
      fakeUseCases({
        readStatus: () => {
          queueMicrotask(() => io.advance(2_000));
          return new Promise(() => {});
        },
      }),
    );
    expect(await code).toBe(6);
  });
});

describe("while it runs", () => {
  it("a terminal shows a region that is drawn over itself and gone at the end", async () => {
    const io = fakeIo({ terminal: true, columns: 60 });
    const up = startUp(["up", "--yes"], io);
    const { emit } = await up.options;
    emit(begin);
    emit(work);
    io.advance(200);
    const drawn = io.written.stderr;
    expect(drawn).toContain("virginia.network");
    expect(drawn).toContain("\r\u001b[4A\u001b[0J");
    up.finish(succeeded);
    await up.code;
    expect(io.written.stderr.endsWith("\r\u001b[4A\u001b[0J")).toBe(true);
  });

  it.each([
    ["TERM=dumb", { TERM: "dumb" }],
    ["CI", { CI: "true" }],
  ])("a terminal with %s is written to line by line", async (_case, environment) => {
    const io = fakeIo({ terminal: true, environment: { ...environment, NO_COLOR: "1" } });
    const up = startUp(["up", "--yes"], io);
    const { emit } = await up.options;
    emit(begin);
    io.advance(10_000);
    up.finish(succeeded);
    await up.code;
    expect(io.written.stderr).not.toContain("\u001b");
    expect(io.written.stderr).toContain("→ virginia.network  up\n");
  });

  it("a log gets a line a stack, failures in the cloud's words, and a heartbeat every 30 s", async () => {
    const io = fakeIo();
    const up = startUp(["up", "shop", "--yes"], io);
    const { emit } = await up.options;
    emit(begin);
    emit(work);
    io.advance(61_000);
    emit({
      type: "resource:end",
      stack: network,
      urn: vpcUrn,
      action: "create",
      outcome: "failed",
      message: "VpcLimitExceeded: 5 of 5",
    });
    emit({ type: "diagnostic", stack: network, severity: "info", message: "not worth a line" });
    emit({
      type: "diagnostic",
      stack: network,
      severity: "error",
      message: "VpcLimitExceeded: 5 of 5",
      urn: vpcUrn,
    });
    emit({
      type: "stack:end",
      stack: network,
      phase: "converge",
      verb: "up",
      outcome: "failed",
      counts: { ...noChanges, create: 1 },
      milliseconds: 61_000,
    });
    up.finish(failed);
    expect(await up.code).toBe(1);
    expect(io.written.stderr).toBe(
      [
        "planning shop",
        "→ virginia.network  up",
        "… still at work: 0/3, 30 s: virginia.network  + vpc",
        "… still at work: 0/3, 1 min 0 s: virginia.network  + vpc",
        "✗ virginia.network  + vpc  aws:ec2:Vpc",
        "    VpcLimitExceeded: 5 of 5",
        "    vpc@virginia",
        "✗ virginia.network  failed  1 created  1 min 1 s",
        "",
      ].join("\n"),
    );
  });

  it("findings are shown while something is applied; those of a plan stand in the plan", async () => {
    const io = fakeIo();
    const seen = { planning: "" };
    const code = run(
      ["up", "--yes"],
      io,
      fakeUseCases({
        upEnvironment: async (_context, _name, options) => {
          options.emit({ type: "finding", stack: network, finding: deniedFinding });
          seen.planning = io.written.stderr;
          await options.confirm(newPlan, []);
          options.emit({ type: "finding", stack: network, finding: deniedFinding });
          return failed;
        },
      }),
    );
    expect(await code).toBe(1);
    expect(seen.planning).not.toContain("denied by");
    expect(io.written.stderr).toContain("✗ denied by baseline/no-public-database: orders");
  });

  it("--quiet writes nothing but the end", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes", "-q"], io);
    const { emit } = await up.options;
    emit(begin);
    io.advance(60_000);
    up.finish(succeeded);
    expect(await up.code).toBe(0);
    expect(io.written.stderr).toBe("");
    expect(io.written.stdout).toBe("✓ shop is up  SIMULATED\n");
  });

  it("--json-lines streams events with their time and ends with the answer", async () => {
    const io = fakeIo();
    const up = startUp(["up", "--yes", "--json-lines"], io);
    const { emit } = await up.options;
    emit(begin);
    up.finish(succeeded);
    await up.code;
    const lines = io.written.stdout
      .trimEnd()
      .split("\n")
      .map((each) => JSON.parse(each) as object);
    expect(lines).toEqual([
      { at: "2026-11-21T10:00:00.000Z", ...begin },
      { format: "terrane.dev/up/v1", ...succeeded },
    ]);
  });

  it("a failure ends a stream with one line that says it", async () => {
    const { stdout, code } = await runFake(["up", "--json-lines"], upWith(succeeded));
    expect(code).toBe(64);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((each) => JSON.parse(each)),
    ).toMatchObject([{ format: "terrane.dev/error/v1", code: "confirmation-required", exitCode: 64 }]);
  });
});

describe("what is handed on", () => {
  it("the target only with --live, the user's name, the parallel degree", async () => {
    const seen: unknown[] = [];
    const upEnvironment: UseCases["upEnvironment"] = async (_context, name, options) => {
      seen.push([name, options.target, options.startedBy, options.parallel]);
      return succeeded;
    };
    await runFake(["up", "shop", "--live", "--parallel", "8"], { upEnvironment });
    await runFake(["deploy"], { upEnvironment });
    expect(seen).toEqual([
      ["shop", "live", "ada", 8],
      [undefined, undefined, "ada", undefined],
    ]);
  });

  it("destroy asks about what goes away", async () => {
    const { stderr, code } = await runFake(
      ["rm", "shop"],
      {
        destroyEnvironment: async (_context, _name, options) => {
          const plan: Plan = { ...newPlan, kind: "destroy", counts: { ...noChanges, delete: 5 } };
          return (await options.confirm(plan, []))
            ? { ...succeeded, plan }
            : { ...succeeded, plan, result: "declined" };
        },
      },
      { terminal: true, typed: ["y"], environment: { NO_COLOR: "1" } },
    );
    expect(code).toBe(0);
    expect(stderr).toContain("Destroy shop: 5 delete?  SIMULATED  [y/N] ");
  });
});
