/** A finding as a problem of the document that asked for the resource. */
import type { Problem } from "../errors.ts";
import { componentOf, sourceOf } from "./component-of.ts";
import type { Finding } from "./finding.ts";
import type { Plan } from "./plan.ts";
import { formatAddress } from "./spec.ts";

/** `denied-by-policy` with the position of the component, where the plan knows it; a warning for a rule that warns. */
export function findingProblem(plan: Pick<Plan, "stacks" | "sources">, finding: Finding): Problem {
  const position = sourceOf(plan, finding.urn);
  const component = componentOf(plan, finding.urn);
  const property = finding.property === undefined ? "" : ` ${finding.property}`;
  return {
    code: "denied-by-policy",
    severity: finding.severity === "deny" ? "error" : "warning",
    message: `${finding.rule}: ${finding.why}`,
    seen: `${finding.resource}${property}${component === undefined ? "" : ` of ${formatAddress(component)}`}`,
    next: finding.mend,
    ...(position === undefined ? {} : { position }),
  };
}
