/**
 * Runs rules over resources: findings in a stable order, the same wherever the resources come from. Pure; knows no
 * rule of its own. Exceptions and approvals are for whoever reads the findings.
 */
import { TerraneError } from "../errors.ts";
import type { Finding } from "../model/finding.ts";
import type { Resource } from "../model/resource.ts";
import { makeReader } from "./answer.ts";
import type { CheckContext, PolicyContext, Rule, Subject, Verdict } from "./rule.ts";

/**
 * Every verdict of the rules on the resources of one stack: in the order of the resources, then of the rules, then
 * of what a rule found. A rule that finds nothing wrong with a resource it looks at gives one `pass`.
 * @throws TerraneError `policy-unavailable` when a rule fails: nothing goes on unjudged.
 */
export function evaluate(
  rules: readonly Rule[],
  context: PolicyContext,
  resources: readonly Resource[],
): Finding[] {
  return resources.flatMap((resource) =>
    rules.flatMap((rule) =>
      judgeOne(rule, context, resource, rule.scope === "stack" ? resources : [resource]),
    ),
  );
}

/** The rules of one stack, as the engine asks them: each resource before it is made, then all together. */
export interface Judge {
  /** Rules that need nothing but the resource. */
  judge(resource: Resource): Finding[];
  /** Rules that need the resource's neighbours. */
  judgeStack(resources: readonly Resource[]): Finding[];
}

/** Both methods together give the findings of {@link evaluate}, and throw as it does. */
export function makeJudge(rules: readonly Rule[], context: PolicyContext): Judge {
  const alone = rules.filter((rule) => rule.scope === "resource");
  const together = rules.filter((rule) => rule.scope === "stack");
  return {
    judge: (resource) => evaluate(alone, context, [resource]),
    judgeStack: (resources) => evaluate(together, context, resources),
  };
}

/** Whether a verdict of the rules that has to do with the resource can change with the day. */
export function changesWithTime(rules: readonly Rule[], resource: Resource): boolean {
  const type = baseType(resource.type);
  return rules.some((rule) => rule.dependsOnTime && (rule.scope === "stack" || rule.types.has(type)));
}

/** The findings that stop a change. */
export function denials(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.verdict === "fail" && finding.severity === "deny");
}

function judgeOne(
  rule: Rule,
  context: PolicyContext,
  resource: Resource,
  resources: readonly Resource[],
): Finding[] {
  const type = baseType(resource.type);
  if (!rule.types.has(type)) return [];
  const subject: Subject = { inputs: makeReader(resource.inputs), resource, type };
  const verdicts = distinct(runCheck(rule, subject, checkContext(rule, context, resources)));
  const common = {
    rule: rule.id,
    severity: rule.severity[context.class],
    stack: context.stack,
    urn: resource.urn,
    resource: `${resource.name} (${resource.type})`,
  };
  if (verdicts.length === 0) return [{ ...common, verdict: "pass", why: rule.title, mend: "" }];
  return verdicts.map((verdict) => ({ ...common, ...verdict }));
}

/** A rule that reads the day has to say so, or the verdict on what does not change would never change either. */
function checkContext(rule: Rule, context: PolicyContext, resources: readonly Resource[]): CheckContext {
  if (rule.dependsOnTime) return { ...context, resources };
  const { class: environmentClass, stack, target } = context;
  return {
    class: environmentClass,
    stack,
    target,
    resources,
    get today(): string {
      throw new TerraneError("internal", `${rule.id} reads the day and does not say that it depends on time`);
    },
  };
}

type Judgement = Pick<Finding, "verdict" | "why" | "mend"> & Partial<Pick<Finding, "property" | "severity">>;

function runCheck(rule: Rule, subject: Subject, context: CheckContext): Judgement[] {
  try {
    return [...rule.check(subject, context)].map(toJudgement);
  } catch (cause) {
    throw new TerraneError(
      "policy-unavailable",
      `the policy rule "${rule.id}" failed on ${subject.resource.name} (${subject.resource.type})`,
      { cause, details: { rule: rule.id, urn: subject.resource.urn } },
    );
  }
}

function toJudgement(verdict: Verdict): Judgement {
  if (verdict.verdict === "fail") return verdict;
  return {
    ...verdict,
    why: `${verdict.property} is not known before \`up\``,
    mend: "Nothing yet: it is judged again when the value is known, before the resource is made.",
  };
}

// Several questions about one unknown value are one finding.
function distinct(judgements: readonly Judgement[]): Judgement[] {
  const seen = new Map(judgements.map((each) => [`${each.verdict}\0${each.property}\0${each.why}`, each]));
  return [...seen.values()];
}

/** `azure-native:network/v20240101:Subnet` → `azure-native:network:Subnet`: the version changes nothing here. */
function baseType(type: string): string {
  return type.replace(/^(azure-native:[^:/]+)\/v\d{8}(?:preview)?:/, "$1:");
}
