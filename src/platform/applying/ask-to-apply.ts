/**
 * The question before a change, with the one rule that no yes passes by: prod loses the data of a component only where
 * that component is named, beforehand or by whoever answers.
 */
import { type Problem, TerraneError } from "../../errors.ts";
import { componentOf } from "../../model/component-of.ts";
import type { Plan } from "../../model/plan.ts";
import { formatAddress } from "../../model/spec.ts";
import { nearest } from "../../values/nearest.ts";
import type { ApplyOptions } from "../api.ts";

/**
 * Whether to go on.
 * @throws TerraneError `approval-required` where the answer is yes, but does not name what would lose its data;
 * `bad-usage` where `allowDataLoss` names a component that the plan does not have.
 */
export async function askToApply(
  plan: Plan,
  options: Pick<ApplyOptions, "confirm" | "allowDataLoss">,
): Promise<boolean> {
  const allowed = options.allowDataLoss ?? [];
  assertKnown(plan, allowed);
  const losses = plan.class === "prod" ? lossesOf(plan) : new Map<string, readonly string[]>();
  const open = [...losses.keys()].filter((component) => !allowed.includes(component));
  const answer = await options.confirm(plan, open);
  if (answer === false) return false;
  const named = answer === true ? [] : answer;
  const missing = open.filter((component) => !named.includes(component));
  if (missing.length > 0) throw approvalRequired(plan, missing, losses);
  return true;
}

/** Component (`orders@virginia`) → URNs of what it would lose. */
function lossesOf(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const losses = new Map<string, readonly string[]>();
  for (const urn of plan.dataAtRisk) {
    const component = componentOf(plan, urn);
    const address = component === undefined ? urn : formatAddress(component);
    losses.set(address, [...(losses.get(address) ?? []), urn]);
  }
  return losses;
}

function assertKnown(plan: Plan, allowed: readonly string[]): void {
  const known = new Set(
    plan.stacks.flatMap(({ site, steps }) =>
      steps
        .filter((step) => step.type.startsWith("terrane:component:"))
        .map((step) => formatAddress({ component: step.name, site })),
    ),
  );
  const unknown = allowed.filter((component) => !known.has(component));
  if (unknown.length === 0) return;
  const proposals = unknown.flatMap((component) => nearest(component, known) ?? []);
  throw new TerraneError(
    "bad-usage",
    `data loss is allowed for ${unknown.join(", ")}, which ${plan.environment} does not have`,
    {
      next:
        proposals.length > 0
          ? `Did you mean ${proposals.join(", ")}?`
          : `Name one of its components: ${[...known].sort().join(", ")}.`,
    },
  );
}

function approvalRequired(
  plan: Plan,
  missing: readonly string[],
  losses: ReadonlyMap<string, readonly string[]>,
): TerraneError {
  const flags = missing.map((component) => `--allow-data-loss ${component}`).join(" ");
  return new TerraneError(
    "approval-required",
    `${plan.kind} of ${plan.environment} (class prod) would lose the data of ${missing.join(", ")}: a yes has to name it`,
    {
      problems: missing.flatMap((component) =>
        (losses.get(component) ?? []).map((urn) => toProblem(plan, component, urn)),
      ),
      next: `Look at the plan, then run: terrane ${plan.kind} ${plan.environment} --yes ${flags}`,
      details: { environment: plan.environment, planHash: plan.hash, components: missing },
    },
  );
}

function toProblem(plan: Plan, component: string, urn: string): Problem {
  const step = plan.stacks
    .flatMap((stack) => stack.steps)
    .find((each) => each.urn === urn && each.action !== "same");
  const causes = (step?.changes ?? []).filter((change) => change.replaces).map((change) => change.path);
  const position = plan.sources?.[component.split("@")[0] ?? ""];
  const isReplaced = step?.action === "replace" || step?.setAside !== undefined;
  const how = isReplaced ? "would be replaced" : "would be deleted";
  return {
    code: "approval-required",
    severity: "error",
    message: [
      `${component}: ${step?.name ?? urn} (${step?.type ?? "a stateful resource"}) ${how}, and its data with it`,
      ...(causes.length === 0 ? [] : [`because of ${causes.join(", ")}`]),
    ].join(", "),
    ...(position === undefined ? {} : { position }),
    next: `--allow-data-loss ${component}`,
  };
}
