/** Our own components against our own rules, with the programs that run for real. */
import { describe, expect, test } from "vitest";
import { requiredTags } from "../../../policies/baseline/required-tags.ts";
import { rulesOf } from "../../../policies/packs.ts";
import { environmentClasses } from "../../../src/model/words.ts";
import { denials, evaluate } from "../../../src/policy/evaluate.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { staging } from "../../support/policy.ts";
import { type RenderParts, renderComponent } from "../../support/render-component.ts";
import { sites } from "../../support/specs.ts";

const rules = rulesOf(["baseline"]);
const at = (component: string, site: string) => ({ component, site });

/** What a component needs beside its defaults. */
const needs: Readonly<Record<string, (site: string) => Omit<RenderParts, "contract">>> = {
  "ci-identity": () => ({ fields: { repository: "acme/payments", branch: "main" } }),
  vpc: () => ({ fields: { cidr: "10.4.0.0/16" } }),
  postgres: (site) => ({ references: { network: at("vpc", site) } }),
  cluster: (site) => ({ references: { network: at("vpc", site), connects: [at("orders", site)] } }),
};

const buildable = catalog.contracts.flatMap((contract) =>
  (["aws", "gcp", "azure"] as const)
    .filter((cloud) => contract.implementations[cloud].support === "supported")
    .map((cloud) => ({ name: contract.name, contract, cloud })),
);

describe.each(buildable)("$name on $cloud", ({ name, contract, cloud }) => {
  test.each(environmentClasses)(
    "has nothing that the baseline denies in class %s",
    async (environmentClass) => {
      const site = sites[cloud];
      const { resources } = await renderComponent({
        contract,
        site,
        environmentClass,
        ...needs[name]?.(site.name),
      });

      const findings = evaluate(rules, { ...staging, class: environmentClass }, resources);

      expect(denials(findings)).toEqual([]);
      expect(findings.filter(({ verdict }) => verdict === "undetermined")).toEqual([]);
    },
  );

  test("gives tags to no type that the rule of tags does not know", async () => {
    const site = sites[cloud];
    const { resources } = await renderComponent({ contract, site, ...needs[name]?.(site.name) });
    const tagged = resources.filter(({ inputs }) => "tags" in inputs || "labels" in inputs);

    expect(tagged.filter(({ type }) => !requiredTags.types.has(type)).map(({ type }) => type)).toEqual([]);
  });
});

test("what the rules find on a component is what they would find had it gone wrong", async () => {
  const { resources } = await renderComponent({
    contract: catalog.get("postgres"),
    ...needs["postgres"]?.(sites.aws.name),
  });
  const spoilt = resources.map((each) =>
    each.type === "aws:rds/instance:Instance"
      ? { ...each, inputs: { ...each.inputs, publiclyAccessible: true, storageEncrypted: false, tags: {} } }
      : each,
  );

  const denied = new Set(
    denials(evaluate(rules, { ...staging, class: "prod" }, spoilt)).map(({ rule }) => rule),
  );

  expect([...denied].sort()).toEqual([
    "baseline/encryption-at-rest",
    "baseline/no-public-database",
    "baseline/required-tags",
  ]);
});
