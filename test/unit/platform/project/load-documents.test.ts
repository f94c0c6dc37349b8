import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { loadDocuments } from "../../../../src/platform/project/load-documents.ts";

const environment = (name: string) => ({
  apiVersion: "terrane.dev/v1",
  kind: "Environment",
  metadata: { name },
  blueprint: "shop@^1",
  class: "dev",
});

const load = (documents: readonly object[]) =>
  loadDocuments({
    dir: tmpdir(),
    home: "/nowhere",
    environment: {},
    now: () => new Date(0),
    documents,
  });

test("a document in code is read once, and anew when it was changed", () => {
  const document = environment("shop");
  const [first] = load([document]).environments;
  expect(load([document]).environments[0]).toBe(first);

  document.metadata.name = "depot";
  expect(load([document]).environments.map(({ document: { metadata } }) => metadata.name)).toEqual(["depot"]);
});

test("what is wrong with a document in code is told each time", () => {
  const wrong = { ...environment("shop"), class: "huge" };
  const told = [load([wrong]), load([wrong])].map(({ problems }) => problems.report().problems);
  expect(told[0]).toHaveLength(1);
  expect(told[1]).toEqual(told[0]);
});
