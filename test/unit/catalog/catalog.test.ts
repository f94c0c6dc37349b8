import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { Catalog } from "../../../src/catalog/catalog.ts";
import {
  accepts,
  defineComponent,
  platformFor,
  referenceFields,
  upcoming,
} from "../../../src/catalog/component.ts";
import { optionalReference, reference, references, referencesToAny } from "../../../src/catalog/reference.ts";
import { domains, environmentClasses, platforms, rankOf, roles } from "../../../src/model/words.ts";
import { connection } from "../../../stacks/capabilities.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { postgres } from "../../../stacks/data/postgres/contract.ts";
import { argocd } from "../../../stacks/gitops/argocd/contract.ts";
import { vpc } from "../../../stacks/network/vpc/contract.ts";

const later = upcoming("a test needs none");
const everywhere = { aws: later, gcp: later, azure: later, kubernetes: later };
const define = (fields: z.ZodObject) =>
  defineComponent({
    name: "thing",
    domain: "data",
    summary: "A thing.",
    fields,
    outputs: z.strictObject({}),
    implementations: everywhere,
  });

test("a reference stays one when it is described, optional or a list", () => {
  const contract = define(
    z.strictObject({
      one: reference(vpc).describe("One."),
      maybe: optionalReference(vpc).describe("Perhaps one."),
      many: references(connection).describe("Several.").meta({ title: "Many" }),
      any: referencesToAny(),
      plain: z.string().describe("Not one."),
    }),
  );
  expect([...referenceFields(contract)]).toEqual([
    ["one", { target: vpc, many: false, optional: false }],
    ["maybe", { target: vpc, many: false, optional: true }],
    ["many", { target: connection, many: true, optional: true }],
    ["any", { target: undefined, many: true, optional: true }],
  ]);
});

test("a reference accepts its type, what has its capability, or everything", () => {
  expect([accepts(vpc, vpc), accepts(vpc, postgres)]).toEqual([true, false]);
  expect([accepts(connection, postgres), accepts(connection, vpc)]).toEqual([true, false]);
  expect(accepts(undefined, vpc)).toBe(true);
});

test("words of the syntax are refused as fields", () => {
  for (const word of ["type", "sites", "when", "formerly", "use", "byClass", "byRole"]) {
    expect(() => define(z.strictObject({ [word]: z.string() }))).toThrow(
      expect.objectContaining({ code: "reserved-word", message: expect.stringContaining(`"${word}"`) }),
    );
  }
});

test("a capability that is promised without its outputs is refused", () => {
  const { kind: _kind, typeName: _typeName, ...definition } = postgres;
  const outputs = z.strictObject({ endpoint: z.string() });
  expect(() => defineComponent({ ...definition, outputs } as never)).toThrow(
    /"connection" without its output "port"/,
  );
});

test("two types of one name are refused, and an unknown one is told what there is", () => {
  expect(() => new Catalog([vpc, vpc])).toThrow(expect.objectContaining({ code: "name-collision" }));
  expect(() => new Catalog([vpc]).get("vpn")).toThrow(
    expect.objectContaining({ code: "unknown-component-type", message: expect.stringContaining("vpc") }),
  );
});

test("what lives inside Kubernetes is served by it on every cloud", () => {
  expect([platformFor(argocd, "aws"), platformFor(argocd, "gcp")]).toEqual(["kubernetes", "kubernetes"]);
  expect([platformFor(vpc, "aws"), platformFor(vpc, "gcp")]).toEqual(["aws", "gcp"]);
});

test("every contract says of every field, output and platform what it is", () => {
  for (const contract of catalog.contracts) {
    for (const [name, schema] of [
      ...Object.entries(contract.fields.shape),
      ...Object.entries(contract.outputs.shape),
    ]) {
      expect((schema as z.ZodType).description, `${contract.name}.${name}`).toMatch(/\S.*\.$/);
    }
    for (const platform of platforms) {
      const support = contract.implementations[platform];
      if (support.support !== "supported")
        expect(support.why, `${contract.name} on ${platform}`).toMatch(/\.$/);
    }
  }
});

test("class and role defaults are values that their fields allow", () => {
  for (const contract of catalog.contracts) {
    const fields = contract.fields.partial();
    for (const each of environmentClasses)
      expect(fields.safeParse(contract.defaults.byClass[each] ?? {}).success).toBe(true);
    for (const each of roles)
      expect(fields.safeParse(contract.defaults.byRole[each] ?? {}).success).toBe(true);
  }
});

test("contracts refer to their own rank or lower ones", () => {
  for (const contract of catalog.contracts) {
    for (const { target } of referenceFields(contract).values()) {
      if (target?.kind !== "component") continue;
      expect(rankOf(catalog.get(target.name).domain)).toBeLessThanOrEqual(rankOf(contract.domain));
    }
  }
  expect([...referenceFields(cluster).keys()]).toEqual(["network", "encryption", "connects"]);
});

test("a component costs its folder, one contract, one file per platform it is made on, and one line in one list", () => {
  const list = readFileSync("stacks/catalog.ts", "utf8");
  const elsewhere = ["program.ts", "tags.ts", "buildable.ts", "fields.ts", "outputs.ts"].map((file) =>
    readFileSync(join("stacks", file), "utf8"),
  );
  const folders = domains.flatMap((domain) =>
    existsSync(join("stacks", domain))
      ? readdirSync(join("stacks", domain)).map((name) => join("stacks", domain, name))
      : [],
  );
  expect(folders.map((folder) => folder.split("/").at(-1)).sort()).toEqual([...catalog.types]);
  for (const folder of folders) {
    const contract = catalog.get(folder.split("/").at(-1) ?? "");
    expect(folder).toBe(join("stacks", contract.domain, contract.name));
    const files = readdirSync(folder);
    const expected = platforms.filter(
      (platform) => contract.implementations[platform].support === "supported",
    );
    expect(files.filter((file) => platforms.some((platform) => file === `${platform}.ts`)).sort()).toEqual(
      expected.map((platform) => `${platform}.ts`).sort(),
    );
    expect(list.split("\n").filter((line) => line.includes(`/${contract.name}/contract.ts`))).toHaveLength(1);
    for (const text of elsewhere) expect(text).not.toContain(`/${contract.name}/`);
  }
});

test("nothing under the catalog or a contract loads Pulumi when it runs", () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const imports = readFileSync(file, "utf8").matchAll(
      /^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gms,
    );
    for (const [, target = ""] of imports) {
      expect(target, file).not.toMatch(/^@pulumi\//);
      if (target.startsWith(".")) visit(join(file, "..", target));
    }
  };
  visit("stacks/catalog.ts");
  expect([...seen].filter((file) => file.endsWith("contract.ts"))).toHaveLength(catalog.types.length);
});
