/** The verdict of one policy rule on one resource. */
import { z } from "zod";

export const verdicts = ["pass", "fail", "undetermined"] as const;
/** `deny` stops a change; `warn` is shown. */
export const severities = ["deny", "warn"] as const;

export const findingSchema = z.strictObject({
  /** `<pack>/<rule>` */
  rule: z.string(),
  verdict: z.enum(verdicts),
  severity: z.enum(severities),
  stack: z.string(),
  urn: z.string(),
  resource: z.string().describe("Name and type for people."),
  /** Property path of what decided, where one did. */
  property: z.string().optional(),
  why: z.string(),
  mend: z.string(),
});
/** One verdict of a rule on a resource. */
export type Finding = z.infer<typeof findingSchema>;
export type Severity = Finding["severity"];
