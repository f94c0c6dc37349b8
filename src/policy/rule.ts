/**
 * What a policy rule is: a pure check of one resource, with the severity it has in each class of environment. Knows
 * no rule and no pack; `evaluate.ts` runs rules.
 */
import type { Severity } from "../model/finding.ts";
import type { Resource } from "../model/resource.ts";
import type { EnvironmentClass, Target } from "../model/words.ts";
import type { Answer, Reader } from "./answer.ts";

/** What a rule may know besides the resource. */
export interface PolicyContext {
  readonly class: EnvironmentClass;
  /** `<environment>.<site>.<domain>` */
  readonly stack: string;
  readonly target: Target;
  /** Day of the judgement, `YYYY-MM-DD`; handed in, so that a verdict can be repeated. */
  readonly today: string;
}

export interface CheckContext extends PolicyContext {
  /** All resources of the stack for a rule of scope `stack`; the judged one alone for the others. */
  readonly resources: readonly Resource[];
}

/** What a check hands out. A check that hands out nothing passes. */
export type Verdict =
  | {
      readonly verdict: "fail";
      /** Property path of what decided. */
      readonly property?: string;
      /** What is wrong, one sentence. */
      readonly why: string;
      /** What would be right, one imperative sentence. */
      readonly mend: string;
      /** Less severe than the rule is in this class. */
      readonly severity?: "warn";
    }
  | { readonly verdict: "undetermined"; readonly property: string };

export interface Subject {
  /** Reader of the inputs. */
  readonly inputs: Reader;
  readonly resource: Resource;
  /** Type token without the API version of azure-native. */
  readonly type: string;
}

export interface Rule {
  /** `<pack>/<rule>` */
  readonly id: string;
  /** What holds where the rule passes, one sentence. */
  readonly title: string;
  /** Where the rule comes from: addresses of the cloud's or a benchmark's documentation. */
  readonly sources: readonly string[];
  readonly severity: { readonly [C in EnvironmentClass]: Severity };
  /** Type tokens it looks at, without the API version of azure-native. */
  readonly types: ReadonlySet<string>;
  /** `stack`: it needs the resource's neighbours, so that it can be asked only when all are there. */
  readonly scope: "resource" | "stack";
  /** True where the verdict can change with the day, so that an unchanged environment is judged again. */
  readonly dependsOnTime: boolean;
  /** Pure. All that is wrong, in a stable order. */
  readonly check: (subject: Subject, context: CheckContext) => Iterable<Verdict>;
}

export type RuleDefinition = Omit<Rule, "types" | "scope" | "dependsOnTime"> & {
  readonly types: Iterable<string>;
  /** Default: `resource`. */
  readonly scope?: Rule["scope"];
  /** Default: false. */
  readonly dependsOnTime?: boolean;
};

/** Makes a rule. */
export function defineRule(definition: RuleDefinition): Rule {
  return Object.freeze({
    scope: "resource" as const,
    dependsOnTime: false,
    ...definition,
    types: new Set(definition.types),
  });
}

/** The same severity in every class, but for those named. */
export function severityByClass(
  severity: Severity,
  others: Partial<Rule["severity"]> = {},
): Rule["severity"] {
  return { prod: severity, staging: severity, dev: severity, sandbox: severity, ...others };
}

/**
 * Fails when the answer is yes; is undetermined while a deciding value is unknown. A secret value that decides fails:
 * what no rule can see, no rule can let through.
 */
export function refuseWhen(
  answer: Answer,
  refusal: Omit<Extract<Verdict, { verdict: "fail" }>, "verdict">,
): Verdict[] {
  switch (answer.kind) {
    case "no":
      return [];
    case "yes":
      return [{ verdict: "fail", ...refusal }];
    case "unknown":
      return [{ verdict: "undetermined", property: answer.property }];
    case "hidden":
      return [
        {
          verdict: "fail",
          property: answer.property,
          why: `${answer.property} is secret, so that the rule cannot see whether it holds`,
          mend: `Give ${answer.property} as a plain value.`,
        },
      ];
  }
}
