/**
 * Steps of one stack as a tree. Where a step does not name its parent, its URN holds the parent's type: the parent is
 * the step of that type whose name the child's name starts with, as the names of children mostly do.
 */
import type { Step } from "../../model/plan.ts";
import { byName, splitUrn } from "./names.ts";

export interface TreeNode {
  readonly step: Step;
  readonly children: readonly TreeNode[];
}

interface Growing {
  readonly step: Step;
  readonly children: Growing[];
}

/** Steps whose parent is not among them stand at the top. Siblings stand {@link byName}. */
export function stepTree(steps: readonly Step[]): readonly TreeNode[] {
  const byChain = new Map<string, Growing[]>();
  const byUrn = new Map<string, Growing>();
  const nodes = steps.map((step) => {
    const node: Growing = { step, children: [] };
    const { chain } = splitUrn(step.urn);
    byUrn.set(step.urn, node);
    byChain.set(chain, [...(byChain.get(chain) ?? []), node]);
    return { node, chain };
  });
  const roots: Growing[] = [];
  for (const { node, chain } of nodes) {
    const parent =
      byUrn.get(node.step.parent ?? "") ?? findParent(node.step.name, byChain.get(parentChain(chain)) ?? []);
    (parent?.children ?? roots).push(node);
  }
  return sorted(roots);
}

function sorted(nodes: readonly Growing[]): readonly TreeNode[] {
  return [...nodes]
    .sort((one, other) => byName(one.step, other.step))
    .map(({ step, children }) => ({ step, children: sorted(children) }));
}

function parentChain(chain: string): string {
  const end = chain.lastIndexOf("$");
  return end === -1 ? "\0" : chain.slice(0, end);
}

function findParent(name: string, candidates: readonly Growing[]): Growing | undefined {
  const named = candidates
    .filter(({ step }) => name === step.name || name.startsWith(`${step.name}-`))
    .sort((one, other) => other.step.name.length - one.step.name.length)[0];
  return named ?? candidates[0];
}
