/** What comes in wrong at the command line, by its number in the list of bad input. */
import { describe, expect, it } from "vitest";
import type { UseCases } from "../../src/cli/use-cases.ts";
import type { Plan } from "../../src/model/plan.ts";
import { askToApply } from "../../src/platform/applying/ask-to-apply.ts";
import { assertMerged } from "../../src/platform/applying/assert-merged.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject } from "../support/project.ts";
import { type FakeIoOptions, runFake } from "./cli/fakes.ts";
import { changedPlan, newPlan, succeeded } from "./cli/samples.ts";

const refusal = async (...argv: string[]) => {
  const { code, stdout, stderr } = await runFake(argv);
  return { code, stdout, stderr };
};

describe("bad input: the command line", () => {
  it.each([
    [["plna"], "unknown command 'plna'", "Did you mean plan?"],
    [["cloud", "lss"], "unknown command 'lss'", "Did you mean ls?"],
    [
      ["up", "--allow-dataloss", "a@b"],
      "unknown option '--allow-dataloss'",
      "Did you mean --allow-data-loss?",
    ],
    [["up", "--yse"], "unknown option '--yse'", "Did you mean --yes?"],
    [["up", "--timeout"], "argument missing", "terrane up --help"],
    [["up", "--yes", "--yes"], "--yes is given twice", "Give --yes once."],
    [["up", "-y", "--yes"], "--yes is given twice", "Give --yes once."],
    [["plan", "--destroy", "--destroy"], "--destroy is given twice", "Give --destroy once."],
    [["up", "-C", "a", "--dir=b"], '--dir is given twice: "a" and "b"', "Give --dir once."],
    [["up", "--parallel", "0"], '--parallel cannot be "0"', "from 1 to 256"],
    [["up", "--parallel", "-1"], '--parallel cannot be "-1"', "from 1 to 256"],
    [["up", "--parallel", "1e9"], '--parallel cannot be "1e9"', "from 1 to 256"],
    [["up", "--parallel", "NaN"], '--parallel cannot be "NaN"', "from 1 to 256"],
    [["up", "--timeout", "5x"], '--timeout cannot be "5x"', "30s, 15m, 2h"],
    [["up", "--color", "sometimes"], '--color cannot be "sometimes"', "auto, always, never"],
    [["up", "--json", "--json-lines"], "--json and --json-lines exclude each other", "Give one of them"],
    [["up", "--allow-data-loss", "orders"], '--allow-data-loss cannot be "orders"', "orders@virginia"],
    [["up", "shop", "stray"], "too many arguments", "terrane up --help"],
    [["up", "--target", "liv"], "unknown option '--target'", "terrane up --help"],
  ])("67: %j is refused with what is right, exit 64, nothing on stdout", async (argv, message, next) => {
    const { code, stdout, stderr } = await refusal(...argv);
    expect(code).toBe(64);
    expect(argv.includes("--json") ? "" : stdout).toBe("");
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(message);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(next);
  });

  it("67: counting flags may be repeated, and so may those that add up", async () => {
    const seen: unknown[] = [];
    const { code } = await runFake(
      ["up", "-v", "-v", "-y", "--allow-data-loss", "a@x", "--allow-data-loss", "b@x"],
      {
        upEnvironment: async (_context, _name, options) => {
          seen.push(options.allowDataLoss);
          return succeeded;
        },
      },
    );
    expect(code).toBe(0);
    expect(seen).toEqual([["a@x", "b@x"]]);
  });
});

const prodPlan: Plan = {
  ...changedPlan,
  environment: "shop",
  class: "prod",
  findings: [],
  sources: { orders: { file: "blueprints/shop/blueprint.yaml", line: 12, column: 3 } },
};

/** A platform whose `up` asks as the real one does, and ends well where it may go on. */
function upThatAsks(plan: Plan): Partial<UseCases> & { readonly applied: Plan[] } {
  const applied: Plan[] = [];
  return {
    applied,
    upEnvironment: async (_context, _name, options) => {
      if (!(await askToApply(plan, options))) return { ...succeeded, plan, result: "declined" };
      applied.push(plan);
      return { ...succeeded, plan };
    },
  };
}

const terminal = (...typed: string[]): FakeIoOptions => ({ terminal: true, typed });

