/** Outputs on their way from one stack to the next. Knows nothing of Pulumi. */
import { formatAddress, type OutputValue, type StackOutputs } from "./spec.ts";

/** Outputs of the components that earlier stacks made: address (`vpc@virginia`) → output → value. */
export interface UpstreamOutputs {
  readonly [address: string]: { readonly [output: string]: OutputValue };
}

/** Puts the outputs of several stacks together under the addresses that references use. */
export function toUpstream(
  stacks: Iterable<{ readonly site: string; readonly outputs: StackOutputs }>,
): UpstreamOutputs {
  const upstream: Record<string, UpstreamOutputs[string]> = {};
  for (const { site, outputs } of stacks) {
    for (const [component, values] of Object.entries(outputs)) {
      upstream[formatAddress({ component, site })] = values;
    }
  }
  return upstream;
}
