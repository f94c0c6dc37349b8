/** A platform that is renamed and moved about in tests through the real engine. */
import { afterEach, beforeEach } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readResources } from "../../src/platform/resources.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "./project.ts";

export const site = "virginia: { cloud: aws, region: us-east-1, runner: inside }";
export const argocd =
  "argocd: { type: argocd, cluster: cluster, repository: https://git.example.com/deploy }";

/** A blueprint with these sites and components, one a line. */
export function blueprint(components: readonly string[], sites: readonly string[] = [site]): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites:",
    ...sites.map((each) => `  ${each}`),
    "components:",
    ...components.map((each) => `  ${each}`),
    "",
  ].join("\n");
}

export const small = ["vpc: { type: vpc, zones: 2 }", "orders: { type: postgres, network: vpc }"];
export const whole = [...small, "cluster: { type: cluster, network: vpc, connects: [orders] }", argocd];

/** A project with one environment, `shop`, for tests that rename and move; each ends with it destroyed, nothing left. */
export function useMovedPlatform() {
  let project: TestProject;
  beforeEach(async () => {
    project = await makeProject({
      "blueprints/platform/blueprint.yaml": blueprint(small),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
  });
  afterEach(async () => {
    const { result } = await destroyEnvironment(project.context, "shop", applying());
    const left = await listObjects(project.context, {});
    await project[Symbol.asyncDispose]();
    if (result !== "succeeded" || left.length > 0) throw new Error(`destroy ${result}, ${left.length} left`);
  });
  const write = (text: string) => project.write("blueprints/platform/blueprint.yaml", text);
  return {
    project: () => project,
    write,
    up: async (text: string) => {
      await write(text);
      const result = await upEnvironment(project.context, "shop", applying());
      return { result, plan: result.plan };
    },
    /** Ids of everything in the clouds. */
    ids: async () =>
      (await listObjects(project.context, {})).map((object) => `${object.type} ${object.id}`).sort(),
    components: async () => {
      const { stacks } = await readResources(project.context, "shop");
      return [
        ...new Set(stacks.flatMap((stack) => stack.resources.flatMap((each) => each.component ?? []))),
      ].sort();
    },
    stackNames: async () =>
      (await readResources(project.context, "shop")).stacks.map((stack) => stack.name).sort(),
  };
}

export const touched = ({ counts }: Plan) => [counts.create, counts.update, counts.replace, counts.delete];

/** An `up` that is told to stop before its move, or as soon as its first stack converges. */
export async function interruptedAt(project: TestProject, at: "move" | "converge") {
  const controller = new AbortController();
  const options = applying({
    signal: controller.signal,
    emit: (event) => {
      if (at === "move" && event.type === "operation:start") controller.abort();
      if (at === "converge" && event.type === "stack:start" && event.verb === "up") controller.abort();
    },
  });
  return await upEnvironment(project.context, "shop", options);
}
