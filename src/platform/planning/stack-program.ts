/** The program of one stack of an environment, for an engine that somebody else runs. Changes nothing by itself. */
import { type Problem, TerraneError } from "../../errors.ts";
import type { Program } from "../../model/program.ts";
import type { StackNode, StackOutputs } from "../../model/spec.ts";
import type { Target } from "../../model/words.ts";
import { nearest } from "../../values/nearest.ts";
import type { PlatformContext } from "../context.ts";
import { catalogOf } from "../project/component-catalog.ts";
import { openProject } from "../project/open-project.ts";
import { prepare } from "../project/prepare.ts";
import { componentsOf, readSecrets } from "../project/secret-parameters.ts";
import { collectUpstream } from "./stack-outputs.ts";

export interface StackProgramRequest {
  /** `<environment>.<site>.<domain>` */
  readonly stack: string;
  /** The clouds that whoever runs the engine will reach. */
  readonly target: Target;
  /** Outputs of a stack that this one builds on. */
  readonly readOutputs: (stack: string) => Promise<StackOutputs>;
}

/**
 * Names and addresses are those of the ledger's record, provisional ones where there is none.
 * @throws TerraneError `document-invalid`, `document-not-found`, `bad-usage` when the environment lives on the other
 * target
 */
export async function makeStackProgram(
  context: PlatformContext,
  request: StackProgramRequest,
): Promise<Program> {
  await using project = await openProject(context);
  const [environment = ""] = request.stack.split(".");
  const prepared = await prepare(project, environment);
  if (prepared.record !== undefined && prepared.target !== request.target) {
    throw new TerraneError(
      "bad-usage",
      `the environment ${environment} lives on the ${prepared.target} clouds, and this engine would reach the ${request.target} ones`,
    );
  }
  const { stacks } = prepared.graph;
  const node = findStack(stacks, request.stack);
  const outputs = new Map(
    await Promise.all(
      upstreamOf(node, stacks).map(async (name) => [name, await request.readOutputs(name)] as const),
    ),
  );
  const [{ makeProgram }, secrets] = await Promise.all([
    import("../../../stacks/program.ts"),
    readSecrets(componentsOf(prepared.graph), { root: project.app.root, environment: context.environment }),
  ]);
  const program = makeProgram({
    spec: node.converge,
    upstream: collectUpstream(stacks, (stack) => outputs.get(stack)),
    catalog: catalogOf(context),
    secrets,
  });
  return program;
}

function findStack(stacks: readonly StackNode[], name: string): StackNode {
  const found = stacks.find((stack) => stack.name === name);
  if (found !== undefined) return found;
  const names = stacks.map((stack) => stack.name);
  const near = nearest(name, names);
  const problem: Problem = {
    code: "document-not-found",
    severity: "error",
    message: `there is no stack "${name}"`,
    allowed: names.join(", "),
    ...(near === undefined ? {} : { nearest: near }),
  };
  throw new TerraneError("document-not-found", `${problem.message}; there are ${problem.allowed}`, {
    problems: [problem],
  });
}

function upstreamOf(node: StackNode, stacks: readonly StackNode[]): readonly string[] {
  return node.dependsOn.filter((name) => stacks.some((stack) => stack.name === name));
}
