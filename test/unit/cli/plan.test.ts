import { describe, expect, it } from "vitest";
import { planLines } from "../../../src/cli/output/plan.ts";
import { unknown } from "../../../src/values/value.ts";
import { runFake } from "./fakes.ts";
import {
  changedPlan,
  deniedFinding,
  movedPlan,
  newPlan,
  passedFinding,
  plan,
  unchangedPlan,
} from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

describe("a plan", () => {
  it("of a new environment shows what is created and which outputs are not known yet", () => {
    expect(toText(planLines(newPlan, { width: 90, verbose: false }))).toBe(text`
      Plan for shop  SIMULATED
      5 create, 0 update, 0 replace, 0 delete
      class staging · blueprint aws-platform 1.0.0 · 2 stacks · names and addresses provisional

      virginia.network  3 create
        + vpc              terrane:component:Vpc
          + vpc            aws:ec2:Vpc
          + vpc-private-a  aws:ec2:Subnet
        outputs
          vpc.cidr: "10.0.0.0/16"
          known after up: vpc.id

      virginia.data  2 create
        + orders    terrane:component:Postgres
          + orders  aws:rds:Instance
        outputs
          orders.password: [secret]
          known after up: orders.endpoint
    `);
  });

  it("shows the inputs of what is created when asked for more", () => {
    const screen = toText(planLines(newPlan, { width: 80, verbose: true }));
    expect(screen).toContain('      + cidrBlock: "10.0.0.0/16"');
    expect(screen).toContain("      + vpcId: (known after up)");
  });

  it("tells of outputs that are there already only what changes", () => {
    const before = { vpc: { id: "vpc-1", cidr: "10.0.0.0/16", zones: ["a"], arn: "old" }, gone: { id: "g" } };
    const stacks = newPlan.stacks.map((stack, index) => ({
      ...stack,
      outputs: index === 0 ? { vpc: { id: "vpc-1", cidr: "10.0.0.0/8", arn: unknown, name: "net" } } : {},
      outputsBefore: index === 0 ? before : {},
    }));
    const screen = toText(planLines({ ...newPlan, stacks }, { width: 80, verbose: false }));
    expect(screen.slice(screen.indexOf("  outputs"))).toBe(
      [
        "  outputs",
        '    ~ vpc.cidr: "10.0.0.0/16" → "10.0.0.0/8"',
        '    + vpc.name: "net"',
        '    - vpc.zones: ["a"]',
        '    - gone.id: "g"',
        "    known after up: vpc.arn",
        "",
        "virginia.data  2 create",
        "  + orders    terrane:component:Postgres",
        "    + orders  aws:rds:Instance",
      ].join("\n"),
    );
  });

  it("calls out data at risk and denials before anything else, and why something is replaced", () => {
    expect(toText(planLines(changedPlan, { width: 80, verbose: false }))).toBe(text`
      Plan for shop  SIMULATED
      0 create, 1 update, 1 REPLACE, 1 delete
      class staging · blueprint aws-platform 1.0.0 · 2 stacks

      ! DATA AT RISK: 1 stateful resource
        ! REPLACES DATA: orders  aws:rds:Instance  virginia.data  because of dbName

      Policies  1 DENIED, 1 passed
        ✗ deny  baseline/no-public-database
          on    orders (aws:rds/instance:Instance) publiclyAccessible
                (shop.virginia.data)
          why   the database would have a public address
          mend  remove publiclyAccessible

      virginia.network  unchanged, 3 resources

      virginia.data  1 update, 1 REPLACE, 1 delete
        ± REPLACE orders  aws:rds:Instance
            ~ engineVersion: "16" → "17"
            ~ dbName: "orders" → "sales"  ! forces replacement
            ~ password: [secret] → [secret]
        ~ orders-events   acme:queue:Queue  ! replacement unknown
            ~ size: 1 → (known after up)
        - orders-lag      aws:cloudwatch:MetricAlarm
        1 resource unchanged
        outputs
          known after up: orders.endpoint
    `);
  });

  it("says of moves that they touch states alone, and of what is replaced that it stays until nobody uses it", () => {
    expect(toText(planLines(movedPlan, { width: 80, verbose: false }))).toBe(text`
      Plan for shop  SIMULATED
      1 create, 0 update, 0 replace, 1 delete
      class staging · blueprint aws-platform 1.0.0 · 1 stack

      ! DATA AT RISK: 1 stateful resource
        ! REPLACES DATA: orders  aws:rds:Instance  virginia.data  because of dbName

      → vpc becomes net  virginia.network  1 resource, in the state only
      → orders  virginia.compute to virginia.data  2 resources, in the state only

      virginia.data  1 create
        + orders  aws:rds:Instance  the old one stays until nobody uses it
            ~ dbName: "orders" → "sales"  ! forces replacement
        1 resource unchanged

      virginia.data  (prune: after everything else)  1 delete
        - orders~replaced  aws:rds:Instance
    `);
  });

  it("says in one line that nothing changes", () => {
    expect(toText(planLines(unchangedPlan, { width: 80, verbose: false }))).toBe(
      "✓ shop unchanged: 3 resources in 1 stack, nothing to do  SIMULATED",
    );
    const nothing = plan([], { kind: "destroy", target: "live" });
    expect(toText(planLines(nothing, { width: 80, verbose: false }))).toBe(
      "✓ shop there is nothing to destroy",
    );
  });

  it("does not say SIMULATED of real clouds", () => {
    const screen = toText(planLines({ ...newPlan, target: "live" }, { width: 80, verbose: false }));
    expect(screen).not.toContain("SIMULATED");
  });

  it.each([40, 60, 80])("fits %i columns", (width) => {
    for (const each of [newPlan, changedPlan, unchangedPlan]) {
      const limit = each === unchangedPlan ? 80 : width;
      expect(widest(planLines(each, { width, verbose: true }))).toBeLessThanOrEqual(limit);
    }
  });

  it("keeps to one line what a cloud puts into a value", () => {
    const [, data] = changedPlan.stacks;
    if (data === undefined) throw new Error("the sample has two stacks");
    const evil = {
      path: "tags.Owner",
      kind: "update" as const,
      replaces: false,
      before: "a",
      after: "b\n\u001b[2J",
    };
    const steps = data.steps.map((step) => ({ ...step, changes: [evil] }));
    const screen = toText(planLines(plan([{ ...data, steps }]), { width: 80, verbose: false }));
    expect(screen).toContain('~ tags.Owner: "a" → "b\\n\\u001b[2J"');
  });
});

