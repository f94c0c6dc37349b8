/** Longest names of a cloud's resources: rules that names are made by, with their sources. */
import type { NameRules } from "../../src/values/names.ts";
import { type Limit, limitsAsOf, type Told } from "./limit.ts";

interface NameLimit extends NameRules {
  /** Whose name it is: "an IAM role". */
  readonly of: string;
  readonly source: Told["source"];
}

export type NameLimits = Readonly<Record<string, NameRules & Limit<{ readonly most: number }>>>;

/** Makes name rules that were all looked up on one day. */
export function nameLimitsAsOf<const Names extends Readonly<Record<string, NameLimit>>>(
  asOf: string,
  names: Names,
): { readonly [Name in keyof Names]: NameLimits[string] } {
  const limit = limitsAsOf(asOf);
  const made = Object.entries(names).map(([name, { of, source, ...rules }]) => [
    name,
    { ...rules, ...limit({ what: `Characters of the name of ${of}`, most: rules.maxLength, source }) },
  ]);
  return Object.freeze(Object.fromEntries(made)) as { readonly [Name in keyof Names]: NameLimits[string] };
}
