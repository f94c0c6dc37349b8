import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../../src/platform/explain.ts";
import { environmentText, makeProject, type TestProject } from "../../support/project.ts";

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: shop, version: 1.0.0 }
parameters: { retention: { type: integer, default: 14 } }
sites:
  virginia: { cloud: aws, region: us-east-1 }
  iowa: { cloud: gcp, region: us-central1, role: standby }
components:
  vpc: { type: vpc, zones: 2 }
  orders:
    type: postgres
    sites: [virginia]
    network: vpc
    storage: 50
    backupRetentionDays: "\${parameters.retention}"
    byClass: { dev: { storage: 30 } }
`;

describe("explain", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await makeProject({
      "blueprints/shop.yaml": blueprint,
      "environments/dev.yaml": environmentText("dev", "shop"),
    });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const ask = (topic?: string, detail?: string) =>
    explain(project.context, {
      ...(topic === undefined ? {} : { topic }),
      ...(detail === undefined ? {} : { detail }),
    });
  const hint = async (topic: string, detail?: string): Promise<string> => {
    const error = await ask(topic, detail).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "nothing-to-explain" });
    return (error as { readonly next: string }).next;
  };

  it("begins with the kinds of documents and the component types", async () => {
    const answer = await ask();
    if (answer.what !== "topics") throw new Error(answer.what);
    expect(answer.kinds.map((kind) => kind.name)).toEqual([
      "Blueprint",
      "Environment",
      "AddressPool",
      "Project",
      "Lock",
    ]);
    expect(answer.components.map((each) => each.name)).toContain("postgres");
  });

  it.each([
    ["Environment.class", "Environment.class", { allowed: "prod, staging, dev, sandbox", required: true }],
    [
      "environment.metadata.name",
      "Environment.metadata.name",
      { allowed: "lowercase words joined by hyphens" },
    ],
    ["Blueprint.sites.virginia.role", "Blueprint.sites.<name>.role", { default: "primary", required: false }],
    ["Blueprint.sites.role", "Blueprint.sites.<name>.role", { default: "primary" }],
    ["Blueprint.components.orders.when.class", "Blueprint.components.<name>.when.class", { required: false }],
    [
      "Blueprint.components.sites",
      "Blueprint.components.<name>.sites",
      { allowed: "a list: text, at most 60 characters" },
    ],
    ["Blueprint.recovery.rto", "Blueprint.recovery.rto", { allowed: "a duration: 30s, 15m, 72h, 7d" }],
    [
      "AddressPool.blocks.prefixes",
      "AddressPool.blocks.prefixes",
      { allowed: "a list: an IPv4 range: 10.0.0.0/16" },
    ],
    ["vpc.zones", "vpc.zones", { allowed: "a whole number from 1 to 6", default: 3 }],
    ["Blueprint.components.vpc.zones", "Blueprint.components.vpc.zones", { default: 3 }],
    [
      "postgres.network",
      "postgres.network",
      { allowed: "the name of a vpc", leadsTo: "vpc", required: true },
    ],
  ])("explains %s", async (path, shown, expected) => {
    expect(await ask(path)).toMatchObject({ what: "field", path: shown, field: expected });
  });

  it("tells which defaults class and role decide", async () => {
    expect(await ask("vpc.natGateways")).toMatchObject({
      field: { default: "single", defaultsBy: [{ selector: "prod", value: "per-zone" }] },
    });
  });

  it("explains a component with its outputs and why a platform lacks it", async () => {
    const answer = await ask("vpc");
    if (answer.what !== "component") throw new Error(answer.what);
    expect(answer.component.outputs.map((output) => output.name)).toContain("networkId");
    expect(answer.component.platforms.find((each) => each.platform === "kubernetes")).toEqual({
      platform: "kubernetes",
      support: "unsupported",
      why: "A network belongs to a cloud, not to a cluster.",
    });
  });

  it("explains every field of every document and component", async () => {
    const topics = await ask();
    if (topics.what !== "topics") throw new Error(topics.what);
    const walk = async (path: string): Promise<void> => {
      const answer = await ask(path);
      const fields =
        answer.what === "component"
          ? answer.component.fields
          : answer.what === "field"
            ? answer.field.fields
            : [];
      for (const field of fields) await walk(`${path}.${field.name}`);
    };
    for (const { name } of [...topics.kinds, ...topics.components]) await walk(name);
  });

  it("shows each value with the layer that decided it and where that stands", async () => {
    const answer = await ask("dev", "orders@virginia");
    if (answer.what !== "values") throw new Error(answer.what);
    const byField = Object.fromEntries(answer.fields.map(({ field, ...rest }) => [field, rest]));
    expect(byField["storage"]).toMatchObject({
      value: 30,
      layer: "blueprint by class",
      selector: "dev",
      position: { file: "blueprints/shop.yaml", line: 16, column: 32 },
    });
    expect(byField["backupRetentionDays"]).toMatchObject({ value: 14, layer: "blueprint" });
    expect(byField["deletionProtection"]).toMatchObject({ value: false, layer: "default" });
  });

  it("shows one value with what its contract allows", async () => {
    expect(await ask("dev", "orders.storage")).toMatchObject({
      address: "orders@virginia",
      fields: [{ field: "storage", value: 30 }],
      doc: { name: "storage", allowed: expect.stringContaining("a whole number") },
    });
    expect(await ask("dev", "orders.iops")).toMatchObject({ fields: [{ field: "iops", layer: "not set" }] });
  });

  it("says that a block comes from the address pool", async () => {
    expect(await ask("dev", "vpc@iowa.cidr")).toMatchObject({
      fields: [{ layer: "address pool", note: "the next free block, taken by the first up" }],
    });
  });

  it("takes an error code alone, as an error prints it", async () => {
    expect(await ask("cidr-overlap")).toEqual(await ask("error", "cidr-overlap"));
  });

  it("explains an error code, and lists them all", async () => {
    expect(await ask("error", "cidr-overlap")).toMatchObject({ error: { exit: 65, http: 422 } });
    const all = await ask("error");
    expect(all.what === "errors" && all.errors.length).toBeGreaterThan(50);
  });

  it.each([
    ["postgres.storag", undefined, "terrane explain postgres.storage"],
    ["Enviroment", undefined, "terrane explain Environment"],
    ["Blueprint.sites.clud", undefined, "terrane explain Blueprint.sites.cloud"],
    ["error", "cidr-overlaps", "terrane explain error cidr-overlap"],
    ["dev", "ordrs", "terrane explain dev orders"],
    ["dev", "orders.storge", "storage"],
    ["dev", "vpc", "Name one of them"],
  ] as const)("says what is nearest to %s %s", async (topic, detail, expected) => {
    expect(await hint(topic, detail)).toContain(expected);
  });
});
