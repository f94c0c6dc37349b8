/**
 * `terrane/pulumi`: the entry of a plain Pulumi program, so that `pulumi preview` shows one stack of an environment. Runs
 * inside the engine that the caller started; what it needs of other stacks it reads by stack references.
 */
import * as pulumi from "@pulumi/pulumi";
import type { StackOutputs } from "../model/spec.ts";
import type { Target } from "../model/words.ts";
import { makeStackProgram } from "../platform/planning/stack-program.ts";
import { Secret } from "../values/secret.ts";
import type { Value } from "../values/value.ts";
import { type ProjectOptions, toContext } from "./context.ts";

/** Where the documents are, and which stack is meant. */
export interface StackProgramOptions extends ProjectOptions {
  /** `<environment>.<site>.<domain>`. Default: the stack that the engine has selected. */
  readonly stack?: string;
  /** The clouds that the engine reaches. Default: live, unless the variable PULUMI_DEBUG_PROVIDERS attaches others. */
  readonly target?: Target;
}

/**
 * A Pulumi program that makes the resources of one stack; export it as the default of the entry file.
 *
 *     export default stackProgram();
 *
 * @throws TerraneError when it runs: `document-invalid`, `document-not-found`, `bad-usage` when the environment lives on
 * the other target
 */
export function stackProgram(options: StackProgramOptions = {}): () => Promise<Record<string, object>> {
  return async () => {
    const context = toContext(options);
    const attached = context.environment["PULUMI_DEBUG_PROVIDERS"];
    const program = await makeStackProgram(context, {
      stack: options.stack ?? pulumi.getStack(),
      target: options.target ?? (attached === undefined || attached === "" ? "live" : "simulated"),
      readOutputs,
    });
    return { ...(await program()) };
  };
}

/** Outputs of another stack of the same backend; all those of a component that holds a secret count as secret. */
async function readOutputs(stack: string): Promise<StackOutputs> {
  const reference = new pulumi.StackReference(stack, {
    name: `organization/${pulumi.getProject()}/${stack}`,
  });
  const names = Object.keys(await valueOf(reference.outputs));
  const components = names.map(async (component) => {
    const { value, secretValue } = await reference.getOutputDetails(component);
    const values = Object.entries((value ?? secretValue ?? {}) as Record<string, Value>);
    return [
      component,
      Object.fromEntries(
        values.map(([name, plain]) => [
          name,
          secretValue === undefined
            ? ({ kind: "known", value: plain } as const)
            : ({ kind: "secret", value: new Secret(plain) } as const),
        ]),
      ),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(components));
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve as (value: unknown) => void);
  });
}
