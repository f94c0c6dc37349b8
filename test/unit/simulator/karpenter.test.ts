import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../../src/simulator/model.ts";
import type { Properties } from "../../../src/values/value.ts";
import { modelCases, type Ref } from "../../contract/simulator-cases.ts";
import { openSmallWorld, type SmallWorld } from "./world.ts";

let world: SmallWorld;
let place: Place;
beforeEach(async () => {
  world = await openSmallWorld();
  await world.need("aws", ["vpc", "subnet", "subnet-b", "role", "cluster"]);
  place = { cloud: "kubernetes", account: world.ref("cluster", "endpoint"), region: "" };
});
afterEach(() => world.clouds.close());

const none: Ref = () => "";

function make(name: string, spec?: Properties): Promise<string> {
  const each = modelCases["kubernetes"]?.[name];
  const inputs = { ...each?.inputs(none), ...(spec === undefined ? {} : { spec }) };
  return world.make(name, each?.type ?? "", inputs, place);
}

describe("Karpenter's objects", () => {
  it("are unknown to a cluster before their definitions are there", async () => {
    await expect(make("node-class")).rejects.toThrow(/no matches for kind "EC2NodeClass"/);
    await make("karpenter-definitions");
    await expect(make("node-class")).resolves.toBe("default");
  });

  it.each<[string, string, Properties, RegExp]>([
    ["a class without subnets", "node-class", { role: "nodes" }, /subnetSelectorTerms: must have 1 to 30/],
    [
      "an image without a version",
      "node-class",
      {
        role: "nodes",
        amiSelectorTerms: [{ alias: "al2023" }],
        subnetSelectorTerms: [{ id: "s" }],
        securityGroupSelectorTerms: [{ id: "g" }],
      },
      /must be family@version/,
    ],
    ["a weight of 0", "node-pool", { weight: 0 }, /spec.weight: 1 to 100/],
    ["a pool of no class", "node-pool", { weight: 1 }, /nodeClassRef: Required value/],
    [
      "a comparison with text",
      "node-pool",
      {
        template: {
          spec: {
            nodeClassRef: { kind: "EC2NodeClass", name: "default" },
            requirements: [{ key: "karpenter.k8s.aws/instance-cpu", operator: "Gt", values: ["many"] }],
          },
        },
      },
      /single positive integer/,
    ],
  ])("refuse %s", async (_what, name, spec, message) => {
    await make("karpenter-definitions");
    await expect(make(name, spec)).rejects.toThrow(message);
  });
});
