/** IAM policy documents as text. Knows no component. */

const version = "2012-10-17";

/** One rule of a policy, in IAM's own words. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  /** Only in policies that stand on a resource. */
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: readonly string[];
  /** Absent in trust policies. */
  readonly Resource?: readonly string[];
  /** Instead of `Resource`: all but these. */
  readonly NotResource?: readonly string[];
  /** Operator → key → values, of which one must hold; operators and keys must hold together. */
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>
  >;
}

/** The statements as one document, in the order given. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: version, Statement: statements });
}

/** Trust policy: the AWS service may assume the role, under the condition where there is one. */
export function trust(
  service: string,
  actions: readonly string[],
  condition?: Statement["Condition"],
): string {
  const statement: Statement = { Effect: "Allow", Principal: { Service: service }, Action: actions };
  return policyDocument([condition === undefined ? statement : { ...statement, Condition: condition }]);
}

/** Permissions: these actions on these resources. */
export function allow(actions: readonly string[], resources: readonly string[]): string {
  return policyDocument([{ Effect: "Allow", Action: actions, Resource: resources }]);
}

/** The account in an ARN: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}
