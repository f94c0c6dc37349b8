import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blueprintNames, renderBlueprint, renderPath, sampleGraph } from "../../tools/render-blueprints.ts";

/** Lines of the README's stack list: each stack, and after which ones it comes. */
function stackLines(blueprint: string): readonly string[] {
  const { stacks } = sampleGraph(blueprint, "prod");
  const short = (name: string) => name.split(".").slice(1).join(".");
  const width = Math.max(...stacks.map(({ name }) => short(name).length));
  return stacks.map(({ name, dependsOn }) => {
    const after = dependsOn.length === 0 ? "" : `  after ${dependsOn.map(short).join(", ")}`;
    return `${short(name).padEnd(after === "" ? 0 : width)}${after}`;
  });
}

describe.each(blueprintNames)("%s", (blueprint) => {
  test("its README shows its stack graph", () => {
    const readme = readFileSync(join("blueprints", blueprint, "README.md"), "utf8");
    expect(readme).toContain(`\`\`\`\n${stackLines(blueprint).join("\n")}\n\`\`\``);
  });

  test.runIf(existsSync(renderPath(blueprint)))("renders exactly what is committed", async () => {
    expect(await renderBlueprint(blueprint)).toBe(readFileSync(renderPath(blueprint), "utf8"));
  });

  test.runIf(!existsSync(renderPath(blueprint)))(
    "is refused with its reason, since this release cannot build it",
    async () => {
      await expect(renderBlueprint(blueprint)).rejects.toMatchObject({ code: "not-in-this-release" });
      expect(readFileSync(join("blueprints", blueprint, "README.md"), "utf8")).toContain(
        "`not-in-this-release`",
      );
    },
  );
});

const promised = {
  "aws:ec2/vpc:Vpc": 1,
  "aws:rds/instance:Instance": 1,
  "aws:eks/cluster:Cluster": 1,
  // Karpenter's definitions, Karpenter, Argo CD.
  "kubernetes:helm.sh/v3:Release": 3,
};

test("aws-platform has everything it promises, with explicit providers and unique URNs", async () => {
  const { environments } = JSON.parse(await renderBlueprint("aws-platform")) as {
    environments: Record<
      string,
      { name: string; resources: { urn: string; type: string; provider?: string }[] }[]
    >;
  };
  expect(Object.keys(environments)).toEqual(["prod", "dev"]);
  for (const stacks of Object.values(environments)) {
    const resources = stacks.flatMap((stack) => stack.resources);
    expect(new Set(resources.map(({ urn }) => urn)).size).toBe(resources.length);
    for (const { type, provider, urn } of resources) {
      const isMade = /^(aws|gcp|kubernetes):/.test(type);
      expect(provider !== undefined, urn).toBe(isMade);
    }
    const counts = Object.fromEntries(
      Object.keys(promised).map((type) => [type, resources.filter((each) => each.type === type).length]),
    );
    expect(counts).toEqual(promised);
  }
});
