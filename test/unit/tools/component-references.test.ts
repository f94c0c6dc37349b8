import { describe, expect, it } from "vitest";
import type { Resource } from "../../../src/model/resource.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { pictureComponent } from "../../../tools/references/component-picture.ts";
import { renderExamples } from "../../../tools/references/component-samples.ts";

const network = catalog.get("vpc");

function resource(type: string, name: string, ...dependsOn: string[]): Resource {
  const urn = (of: string) => `urn:${of}`;
  return { urn: urn(name), type, name, custom: true, inputs: {}, dependsOn: dependsOn.map(urn) };
}

describe("the picture of a component", () => {
  it("has a card for each type and no arrow that follows from others", () => {
    const { cards, arrows } = pictureComponent(network, {
      type: "vpc",
      cloud: "aws",
      resources: [
        resource("aws:ec2/vpc:Vpc", "net"),
        resource("aws:ec2/subnet:Subnet", "one", "net"),
        resource("aws:ec2/subnet:Subnet", "two", "net"),
        resource("aws:ec2/natGateway:NatGateway", "nat", "one", "net"),
        resource("kubernetes:core/v1:Namespace", "space", "elsewhere"),
      ],
    });
    expect(cards.map(({ title, note, tooltip }) => [title, note, tooltip])).toEqual([
      ["Vpc", "aws ec2", "net"],
      ["2 × Subnet", "aws ec2", "one, two"],
      ["NatGateway", "aws ec2", "nat"],
      ["Namespace", "core/v1", "space"],
    ]);
    expect(arrows.map(({ from, to }) => [from, to])).toEqual([
      ["aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"],
      ["aws:ec2/natGateway:NatGateway", "aws:ec2/subnet:Subnet"],
    ]);
  });

  it("ends where types wait for each other in a circle", () => {
    const { arrows } = pictureComponent(network, {
      type: "vpc",
      cloud: "aws",
      resources: [
        resource("aws:a:A", "a1"),
        resource("aws:b:B", "b1", "a1"),
        resource("aws:a:A", "a2", "b1", "a1"),
      ],
    });
    expect(arrows.map(({ from, to }) => [from, to])).toEqual([["aws:b:B", "aws:a:A"]]);
  });
});

describe("the examples of the components", () => {
  it("are one blueprint that can be rendered, on every cloud that has what they name", async () => {
    const described = await Promise.all(
      catalog.contracts.map(async (contract) => ({ contract, about: (await contract.about?.())?.about })),
    );
    const complete = described.flatMap(({ contract, about }) =>
      about === undefined ? [] : [{ contract, about }],
    );
    const samples = await renderExamples(complete);
    expect(samples.every(({ resources }) => resources.length > 0)).toBe(true);
    const made = samples.map(({ type, cloud }) => `${type} on ${cloud}`).sort();
    expect(made).toEqual([
      "argocd on aws",
      "ci-identity on aws",
      "cluster on aws",
      "encryption on aws",
      "postgres on aws",
      "vpc on aws",
      "vpc on gcp",
    ]);
  });
});
