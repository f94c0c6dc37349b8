import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { requiredTags } from "../../../policies/baseline/required-tags.ts";
import { rulesOf } from "../../../policies/packs.ts";
import { type Resource, resourceSchema } from "../../../src/model/resource.ts";
import { environmentClasses } from "../../../src/model/words.ts";
import { denials, evaluate } from "../../../src/policy/evaluate.ts";
import { renderEnvironment } from "../../../src/render/render.ts";
import { openMemoryClouds } from "../../../src/simulator/clouds.ts";
import { makeMocks } from "../../../src/simulator/mocks.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { makeProgram } from "../../../stacks/program.ts";
import { sampleGraph } from "../../../tools/render-blueprints.ts";
import { staging } from "../../support/policy.ts";

const renders = globSync("blueprints/*/render.json").sort();

/** Every resource anywhere in a rendered blueprint. */
function resourcesIn(json: unknown): Resource[] {
  if (typeof json !== "object" || json === null) return [];
  if ("urn" in json && "inputs" in json) return [resourceSchema.parse(json)];
  return Object.values(json).flatMap(resourcesIn);
}

function classOf(resource: Resource) {
  const { tags, labels } = resource.inputs as {
    tags?: Record<string, string>;
    labels?: Record<string, string>;
  };
  const written = tags?.["Environment"] ?? labels?.["environment"];
  return environmentClasses.find((each) => each === written);
}

// Blueprints that cannot be rendered yet have no render.json.
describe.runIf(renders.length > 0).each(renders)("the resources of %s", (file) => {
  const resources = resourcesIn(JSON.parse(readFileSync(file, "utf8"))).filter((each) => each.custom);

  test("are known to the rule of tags, every one that takes them", () => {
    const tagged = resources.filter((each) => "tags" in each.inputs || "labels" in each.inputs);

    expect(tagged.length).toBeGreaterThan(0);
    expect(tagged.filter((each) => !requiredTags.types.has(each.type)).map((each) => each.type)).toEqual([]);
  });

  test("pass the baseline or wait for a value: none fails", () => {
    const failed = resources.flatMap((each) =>
      evaluate(rulesOf(["baseline"]), { ...staging, class: classOf(each) ?? "staging" }, [each]).filter(
        ({ verdict, severity }) => verdict === "fail" && severity === "deny",
      ),
    );

    expect(failed).toEqual([]);
  });
});

test("the rule of tags knows the taggable types of both SDKs, and none that takes no tags", () => {
  const known = [
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:rds/instance:Instance",
    "gcp:compute/address:Address",
  ];
  const untagged = ["aws:ec2/route:Route", "aws:iam/rolePolicy:RolePolicy", "gcp:compute/network:Network"];

  expect(known.filter((type) => requiredTags.types.has(type))).toEqual(known);
  expect(untagged.filter((type) => requiredTags.types.has(type))).toEqual([]);
});

describe.each(environmentClasses)("aws-platform in class %s", (environmentClass) => {
  test("renders with nothing that the baseline denies, every stack", async () => {
    await using clouds = await openMemoryClouds();
    const stacks = await renderEnvironment(sampleGraph("aws-platform", environmentClass), {
      mocks: (stack) => makeMocks(clouds, { stack }),
      makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
    });
    const resources = stacks.flatMap((stack) => stack.resources);

    const findings = evaluate(rulesOf(["baseline"]), { ...staging, class: environmentClass }, resources);

    expect(stacks.map(({ name }) => name.split(".").at(-1))).toEqual([
      "foundation",
      "network",
      "data",
      "compute",
      "gitops",
    ]);
    expect(denials(findings)).toEqual([]);
  });
});
