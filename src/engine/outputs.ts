/**
 * Reads a program's outputs where they live: in this process, as the program resolves them. In a preview that is the
 * planned value, known or not; nothing is ever made up for one that is not known.
 */
import "../model/lean-sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import { readOutput } from "../model/output-value.ts";
import type { ProgramOutputs } from "../model/program.ts";
import type { OutputValue, StackOutputs } from "../model/spec.ts";

export interface OutputReader {
  /** Hands the program's outputs on unchanged and starts reading them. */
  readonly read: (outputs: ProgramOutputs) => ProgramOutputs;
  /** What has become known so far; outputs that wait for a resource that failed are missing. */
  readonly outputs: () => StackOutputs;
}

export function makeOutputReader(): OutputReader {
  const found: Record<string, Record<string, OutputValue>> = {};
  return {
    read: (outputs) => {
      for (const [component, values] of Object.entries(outputs)) {
        const own: Record<string, OutputValue> = {};
        found[component] = own;
        for (const [name, value] of Object.entries(values)) {
          // `output` unwraps nested outputs, so that one unknown element makes the whole value unknown.
          // Read again by the stack's own registration: an error of the output surfaces there.
          readOutput(pulumi.output(value)).then(
            (output) => {
              own[name] = output;
            },
            () => {},
          );
        }
      }
      return outputs;
    },
    outputs: () => structuredCopy(found),
  };
}

// Sorted, so that two runs that resolve in different order give the same outputs.
function structuredCopy(found: Record<string, Record<string, OutputValue>>): StackOutputs {
  const sorted = <T>(record: Record<string, T>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return Object.freeze(
    Object.fromEntries(
      Object.entries(sorted(found)).map(([component, values]) => [component, Object.freeze(sorted(values))]),
    ),
  );
}
