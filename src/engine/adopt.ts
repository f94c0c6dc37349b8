/**
 * Ends what an engine that was killed has left open in a stack's state: a create that was begun and did make something
 * becomes a resource, one that made nothing is dropped. Changes nothing in a cloud.
 */
import { z } from "zod";
import type { Adoption, AdoptRequest, ApplyResult } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";

/** The parts of an exported deployment that are touched; the rest goes back as it came. */
const deploymentSchema = z.looseObject({
  resources: z.array(z.looseObject({ urn: z.string() })).default([]),
  pending_operations: z
    .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
    .default([]),
});
type Deployment = z.infer<typeof deploymentSchema>;

/**
 * By export and import of the state: `refresh --import-pending-creates` of 3.250 loses what it is to import, and
 * `import` wants the plugin of a language. What was begun stands in the state with all its inputs and lacks but its id;
 * outputs are then read from the cloud.
 */
export async function adoptBegun(request: AdoptRequest): Promise<ApplyResult> {
  const urns = request.made.map((each) => each.urn);
  const run = await runEngine({
    request,
    preview: false,
    act: async (stack, options) => {
      const exported = await stack.exportStack();
      const deployment = withMade(deploymentSchema.parse(exported.deployment), request.made);
      await stack.importStack({ ...exported, deployment });
      if (urns.length > 0) await stack.refresh({ ...options, runProgram: false, target: urns });
    },
  });
  return toApplyResult(run, []);
}

/** Behind all others: what it depends on was there before it was begun. */
function withMade(deployment: Deployment, made: readonly Adoption[]): Deployment {
  const ids = new Map(made.map(({ urn, id }) => [urn, id]));
  const begun = deployment.pending_operations.filter((each) => each.type === "creating");
  const adopted = begun.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    return id === undefined ? [] : [{ ...resource, id }];
  });
  return {
    ...deployment,
    resources: [...deployment.resources, ...adopted],
    pending_operations: deployment.pending_operations.filter((each) => each.type !== "creating"),
  };
}
