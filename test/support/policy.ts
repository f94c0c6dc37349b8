/** The smallest world of a policy: one resource, one context. */
import type { Finding } from "../../src/model/finding.ts";
import type { Resource } from "../../src/model/resource.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import type { PolicyContext, Rule } from "../../src/policy/rule.ts";
import type { Properties } from "../../src/values/value.ts";

export const today = "2026-11-21";

export const staging: PolicyContext = {
  class: "staging",
  stack: "payments.virginia.data",
  target: "simulated",
  today,
};

export function makeResource(type: string, inputs: Properties, name = "orders"): Resource {
  return {
    urn: `urn:pulumi:${staging.stack}::terrane::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs: { ...inputs },
    dependsOn: [],
  };
}

/** What a rule says of one resource. */
export function judge(
  rule: Rule,
  type: string,
  inputs: Properties,
  context: PolicyContext = staging,
): Finding[] {
  return evaluate([rule], context, [makeResource(type, inputs)]);
}

/** The verdicts alone, with the property that decided: `fail ingress[0].cidrBlocks[0]`. */
export function verdictsOf(findings: readonly Finding[]): string[] {
  return findings.map(({ verdict, property }) =>
    property === undefined ? verdict : `${verdict} ${property}`,
  );
}
