import { describe, expect, it } from "vitest";
import type { RenderedEnvironment } from "../../../src/platform/api.ts";
import { secret, unknown } from "../../../src/values/value.ts";
import { runFake } from "./fakes.ts";
import { cloudObject, deniedFinding, outputs, status, urn, validReport, vpcUrn } from "./samples.ts";
import { text } from "./screen.ts";

describe("terrane init", () => {
  it("names the files it wrote and what to type next", async () => {
    const seen: unknown[] = [];
    const { code, stdout } = await runFake(["init", "shop", "--blueprint", "aws-platform"], {
      initProject: async (_context, request) => {
        seen.push(request);
        return { files: ["terrane.yaml", "environments/dev.yaml"], next: "cd shop && terrane up dev" };
      },
    });
    expect(code).toBe(0);
    expect(seen).toEqual([{ dir: "shop", blueprint: "aws-platform", force: false }]);
    expect(stdout).toBe("+ terrane.yaml\n+ environments/dev.yaml\n\nNext  cd shop && terrane up dev\n");
  });
});

describe("terrane validate", () => {
  it("shows documents and each stack with its components and what it comes after", async () => {
    const { code, stdout } = await runFake(["validate"], { validateProject: async () => validReport });
    expect(code).toBe(0);
    expect(stdout.trimEnd()).toBe(text`
      ✓ 2 documents, no problems
        Blueprint    aws-platform  blueprints/aws-platform/blueprint.yaml
        Environment  shop          environments/shop.yaml

      Stacks of environment shop
        virginia.network
        └ vpc     vpc
        virginia.data  after network
        ├ orders  postgres
        └ events  queue
    `);
  });

  it("57: shows the next three runs of a schedule in its own time zone", async () => {
    const schedules = [
      {
        environment: "shop",
        timeZone: "Europe/Berlin",
        up: ["2027-03-26T06:00:00.000Z", "2027-03-29T05:00:00.000Z", "2027-03-30T05:00:00.000Z"],
        down: ["2027-03-26T19:00:00.000Z"],
      },
    ];
    const { stdout } = await runFake(["validate"], {
      validateProject: async () => ({ ...validReport, graphs: [], schedules }),
    });
    expect(stdout).toContain(text`
      Hours of shop  Europe/Berlin
        up    Fri 26 Mar 07:00, Mon 29 Mar 07:00, Tue 30 Mar 07:00
        down  Fri 26 Mar 20:00
    `);
  });

  it("exits with 65 on an error, with 0 on a warning, and hands files on", async () => {
    const seen: (readonly string[])[] = [];
    const reporting = (severity: "error" | "warning") => ({
      validateProject: async (_context: unknown, { files }: { files: readonly string[] }) => {
        seen.push(files);
        return { ...validReport, problems: [{ code: "unknown-key", severity, message: "no" } as const] };
      },
    });
    expect((await runFake(["validate", "a.yaml", "b.yaml"], reporting("error"))).code).toBe(65);
    expect((await runFake(["validate"], reporting("warning"))).code).toBe(0);
    expect(seen).toEqual([["a.yaml", "b.yaml"], []]);
  });

  it("answers a machine with the whole report", async () => {
    const { stdout } = await runFake(["validate", "--json"], { validateProject: async () => validReport });
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/validate/v1", valid: true, ...validReport });
  });
});

describe("terrane render", () => {
  const stack = "shop.virginia.network";
  const component = urn(stack, "terrane:component:Vpc", "vpc");
  const resource = { type: "terrane:component:Vpc", name: "vpc", custom: false, inputs: {}, dependsOn: [] };
  const rendered: RenderedEnvironment = {
    environment: "shop",
    target: "simulated",
    provisional: true,
    findings: [],
    stacks: [
      {
        name: stack,
        resources: [
          { ...resource, urn: component },
          {
            ...resource,
            urn: vpcUrn,
            type: "aws:ec2/vpc:Vpc",
            parent: component,
            custom: true,
            inputs: { cidrBlock: "10.0.0.0/16", peer: unknown, key: secret },
          },
        ],
      },
    ],
  };

  it("shows a tree of resources per stack, with inputs when asked for more", async () => {
    const rendering = { renderEnvironment: async () => rendered };
    expect((await runFake(["render"], rendering)).stdout.trimEnd()).toBe(text`
      Desired resources of shop  SIMULATED
      2 resources in 1 stack, names and addresses provisional

      virginia.network  2 resources
        vpc    terrane:component:Vpc
          vpc  aws:ec2:Vpc
    `);
    const { stdout } = await runFake(["render", "-v"], rendering);
    expect(stdout).toContain('cidrBlock: "10.0.0.0/16"');
    expect(stdout).toContain("peer: (known after up)");
    expect(stdout).toContain("key: [secret]");
  });

  it("exits with 3 where a policy denies what is rendered", async () => {
    const denied = { ...rendered, findings: [deniedFinding] };
    const { code, stdout } = await runFake(["render"], { renderEnvironment: async () => denied });
    expect(code).toBe(3);
    expect(stdout).toContain("✗ deny  baseline/no-public-database");
  });
});

