import { describe, expect, it } from "vitest";
import type { Step } from "../../../../src/model/plan.ts";
import {
  joinMoves,
  planReturn,
  planSetAside,
  planSwap,
} from "../../../../src/platform/applying/set-aside.ts";
import type { StateResource, StateSummary } from "../../../../src/state/store.ts";
import { unknown, type Value } from "../../../../src/values/value.ts";

const stack = "shop.virginia.network";
const urn = (name: string) => `urn:pulumi:${stack}::terrane::aws:ec2/subnet:Subnet::${name}`;

function stateOf(...resources: readonly (Partial<StateResource> & { readonly urn: string })[]): StateSummary {
  const usual = { type: "aws:ec2/subnet:Subnet", custom: true, protect: false, deletionProtected: false };
  return {
    digest: "",
    pending: [],
    resources: resources.map((each) => ({ ...usual, replaced: false, ...each })),
  };
}

function replacing(name: string, after: Value, more: Partial<Step> = {}): Step {
  const changes = [
    { path: "cidrBlock", kind: "update" as const, replaces: true, before: "10.0.0.0/24", after },
  ];
  const usual = { type: "aws:ec2/subnet:Subnet", action: "replace" as const, replacementUnknown: false };
  return { ...usual, urn: urn(name), name, changes, ...more };
}

const aside = (name: string, as: string) => ({
  from: { stack, urn: urn(name) },
  to: { stack, urn: urn(as) },
});
const never = () => false;

describe("what a stack has to set aside", () => {
  it("is what would be replaced, under a URN of its own", () => {
    const state = stateOf({ urn: urn("a") }, { urn: urn("b") }, { urn: urn("a~replaced") });
    expect(planSetAside(stack, state, [replacing("a", "10.1.0.0/24")], never)).toEqual([
      aside("a", "a~replaced-2"),
    ]);
  });

  it("is not what has to go before its successor can come", () => {
    const step = replacing("a", "10.1.0.0/24", { deletesFirst: true });
    expect(planSetAside(stack, stateOf({ urn: urn("a") }), [step], never)).toEqual([]);
  });

  it("is no data that may turn out to be the same", () => {
    const state = stateOf({ urn: urn("a") });
    const plan = (after: Value, isStateful: boolean) =>
      planSetAside(stack, state, [replacing("a", after)], () => isStateful).length;
    expect([plan(unknown, true), plan("10.1.0.0/24", true), plan(unknown, false)]).toEqual([0, 1, 1]);
  });

  it("is no provider and no component", () => {
    const state = stateOf(
      { urn: urn("a"), type: "pulumi:providers:aws" },
      { urn: urn("b"), type: "terrane:component:Vpc", custom: false },
    );
    const steps = [replacing("a", "x"), replacing("b", "x")];
    expect(planSetAside(stack, state, steps, never)).toEqual([]);
  });

  it("is also what was replaced long ago and could never be deleted, each of them", () => {
    const old = { urn: urn("a"), replaced: true };
    expect(planSetAside(stack, stateOf({ urn: urn("a") }, old, old), [], never)).toEqual([
      { ...aside("a", "a~replaced"), replaced: true },
      { ...aside("a", "a~replaced-2"), replaced: true },
    ]);
  });
});

describe("what was set aside", () => {
  it("takes its place again where nothing took it, the latest of several", () => {
    const state = stateOf(
      { urn: urn("a~replaced") },
      { urn: urn("a~replaced-10") },
      { urn: urn("a~replaced-9") },
      { urn: urn("b") },
      { urn: urn("b~replaced") },
    );
    expect(planReturn(stack, state)).toEqual([aside("a~replaced-10", "a")]);
  });

  it("changes places with a successor that would be replaced in its turn", () => {
    const state = stateOf({ urn: urn("a") }, { urn: urn("a~replaced") }, { urn: urn("b") });
    const steps = [replacing("a", "10.0.0.0/24"), replacing("b", "10.0.1.0/24")];
    expect(planSwap(stack, state, steps)).toEqual([aside("a", "a~replaced-2"), aside("a~replaced", "a")]);
  });
});

describe("moves one after the other", () => {
  const moves = (...resources: Parameters<typeof joinMoves>[1]) => ({
    ...{ resources, providers: {}, stacks: [stack] },
  });

  it("lead from the first place to the last", () => {
    expect(joinMoves(moves(aside("a", "b")), [aside("b", "c"), aside("x", "y")])).toEqual(
      moves(aside("a", "c"), aside("x", "y")),
    );
  });

  it("are none where they lead back", () => {
    expect(joinMoves(moves(aside("a~replaced", "a")), [aside("a", "a~replaced")])).toBeUndefined();
    expect(joinMoves(undefined, [])).toBeUndefined();
  });

  it("take along what was replaced, to where it goes on its own", () => {
    const older = { ...aside("b", "b~replaced"), replaced: true as const };
    expect(joinMoves(moves(aside("a", "b")), [older])?.resources).toEqual([
      aside("a", "b"),
      { ...aside("a", "b~replaced"), replaced: true },
    ]);
  });
});