describe("terrane plan", () => {
  const planning = (result: typeof newPlan) => ({ planEnvironment: async () => result });

  it("exits with 0, with 2 on differences where asked, with 3 where a policy denies", async () => {
    const allowed = { ...changedPlan, findings: [passedFinding] };
    expect((await runFake(["plan"], planning(allowed))).code).toBe(0);
    expect((await runFake(["plan", "--detailed-exitcode"], planning(allowed))).code).toBe(2);
    expect((await runFake(["plan", "--detailed-exitcode"], planning(unchangedPlan))).code).toBe(0);
    expect((await runFake(["plan", "--detailed-exitcode"], planning(changedPlan))).code).toBe(3);
    const warned = { ...allowed, findings: [{ ...deniedFinding, severity: "warn" as const }] };
    expect((await runFake(["plan"], planning(warned))).code).toBe(0);
  });

  it("hands on what was asked for", async () => {
    const seen: unknown[] = [];
    await runFake(["plan", "environments/shop.yaml", "--destroy", "--parallel", "4", "-C", "sub"], {
      planEnvironment: async (context, name, options) => {
        seen.push(context.dir, name, options.destroy, options.parallel);
        return newPlan;
      },
    });
    expect(seen).toEqual(["/project/sub", "environments/shop.yaml", true, 4]);
  });

  it("annotates what policies say at the line of the component, in a workflow", async () => {
    const sources = { orders: { file: "blueprints/shop/blueprint.yaml", line: 12, column: 3 } };
    const { stderr } = await runFake(["plan"], planning({ ...changedPlan, sources }), {
      environment: { GITHUB_ACTIONS: "true" },
    });
    expect(stderr).toContain(
      "::error title=denied-by-policy,file=blueprints/shop/blueprint.yaml,line=12,col=3::baseline/no-public-database: the database would have a public address%0Anext: remove publiclyAccessible",
    );
  });

  it("answers with the plan itself as JSON, with nothing but JSON on stdout", async () => {
    const { stdout, stderr } = await runFake(["plan", "--json"], planning(newPlan));
    expect(JSON.parse(stdout)).toEqual(newPlan);
    expect(stderr).toBe("planning the environment\n");
  });
});
