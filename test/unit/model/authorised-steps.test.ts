import { expect, test } from "vitest";
import { authoriseSteps } from "../../../src/model/authorised-steps.ts";

const urn = (name: string) => `urn:pulumi:shop.virginia.network::terrane::aws:ec2/vpc:Vpc::${name}`;
const isAuthorised = authoriseSteps([
  { urn: urn("new"), action: "create" },
  { urn: urn("other"), action: "update" },
  { urn: urn("else"), action: "replace" },
  { urn: urn("old"), action: "delete" },
  { urn: urn("same"), action: "same" },
]);

test.each([
  ["new", "creating"],
  ["other", "updating"],
  ["else", "creating"],
  ["else", "deleting"],
  ["else", "updating"],
  ["old", "deleting"],
  ["same", "reading"],
  ["unheard-of", "reading"],
])("a plan authorises that %s is begun with %s", (name, operation) => {
  expect(isAuthorised(urn(name), operation)).toBe(true);
});

test.each([
  ["new", "deleting"],
  ["new", "updating"],
  ["other", "creating"],
  ["other", "deleting"],
  ["old", "updating"],
  ["same", "updating"],
  ["same", "deleting"],
  ["unheard-of", "creating"],
  ["unheard-of", "deleting"],
])("a plan does not authorise that %s is begun with %s", (name, operation) => {
  expect(isAuthorised(urn(name), operation)).toBe(false);
});

test("the stack's own root, which no plan shows, is authorised", () => {
  const root =
    "urn:pulumi:shop.virginia.network::terrane::pulumi:pulumi:Stack::terrane-shop.virginia.network";
  expect(isAuthorised(root, "creating")).toBe(true);
});
