/** Outputs of stacks on their way: from one stack's program to the next, into the ledger, onto the screen. */
import { isDeepStrictEqual } from "node:util";
import type { OutputValue, StackNode, StackOutputs } from "../../model/spec.ts";
import { toUpstream, type UpstreamOutputs } from "../../model/upstream.ts";
import { secret, unknown, type Value } from "../../values/value.ts";

/** Gathers what the stacks that have been through already hand to those still to come. */
export function collectUpstream(
  stacks: readonly StackNode[],
  outputsOf: (stack: string) => StackOutputs | undefined,
): UpstreamOutputs {
  return toUpstream(stacks.map((stack) => ({ site: stack.site, outputs: outputsOf(stack.name) ?? {} })));
}

/** Outputs as they may be shown and stored: markers instead of secrets and of what is not known. */
export function toShown(outputs: StackOutputs): Record<string, Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([component, values]) => [
      component,
      Object.fromEntries(Object.entries(values).map(([output, value]) => [output, shownValue(value)])),
    ]),
  );
}

function shownValue(output: OutputValue): Value {
  switch (output.kind) {
    case "known":
      return output.value;
    case "secret":
      return secret;
    case "unknown":
      return unknown;
  }
}

/** Whether a stack that was planned on one set of outputs finds exactly the same in the other. */
export function sameOutputs(planned: StackOutputs, actual: StackOutputs): boolean {
  return isDeepStrictEqual(comparable(planned), comparable(actual)) && !hasUnknown(planned);
}

function hasUnknown(outputs: StackOutputs): boolean {
  return Object.values(outputs).some((values) =>
    Object.values(values).some((value) => value.kind === "unknown"),
  );
}

function comparable(outputs: StackOutputs): unknown {
  return Object.fromEntries(
    Object.entries(outputs).map(([component, values]) => [
      component,
      Object.fromEntries(
        Object.entries(values).map(([output, value]) => [
          output,
          value.kind === "secret" ? value.value.reveal() : value,
        ]),
      ),
    ]),
  );
}
