/** Reads what a program handed out, after it has run: known, unknown or secret, never made up. */
import type { OutputValue, StackOutputs } from "../model/spec.ts";
import { Secret } from "../values/secret.ts";
import type { Value } from "../values/value.ts";

/** A Pulumi output; these members are stripped from its public type. */
interface OutputInside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/** What programs give back: component → output → Pulumi output. */
export interface ProgramOutputs {
  readonly [component: string]: { readonly [output: string]: unknown };
}

export async function readOutputs(outputs: ProgramOutputs): Promise<StackOutputs> {
  const components = Object.entries(outputs).map(async ([component, values]) => {
    const read = Object.entries(values).map(async ([name, value]) => [
      name,
      await readOutput(value as OutputInside),
    ]);
    return [component, Object.freeze(Object.fromEntries(await Promise.all(read)))];
  });
  return Object.freeze(Object.fromEntries(await Promise.all(components)));
}

async function readOutput(output: OutputInside): Promise<OutputValue> {
  const [isKnown, isSecret] = await Promise.all([output.isKnown, output.isSecret]);
  if (!isKnown) return { kind: "unknown", secret: isSecret };
  // Outputs hold what the contract's schema let through: JSON.
  const value = ((await output.promise(false)) ?? null) as Value;
  return isSecret ? { kind: "secret", value: new Secret(value) } : { kind: "known", value };
}
