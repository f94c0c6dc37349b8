/**
 * Reads a program's outputs where they live: in this process, as the program resolves them. In a preview that is the
 * planned value, known or not; nothing is ever made up for one that is not known.
 */
import * as pulumi from "@pulumi/pulumi";
import type { OutputValue, StackOutputs } from "../model/spec.ts";
import { Secret } from "../values/secret.ts";
import type { Value } from "../values/value.ts";
import type { ProgramOutputs } from "./request.ts";

/** The parts of an Output that are stripped from its public type; `command.ts` guards the version. */
interface OutputInside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

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
          // Read again by the stack's own registration: an error of the output surfaces there.
          readOutput(value).then(
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

async function readOutput(value: pulumi.Input<unknown>): Promise<OutputValue> {
  // `output` unwraps nested outputs, so that one unknown element makes the whole value unknown.
  const output = pulumi.output(value) as unknown as OutputInside;
  const [isKnown, isSecret] = await Promise.all([output.isKnown, output.isSecret]);
  if (!isKnown) return { kind: "unknown", secret: isSecret };
  const plain = toPlainValue(await output.promise(false));
  return isSecret ? { kind: "secret", value: new Secret(plain) } : { kind: "known", value: plain };
}

function toPlainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(toPlainValue);
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, toPlainValue(each)]));
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
