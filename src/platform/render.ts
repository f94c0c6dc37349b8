/** The resources an environment asks for, rendered in this process: no engine, no credentials, nothing changed. */
import { rulesOf } from "../../policies/packs.ts";
import { evaluate } from "../policy/evaluate.ts";
import type { RenderedEnvironment } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { catalogOf } from "./project/component-catalog.ts";
import { openProject } from "./project/open-project.ts";
import { prepare } from "./project/prepare.ts";
import { componentsOf, readSecrets } from "./project/secret-parameters.ts";

/** @throws TerraneError `document-invalid`, `document-not-found`, `not-in-this-release`, `cloud-error` */
export async function renderEnvironment(
  context: PlatformContext,
  name: string | undefined,
): Promise<RenderedEnvironment> {
  await using project = await openProject(context);
  const { app } = project;
  const { graph, spec, target } = await prepare(project, name);
  const [render, { makeProgram }, { openMemoryClouds }, { makeMocks }, secrets] = await Promise.all([
    import("../render/render.ts"),
    import("../../stacks/program.ts"),
    import("../simulator/clouds.ts"),
    import("../simulator/mocks.ts"),
    readSecrets(componentsOf(graph), { root: app.root, environment: context.environment }),
  ]);
  await using clouds = await openMemoryClouds();
  const catalog = catalogOf(context);
  const stacks = await render.renderEnvironment(graph, {
    mocks: (stack) => makeMocks(clouds, { stack }),
    makeProgram: (stack, upstream) => makeProgram({ spec: stack, upstream, catalog, secrets }),
  });
  const rules = rulesOf(app.project.policies.packs);
  const today = context.now().toISOString().slice(0, 10);
  return {
    environment: spec.name,
    target,
    provisional: spec.provisional,
    stacks: stacks.map((stack) => ({ name: stack.name, resources: stack.resources })),
    findings: stacks.flatMap((stack) =>
      evaluate(rules, { class: spec.class, stack: stack.name, target, today }, stack.resources),
    ),
  };
}
