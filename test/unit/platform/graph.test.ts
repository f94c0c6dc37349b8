import { describe, expect, it } from "vitest";
import { readGraph } from "../../../src/platform/graph.ts";
import { environmentText, makeProject } from "../../support/project.ts";

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: shop, version: 1.0.0 }
sites: { virginia: { cloud: aws, region: us-east-1 } }
components:
  net: { type: vpc }
  orders: { type: postgres, network: net, when: { class: [prod] } }
`;

describe("the reference graph", () => {
  it("is of an environment: what its class includes; or of the blueprint it uses", async () => {
    await using project = await makeProject({
      "blueprints/shop.yaml": blueprint,
      "environments/prod.yaml": environmentText("prod", "shop", [], "prod"),
    });
    const graph = await readGraph(project.context, undefined);
    expect(graph).toMatchObject({
      of: "environment",
      name: "prod",
      sites: [{ name: "virginia", cloud: "aws", region: "us-east-1", role: "primary" }],
      stacks: [
        { name: "prod.virginia.network", domain: "network", dependsOn: [] },
        { name: "prod.virginia.data", domain: "data", dependsOn: ["prod.virginia.network"] },
      ],
      references: [{ from: "orders@virginia", field: "network", to: "net@virginia" }],
    });
    const sketch = await readGraph(project.context, "shop");
    expect(sketch).toMatchObject({
      of: "blueprint",
      components: [{ address: "net@virginia" }],
      references: [],
    });
    await expect(readGraph(project.context, "prud")).rejects.toMatchObject({
      code: "document-not-found",
      next: "terrane graph prod",
    });
  });

  it("is not drawn of documents with problems", async () => {
    await using project = await makeProject({
      "blueprints/shop.yaml": blueprint.replace("network: net", "network: nett"),
    });
    await expect(readGraph(project.context, "shop")).rejects.toMatchObject({
      code: "document-invalid",
      problems: [{ code: "unknown-reference" }],
    });
  });
});
