/** Outputs of other stacks, made into what a Pulumi program takes. */
import * as pulumi from "@pulumi/pulumi";
import { unknown as pulumiUnknown } from "@pulumi/pulumi/output.js";
import { TerraneError } from "../src/errors.ts";
import type { OutputValue } from "../src/model/spec.ts";

/** `pulumi.output` for values whose type is not known; its own types cannot express that. */
export function toOutput(value: unknown): pulumi.Output<unknown> {
  return pulumi.output(value as string);
}

/**
 * Known stays known, secret stays secret, and unknown is an output that the engine shows as unknown.
 * @throws TerraneError `internal` for an unknown one outside a preview: by then everything before has run.
 */
export function toPulumiOutput(address: string, name: string, value: OutputValue): pulumi.Output<unknown> {
  switch (value.kind) {
    case "known":
      return toOutput(value.value);
    case "secret":
      return pulumi.secret(toOutput(value.value.reveal()));
    case "unknown": {
      if (!pulumi.runtime.isDryRun()) {
        throw new TerraneError("internal", `the output "${name}" of ${address} is not known`);
      }
      const output = toOutput(pulumiUnknown);
      return value.secret ? pulumi.secret(output) : output;
    }
  }
}
