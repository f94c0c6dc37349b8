import { expect, test } from "vitest";
import type { Deployment } from "../../../../src/state/deployment/deployment.ts";
import { faultsOf, noteIntegrity } from "../../../../src/state/deployment/integrity.ts";
import { provider, providerUrn, state, thing, urn } from "../../../support/states.ts";

const nobody = urn("nobody");

test("a state that holds together has no fault, however much is replaced in it", () => {
  const sound = state(
    provider("p2"),
    thing("a", { provider: `${providerUrn}::p2`, parent: "", dependencies: [""] }),
    thing("a", { delete: true, dependencies: [urn("a")] }),
    thing("b", { pendingReplacement: true, provider: `${providerUrn}::gone` }),
  );
  expect(faultsOf(sound)).toEqual([]);
});

test("all faults are told at once, each with its place", () => {
  const damaged: Deployment = {
    manifest: { version: "v3.250.0", magic: "abc" },
    resources: [
      thing("a", { dependencies: [urn("b")], propertyDependencies: { "x/y": [nobody] } }),
      thing("b", {
        parent: nobody,
        provider: `${providerUrn}::p1`,
        replaceWith: [nobody],
        deletedWith: nobody,
      }),
      thing("b"),
      { urn: urn("c"), type: "", id: "c" },
    ],
  };
  expect(faultsOf(damaged)).toEqual([
    { path: "/manifest/magic", message: "the magic number does not fit the engine's version" },
    {
      path: "/resources/0/dependencies/0",
      message: `${urn("a")} refers to ${urn("b")}, which comes after it`,
    },
    {
      path: "/resources/0/propertyDependencies/x~1y/0",
      message: `${urn("a")} refers to ${nobody}, which is not in the state`,
    },
    {
      path: "/resources/1/provider",
      message: `${urn("b")} needs the provider ${providerUrn}::p1, which does not stand before it`,
    },
    { path: "/resources/1/parent", message: `${urn("b")} refers to ${nobody}, which is not in the state` },
    {
      path: "/resources/1/deletedWith",
      message: `${urn("b")} refers to ${nobody}, which is not in the state`,
    },
    {
      path: "/resources/1/replaceWith/0",
      message: `${urn("b")} refers to ${nobody}, which is not in the state`,
    },
    { path: "/resources/3/type", message: `${urn("c")} has no type` },
    { path: "/resources/3/id", message: `${urn("c")} has an id, and is no resource of a provider` },
    { path: "/resources/2/urn", message: `${urn("b")} stands there twice` },
  ]);
});

test("what is wrong is noted in the state, and the note goes when all is well", () => {
  const noted = noteIntegrity({ version: 3, deployment: state(thing("a", { parent: nobody })) });
  expect(noted.deployment.metadata).toEqual({
    integrity_error: {
      version: "3",
      error: `/resources/0/parent: ${urn("a")} refers to ${nobody}, which is not in the state`,
    },
  });
  const mended = noteIntegrity({ ...noted, deployment: { ...noted.deployment, resources: [thing("a")] } });
  expect(mended.deployment.metadata).toEqual({});
});
