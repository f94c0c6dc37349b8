/** What failed in an operation as problems of the blueprint, for whoever reads problems: annotations, editors. */
import type { Problem } from "../../errors.ts";
import { componentOf, sourceOf } from "../../model/component-of.ts";
import { formatAddress } from "../../model/spec.ts";
import type { ApplyResult } from "../../platform/api.ts";
import { splitUrn } from "./names.ts";

/** One for each resource that failed, and for each step that failed without one. */
export function failureProblems(result: ApplyResult): readonly Problem[] {
  const { plan, operation } = result;
  const next = result.next === undefined ? {} : { next: result.next };
  return (operation?.steps ?? []).flatMap((step): readonly Problem[] => {
    const failed = step.resources.filter((resource) => resource.outcome === "failed");
    if (failed.length === 0) {
      if (step.outcome !== "failed") return [];
      const message = step.message ?? `${step.stack} failed`;
      return [{ code: "operation-failed", severity: "error", message, ...next }];
    }
    return failed.map((resource): Problem => {
      const component = componentOf(plan, resource.urn);
      const position = sourceOf(plan, resource.urn);
      const owner = component === undefined ? "" : `${formatAddress(component)}: `;
      return {
        code: "operation-failed",
        severity: "error",
        message: `${owner}${resource.action} of ${splitUrn(resource.urn).name} failed: ${resource.message ?? "no reason was given"}`,
        ...(position === undefined ? {} : { position }),
        ...next,
      };
    });
  });
}
