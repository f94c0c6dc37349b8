/**
 * Replacing what another stack uses, through the real engine: the new one is made, who uses it moves over, and only
 * then the old one goes.
 */
import { describe, expect, it } from "vitest";
import { editState } from "../support/edit-state.ts";
import { applying } from "../support/project.ts";
import { stopping, useReplacedSubnets } from "../support/replaced-subnets.ts";

describe("replacing what another stack uses", { timeout: 180_000 }, () => {
  const { project, up, subnets } = useReplacedSubnets();

  it("makes the new one, lets others move over, and deletes the old one last", async () => {
    await up(0);
    const before = await subnets();
    const { result, plan, operation } = await up(10);
    expect(result).toBe("succeeded");
    const changes = plan.stacks.flatMap(({ stack, phase, steps }) =>
      steps.flatMap(({ action, name }) =>
        action === "same" ? [] : [`${phase} ${stack.split(".").at(-1)}: ${action} ${name}`],
      ),
    );
    expect(changes.sort()).toEqual([
      "converge compute: update house",
      "converge network: create ground-use1-az1",
      "converge network: create ground-use1-az2",
      "prune network: delete ground-use1-az1~replaced",
      "prune network: delete ground-use1-az2~replaced",
    ]);
    const made = plan.stacks.flatMap((stack) => stack.steps).find((step) => step.action === "create");
    expect(made).toMatchObject({
      setAside: `${made?.urn}~replaced`,
      changes: [{ path: "cidrBlock", replaces: true }],
    });
    expect(operation?.steps.map((step) => step.id)).toEqual([
      "move:shop",
      "converge:shop.virginia.network",
      "converge:shop.virginia.compute",
      "prune:shop.virginia.network",
    ]);
    const after = await subnets();
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect((await up(10)).result).toBe("unchanged");
  });

  it("finds what a killed engine made anew beside what it had set aside", async () => {
    await up(0);
    expect((await up(10, killing("network"), 500)).result).toBe("cancelled");
    const { result } = await up(10);
    expect(result).toBe("succeeded");
    expect(await subnets()).toHaveLength(2);
    expect((await up(10)).result).toBe("unchanged");
  });

  it("frees an environment that was stuck with something replaced that its cloud would not delete", async () => {
    await up(0);
    expect((await up(10, stopping("compute"))).result).toBe("cancelled");
    // As the engine leaves it when it tried on its own.
    await editState(project(), "shop.virginia.network", ({ deployment, ...rest }) => ({
      ...rest,
      deployment: {
        ...deployment,
        resources: (deployment.resources ?? []).map((resource) =>
          resource.urn.endsWith("~replaced")
            ? { ...resource, urn: resource.urn.replace("~replaced", ""), delete: true }
            : resource,
        ),
      },
    }));
    expect(await subnets()).toHaveLength(4);
    const { result, plan } = await up(10);
    expect(result).toBe("succeeded");
    expect(plan.counts).toMatchObject({ create: 0, replace: 0, delete: 2 });
    expect(await subnets()).toHaveLength(2);
    expect((await up(10)).result).toBe("unchanged");
  });
});

/** Options of an `up` whose engine is killed while it makes its first resource in the stack of this domain. */
function killing(domain: string) {
  const [signal, force] = [new AbortController(), new AbortController()];
  let isUp = false;
  return applying({
    signal: signal.signal,
    force: force.signal,
    emit: (event) => {
      isUp ||= event.type === "stack:start" && event.verb === "up" && event.stack.endsWith(domain);
      if (!isUp || event.type !== "resource:start" || event.action !== "create") return;
      signal.abort();
      force.abort();
    },
  });
}