describe("bad input: a change nobody has said yes to", () => {
  it("68: without a terminal and without --yes it is refused, never waited for", async () => {
    const platform = upThatAsks(newPlan);
    const { code, stderr } = await runFake(["up"], platform);
    expect(code).toBe(64);
    expect(stderr).toContain("confirmation-required");
    expect(platform.applied).toEqual([]);
  });

  it.each([
    ["--yes, without a terminal", ["--yes"], {}],
    ["--yes, on a terminal", ["--yes"], terminal("y")],
    ["nothing, without a terminal", [], {}],
    ["--yes that names another component", ["--yes", "--allow-data-loss", "orders@iowa"], {}],
  ])("68: prod loses no data by %s", async (_case, flags, options) => {
    const platform = upThatAsks(prodPlan);
    const { code, stderr } = await runFake(["up", ...flags], platform, options);
    expect(platform.applied).toEqual([]);
    expect(code).toBe(flags.includes("--allow-data-loss") ? 64 : 4);
    if (code === 64) {
      expect(stderr).toContain("orders@iowa");
      expect(stderr).toContain("Name one of its components: orders@virginia, vpc@virginia.");
      return;
    }
    expect(stderr).toContain("blueprints/shop/blueprint.yaml:12:3");
    expect(stderr).toContain("approval-required");
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "orders@virginia: orders (aws:rds/instance:Instance) would be replaced, and its data with it, because of dbName",
    );
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "terrane up shop --yes --allow-data-loss orders@virginia",
    );
  });

  it("68: the command that the refusal prints goes on", async () => {
    const platform = upThatAsks(prodPlan);
    const argv = ["up", "shop", "--yes", "--allow-data-loss", "orders@virginia"];
    expect((await runFake(argv, platform)).code).toBe(0);
    expect(platform.applied).toEqual([prodPlan]);
  });

  it("68: on a terminal the name of the component is the yes, and nothing else is", async () => {
    for (const [typed, applied] of [
      ["orders@virginia", 1],
      ["y", 0],
      ["yes", 0],
      ["orders", 0],
      ["", 0],
    ] as const) {
      const platform = upThatAsks(prodPlan);
      const { code, stderr } = await runFake(["up", "--color=never"], platform, terminal(typed));
      expect(platform.applied, typed).toHaveLength(applied);
      expect(code).toBe(applied === 1 ? 0 : 1);
      expect(stderr).toContain("The data of orders@virginia will be lost. Type orders@virginia to go on:");
      expect(stderr).not.toContain("[y/N]");
    }
  });

  it("68: a component named by a slip is refused with the nearest", async () => {
    const argv = ["up", "--yes", "--allow-data-loss", "ordrs@virginia"];
    const { code, stderr } = await runFake(argv, upThatAsks(prodPlan));
    expect(code).toBe(64);
    expect(stderr).toContain("Did you mean orders@virginia?");
  });

  it("68: other classes need no names", async () => {
    const platform = upThatAsks({ ...prodPlan, class: "staging" });
    expect((await runFake(["up", "--yes"], platform)).code).toBe(0);
    expect(platform.applied).toHaveLength(1);
  });

  it("68: a library user's bare true is no name either", async () => {
    const options = { confirm: async () => true };
    await expect(askToApply(prodPlan, options)).rejects.toMatchObject({
      code: "approval-required",
      details: { components: ["orders@virginia"] },
    });
    await expect(askToApply(prodPlan, { confirm: async (_plan, names) => names })).resolves.toBe(true);
  });
});

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: network, version: 1.0.0 }
sites: { virginia: { cloud: aws, region: us-east-1, role: primary } }
components: { vpc: { type: vpc, cidr: 10.0.0.0/16 } }
`;

async function shop(environmentClass: string) {
  return makeProject({
    "blueprints/network/blueprint.yaml": blueprint,
    "environments/shop.yaml": environmentText("shop", "network", [], environmentClass),
  });
}

describe("bad input: a change from a pull request", () => {
  it.each([
    ["GITHUB_EVENT_NAME", "pull_request"],
    ["GITHUB_EVENT_NAME", "pull_request_target"],
    ["CI_MERGE_REQUEST_IID", "12"],
    ["CIRCLE_PULL_REQUEST", "https://github.com/acme/shop/pull/12"],
    ["BUILDKITE_PULL_REQUEST", "12"],
    ["SYSTEM_PULLREQUEST_PULLREQUESTID", "12"],
    ["BITBUCKET_PR_ID", "12"],
    ["CHANGE_ID", "12"],
  ])("69: %s=%s is seen", async (name, value) => {
    const seen: unknown[] = [];
    await runFake(
      ["up", "--yes"],
      {
        upEnvironment: async (context) => {
          seen.push(context.pullRequest);
          return succeeded;
        },
      },
      { environment: { [name]: value } },
    );
    expect(seen).toEqual([`${name}=${value}`]);
  });

  it.each([
    ["GITHUB_EVENT_NAME", "push"],
    ["BUILDKITE_PULL_REQUEST", "false"],
    ["CHANGE_ID", ""],
  ])("69: %s=%j is none", async (name, value) => {
    const seen: unknown[] = [];
    const useCases: Partial<UseCases> = {
      upEnvironment: async (context) => {
        seen.push(context.pullRequest);
        return succeeded;
      },
    };
    await runFake(["up", "--yes"], useCases, { environment: { [name]: value } });
    expect(seen).toEqual([undefined]);
  });

  const pullRequest = "GITHUB_EVENT_NAME=pull_request";

  it("69: prod is not changed from one, and nothing was touched", async () => {
    await using project = await shop("prod");
    const up = upEnvironment({ ...project.context, pullRequest }, "shop", applying());
    await expect(up).rejects.toMatchObject({
      code: "not-from-a-pull-request",
      message: expect.stringContaining("its class is prod"),
    });
  });

  it("69: --live is not to be had from one, whatever the class", async () => {
    await using project = await shop("dev");
    const up = upEnvironment({ ...project.context, pullRequest }, "shop", applying({ target: "live" }));
    await expect(up).rejects.toMatchObject({
      code: "not-from-a-pull-request",
      exitCode: 4,
      message: expect.stringContaining("its target is the live clouds"),
    });
    const nothing = destroyEnvironment({ ...project.context, pullRequest }, "shop", applying());
    await expect(nothing).rejects.toMatchObject({ code: "environment-not-found" });
  });

  it("69: simulated environments of other classes may be changed from one", () => {
    const context = { dir: "/", home: "/", environment: {}, now: () => new Date(0), pullRequest };
    expect(() => assertMerged(context, { class: "staging", target: "simulated" })).not.toThrow();
    expect(() => assertMerged(context, { class: "dev", target: "live" })).toThrow(/live clouds/);
  });
});