describe("terrane outputs", () => {
  const reading = { readOutputs: async () => outputs };

  it("prints all of them, secrets as [secret]", async () => {
    const { stdout } = await runFake(["outputs", "shop"], reading);
    expect(stdout.trimEnd()).toBe(text`
      virginia.vpc     id        vpc-0a1b2c3d
                       cidr      10.0.0.0/16
      virginia.orders  endpoint  orders-5f3a.rds.example.com
                       port      5432
                       password  [secret]
    `);
  });

  it("says how to see in full what a terminal has no room for", async () => {
    const { stdout } = await runFake(["outputs", "shop"], reading, {
      terminal: true,
      columns: 36,
      environment: { NO_COLOR: "1" },
    });
    expect(stdout).toContain("endpoint  orders-5f3a.rds.example…");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "in full terrane outputs shop virginia.orders.endpoint, or --json",
    );
  });

  it.each([[["shop", "virginia.orders.port"]], [["virginia.orders.port"]]])(
    "prints the bare value of one: %j",
    async (argv) => {
      const { code, stdout } = await runFake(["outputs", ...argv], reading);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "5432\n" });
    },
  );

  it("hands a value on as it is in a pipe, and without steering on a terminal", async () => {
    const evil = { readOutputs: async () => ({ virginia: { vpc: { id: "a\u001b[2J\nb" } } }) };
    expect((await runFake(["outputs", "virginia.vpc.id"], evil)).stdout).toBe("a\u001b[2J\nb\n");
    const shown = await runFake(["outputs", "virginia.vpc.id"], evil, { terminal: true });
    expect(shown.stdout).toBe("a\\x1b[2J\nb\n");
  });

  it("refuses a secret, and an output there is not, with near ones", async () => {
    const hidden = await runFake(["outputs", "shop", "virginia.orders.password"], reading);
    expect(hidden).toMatchObject({ code: 1, stdout: "" });
    expect(hidden.stderr).toContain("output-secret");
    const missing = await runFake(["outputs", "shop", "iowa.orders.endpoint"], reading);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("Did you mean virginia.orders.endpoint?");
    const misspelt = await runFake(["outputs", "shop", "virginia.orders.prot"], reading);
    expect(misspelt.stderr).toContain("Did you mean virginia.orders.port?");
  });
});

describe("terrane status", () => {
  it("lists environments, SIMULATED where they are", async () => {
    const live = {
      ...status,
      record: { ...status.record, name: "pay", target: "live", status: "failed" },
    } as const;
    const { stdout } = await runFake(["status"], { readStatus: async () => [status, live] });
    expect(stdout.trimEnd()).toBe(text`
      ENVIRONMENT  STATUS  TARGET     CLASS    BLUEPRINT           RESOURCES  LAST OPERATION    CHANGED
      shop         ready   SIMULATED  staging  aws-platform 1.0.0          5  up succeeded    5 min ago
      pay          failed  live       staging  aws-platform 1.0.0          5  up succeeded    5 min ago
    `);
  });

  it("shows one of them by stack, with its newest operation", async () => {
    const { stdout } = await runFake(["status", "shop"], { readStatus: async () => [status] });
    expect(stdout.trimEnd()).toBe(text`
      shop  ready  SIMULATED
      class staging · blueprint aws-platform 1.0.0 · changed 5 min ago
      Clouds     not read since it was made; terrane refresh shop tells what others changed
      Sites      virginia primary

      Resources  5
        virginia.network  3
        virginia.data     2

      Newest operation  up  succeeded  1 min ago, by ada  op-1
        ✓ virginia.network  done         3 created
        ✓ virginia.data     done         2 created
    `);
  });

  it("says when the clouds were last read", async () => {
    const readAt = "2026-11-18T10:00:00.000Z";
    const { stdout } = await runFake(["status", "shop"], { readStatus: async () => [{ ...status, readAt }] });
    expect(stdout).toContain(
      "Clouds     last read 3 d ago; terrane refresh shop tells what others changed\n",
    );
  });

  it("says what to do where there is nothing yet", async () => {
    const { stdout } = await runFake(["status"], { readStatus: async () => [] });
    expect(stdout).toBe("There are no environments yet. Next: terrane up\n");
  });
});

