/** Reads what a program handed out, after it has run. */
import { readOutput } from "../model/output-value.ts";
import type { ProgramOutputs } from "../model/program.ts";
import type { StackOutputs } from "../model/spec.ts";

export async function readOutputs(outputs: ProgramOutputs): Promise<StackOutputs> {
  const components = Object.entries(outputs).map(async ([component, values]) => {
    const read = Object.entries(values).map(async ([name, value]) => [name, await readOutput(value)]);
    return [component, Object.freeze(Object.fromEntries(await Promise.all(read)))];
  });
  return Object.freeze(Object.fromEntries(await Promise.all(components)));
}
