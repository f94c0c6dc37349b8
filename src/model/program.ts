/** The program of one stack as the engine and render run it. Only types: knows nothing of Pulumi. */

/** What a program hands out: component → output → value, mostly a Pulumi output. */
export interface ProgramOutputs {
  readonly [component: string]: { readonly [output: string]: unknown };
}

/** Builds the resources of one stack. Runs in this process, once per render or engine operation. */
export type Program = () => Promise<ProgramOutputs>;