describe("terrane doctor", () => {
  it("shows each check and setting with its origin, and fails on a problem", async () => {
    const { code, stdout } = await runFake(
      ["doctor", "--parallel", "3"],
      {
        runDoctor: async () => [
          { name: "node", status: "ok", value: "24.21.0", origin: "default" },
          { name: "engine", status: "problem", value: "none", next: "Run npx terrane-setup" },
        ],
      },
      { environment: { TERRANE_HOME: "/opt/terrane" } },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/✓ {2}node +24\.21\.0 +default/);
    expect(stdout).toMatch(/✗ {2}engine +none/);
    expect(stdout).toMatch(/✓ {2}home +\/opt\/terrane +TERRANE_HOME/);
    expect(stdout).toMatch(/✓ {2}parallel +3 +flag/);
    expect(stdout).toContain("✗ engine  Run npx terrane-setup");
    expect(stdout).toContain("✗ 1 problem, 0 warnings");
  });
});

describe("terrane version", () => {
  it("says when the engine is not the pinned one", async () => {
    const { stdout } = await runFake(["version"], {
      readVersion: async () => ({
        terrane: "0.1.0",
        node: "24.21.0",
        engine: { pinned: "3.250.0", found: "3.249.0", path: "/usr/bin/pulumi" },
        sdks: { "@pulumi/aws": "7.48.0" },
      }),
    });
    expect(stdout.trimEnd()).toBe(text`
      terrane      0.1.0
      node         24.21.0
      engine       3.249.0 found, 3.250.0 wanted  /usr/bin/pulumi
      @pulumi/aws  7.48.0
    `);
  });
});

describe("terrane cloud", () => {
  it("lists objects by the filter, and says SIMULATED", async () => {
    const seen: unknown[] = [];
    const { stdout } = await runFake(["cloud", "ls", "--cloud", "aws", "--environment", "shop"], {
      listObjects: async (_context, filter) => {
        seen.push(filter);
        return [cloudObject];
      },
    });
    expect(seen).toEqual([{ cloud: "aws", environment: "shop" }]);
    expect(stdout.trimEnd()).toBe(text`
      CLOUD  REGION     TYPE             ID            NAME
      aws    us-east-1  aws:ec2/vpc:Vpc  vpc-0a1b2c3d  shop-vpc-5f3a21

      1 object  SIMULATED
    `);
  });

  it("shows one object, and removes one by hand", async () => {
    const shown = await runFake(["cloud", "show", "vpc-0a1b2c3d"], { showObject: async () => cloudObject });
    expect(shown.stdout).toContain('cidrBlock           "10.0.0.0/16"');
    const seen: unknown[] = [];
    const removed = await runFake(["cloud", "rm", "vpc-0a1b2c3d", "--force"], {
      removeObject: async (_context, id, options) => seen.push([id, options]),
    });
    expect(seen).toEqual([["vpc-0a1b2c3d", { force: true }]]);
    expect(removed.stdout).toBe("- removed vpc-0a1b2c3d by hand  SIMULATED\n");
  });
});

describe("JSON", () => {
  it("is one versioned object for every command, without a character that steers a terminal", async () => {
    const evil = { ...cloudObject, name: "a\u009b2J\u202e" };
    const answers = [
      await runFake(["cloud", "ls", "--json"], { listObjects: async () => [evil] }),
      await runFake(["cloud", "show", "x", "--json"], { showObject: async () => evil }),
      await runFake(["status", "--json"], { readStatus: async () => [status] }),
      await runFake(["outputs", "--json"], { readOutputs: async () => outputs }),
      await runFake(["outputs", "virginia.vpc.id", "--json"], { readOutputs: async () => outputs }),
      await runFake(["doctor", "--json"], { runDoctor: async () => [] }),
    ];
    const formats = answers.map(({ stdout }) => {
      expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      return (JSON.parse(stdout) as { format: string }).format;
    });
    expect(formats).toEqual(
      ["cloud-ls", "cloud-show", "status", "outputs", "output", "doctor"].map(
        (verb) => `terrane.dev/${verb}/v1`,
      ),
    );
    expect((JSON.parse(answers[0]?.stdout ?? "") as { objects: unknown }).objects).toEqual([evil]);
  });
});
