import { describe, expect, it } from "vitest";
import { componentOf } from "../../../src/model/component-of.ts";
import { changedPlan, databaseUrn, newPlan, urn, vpcUrn } from "../cli/samples.ts";

const data = "shop.virginia.data";
const postgres = "terrane:component:Postgres";

describe("the component of a resource", () => {
  it("is the one whose part it is, in the site of its stack", () => {
    expect(componentOf(newPlan, databaseUrn)).toEqual({ component: "orders", site: "virginia" });
    expect(componentOf(newPlan, vpcUrn)).toEqual({ component: "vpc", site: "virginia" });
    expect(componentOf(changedPlan, urn(data, postgres, "orders"))?.component).toBe("orders");
  });

  it("of two whose names begin alike is the one with the longer name", () => {
    const [, stack] = newPlan.stacks;
    const [own] = stack?.steps ?? [];
    if (stack === undefined || own === undefined) throw new Error("the sample has a data stack");
    const other = { ...own, name: "orders-archive", urn: urn(data, postgres, "orders-archive") };
    const both = { stacks: [{ ...stack, steps: [...stack.steps, other] }] };
    const part = (name: string) => urn(data, `${postgres}$aws:rds/instance:Instance`, name);
    expect(componentOf(both, part("orders-archive-replica"))?.component).toBe("orders-archive");
    expect(componentOf(both, part("orders-replica"))?.component).toBe("orders");
  });

  it("is the one that its parents lead to, whatever the names are", () => {
    const [, stack] = newPlan.stacks;
    const [own] = stack?.steps ?? [];
    if (stack === undefined || own === undefined) throw new Error("the sample has a data stack");
    const renamed = { ...own, name: "bookings", urn: urn(data, postgres, "bookings") };
    const part = {
      ...own,
      name: "orders",
      type: "aws:rds/instance:Instance",
      urn: databaseUrn,
      parent: renamed.urn,
    };
    const both = { stacks: [{ ...stack, steps: [own, renamed, part] }] };
    expect(componentOf(both, databaseUrn)?.component).toBe("bookings");
  });

  it("is nobody's for a provider, and for a stack that the plan does not have", () => {
    expect(componentOf(newPlan, urn(data, "pulumi:providers:aws", "default"))).toBeUndefined();
    expect(componentOf(newPlan, urn("shop.iowa.data", postgres, "orders"))).toBeUndefined();
  });
});
