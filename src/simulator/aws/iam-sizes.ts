/** How long policies may be: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, as of 2026-11-21. */
import { type Refusal, type StoredObject, type Subject, textAt } from "../model.ts";
import { sizeOf } from "./policy-document.ts";

/** Sizes do not count whitespace. */
export function tooLarge(
  input: string,
  most: number,
  quota: string,
): (subject: Subject) => Refusal | undefined {
  return (subject) =>
    sizeOf(textAt(subject.inputs, input) ?? "") > most
      ? { code: "LimitExceeded", message: `Cannot exceed quota for ${quota}: ${most}` }
      : undefined;
}

/** All policies that stand in one role, together. */
const inlineMost = 10_240;

/** @param there the policies in the role as they are */
export function inlineTooLarge(
  subject: Subject,
  there: readonly StoredObject[],
  role: string,
): Refusal | undefined {
  const others = there.filter(({ id }) => id !== subject.id);
  const sizes = [subject, ...others].map(({ inputs }) => sizeOf(textAt(inputs, "policy") ?? ""));
  return sizes.reduce((sum, size) => sum + size, 0) > inlineMost
    ? {
        code: "LimitExceeded",
        message: `Maximum policy size of ${inlineMost} bytes exceeded for role ${role}`,
      }
    : undefined;
}
