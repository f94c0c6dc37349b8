/** A plan as a screen: the summary first, data at risk and findings on top, then a tree per stack. */
import {
  type ChangeCounts,
  hasChanges,
  isWork,
  type Plan,
  type StackPlan,
  type Step,
} from "../../model/plan.ts";
import { findingLines } from "./findings.ts";
import {
  clipLine,
  emptyLine,
  indentLines,
  joinSpans,
  type Line,
  line,
  nameColumn,
  padText,
  type Span,
  styled,
  wrapText,
} from "./line.ts";
import { plural, shortStack, shortType, splitUrn } from "./names.ts";
import { plannedOutputs } from "./planned-outputs.ts";
import { stepChangeLines } from "./property-diff.ts";
import { actionSign, actionStyle } from "./signs.ts";
import { stepTree, type TreeNode } from "./step-tree.ts";

export interface PlanScreen {
  readonly width: number;
  /** Inputs of what is created, and resources that stay the same. */
  readonly verbose: boolean;
}

/** `SIMULATED`, on every output that shows something simulated; nothing for live ones. */
export function targetBadge(target: Plan["target"]): readonly Span[] {
  return target === "simulated" ? [{ text: "  " }, styled("badge", "SIMULATED")] : [];
}

/** `3 create, 1 update, 1 REPLACE, 0 delete` */
export function countsLine(counts: ChangeCounts): Line {
  return joinSpans(countSpans(counts));
}

/** As {@link countsLine}, without what is 0. */
export function shortCounts(counts: ChangeCounts): Line {
  return joinSpans(countSpans(counts).filter((span) => span.style !== "faint"));
}

function countSpans(counts: ChangeCounts): readonly Span[] {
  const part = (count: number, word: string, style: "create" | "update" | "replace" | "delete"): Span =>
    count === 0 ? styled("faint", `0 ${word}`) : styled(style, `${count} ${word}`);
  return [
    part(counts.create, "create", "create"),
    part(counts.update, "update", "update"),
    part(counts.replace, counts.replace > 0 ? "REPLACE" : "replace", "replace"),
    part(counts.delete, "delete", "delete"),
  ];
}

export function planLines(plan: Plan, screen: PlanScreen): readonly Line[] {
  const atRisk = dataAtRiskLines(plan, screen.width);
  const findings = findingLines(plan.findings, screen.width);
  if (!isWork(plan)) return [unchangedLine(plan), ...spaced(findings)];
  return [
    line(
      styled("strong", `${plan.kind === "destroy" ? "Destroy" : "Plan for"} ${plan.environment}`),
      ...targetBadge(plan.target),
    ),
    countsLine(plan.counts),
    ...wrapText(aboutPlan(plan), screen.width).map((part) => line(styled("faint", part))),
    ...spaced(atRisk),
    ...spaced(findings),
    ...spaced(moveLines(plan, screen.width)),
    ...plan.stacks.flatMap((stack) => spaced(stackLines(stack, plan, screen))),
  ];
}

/** The one line for an environment that is as it should be. */
export function unchangedLine(plan: Plan): Line {
  const what =
    plan.kind === "destroy"
      ? "there is nothing to destroy"
      : `unchanged: ${plural(plan.counts.same, "resource")} in ${plural(plan.stacks.length, "stack")}, nothing to do`;
  return line(
    styled("good", "✓"),
    " ",
    styled("strong", plan.environment),
    ` ${what}`,
    ...targetBadge(plan.target),
  );
}

function spaced(lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [emptyLine, ...lines];
}

function aboutPlan(plan: Plan): string {
  return [
    `class ${plan.class}`,
    `blueprint ${plan.blueprint.name} ${plan.blueprint.version}`,
    plural(new Set(plan.stacks.map((stack) => stack.stack)).size, "stack"),
    ...(plan.provisional ? ["names and addresses provisional"] : []),
  ].join(" · ");
}

/** `→ vpc becomes net  network.virginia`, `→ orders  data.virginia to compute.virginia`: nothing at a cloud changes. */
function moveLines(plan: Plan, width: number): readonly Line[] {
  return plan.moves.map(({ from, to, resources }) => {
    const short = (stack: string) => shortStack(stack, plan.environment);
    const name = from.component === to.component ? to.component : `${from.component} becomes ${to.component}`;
    const where = from.stack === to.stack ? short(to.stack) : `${short(from.stack)} to ${short(to.stack)}`;
    const text = `  ${where}  ${plural(resources.length, "resource")}, in the state only`;
    return clipLine(line("→ ", styled("strong", name), styled("faint", text)), width);
  });
}

function dataAtRiskLines(plan: Plan, width: number): readonly Line[] {
  if (plan.dataAtRisk.length === 0) return [];
  const steps = new Map(
    plan.stacks.flatMap((stack) => stack.steps.map((step) => [step.urn, { stack, step }] as const)),
  );
  return [
    line(styled("error", `! DATA AT RISK: ${plural(plan.dataAtRisk.length, "stateful resource")}`)),
    ...plan.dataAtRisk.map((urn) => {
      const found = steps.get(urn);
      const { name, type } = splitUrn(urn);
      const verb = found?.step.action === "delete" ? "DELETES DATA" : "REPLACES DATA";
      const causes = (found?.step.changes ?? []).filter((change) => change.replaces);
      const because =
        causes.length === 0 ? "" : `  because of ${causes.map((change) => change.path).join(", ")}`;
      const where = found === undefined ? "" : `  ${shortStack(found.stack.stack, plan.environment)}`;
      return clipLine(
        line(styled("error", `  ! ${verb}: ${name}`), `  ${shortType(type)}${where}${because}`),
        width,
      );
    }),
  ];
}

function stackLines(stack: StackPlan, plan: Plan, screen: PlanScreen): readonly Line[] {
  const name = shortStack(stack.stack, plan.environment);
  const phase = stack.phase === "prune" ? "  (prune: after everything else)" : "";
  if (!hasChanges(stack.counts) && !screen.verbose) {
    return [
      clipLine(
        line(
          styled("strong", name),
          styled("faint", `${phase}  unchanged, ${plural(stack.counts.same, "resource")}`),
        ),
        screen.width,
      ),
    ];
  }
  const shown = stack.steps.filter((step) => screen.verbose || step.action !== "same");
  const hidden = stack.steps.length - shown.length;
  const tree = stepTree(shown);
  const nameWidth = nameColumn(namesIn(tree, 0), screen.width - 2);
  return [
    clipLine(line(styled("strong", name), phase, "  ", ...shortCounts(stack.counts)), screen.width),
    ...indentLines(treeLines(tree, 0, { ...screen, width: screen.width - 2, nameWidth }), 2),
    ...(hidden > 0 ? [line(styled("faint", `  ${plural(hidden, "resource")} unchanged`))] : []),
    ...plannedOutputs(stack, screen),
  ];
}

interface TreeScreen extends PlanScreen {
  readonly nameWidth: number;
}

function treeLines(nodes: readonly TreeNode[], depth: number, screen: TreeScreen): readonly Line[] {
  const { width } = screen;
  return nodes.flatMap((node) => [
    clipLine(stepLine(node.step, depth, screen.nameWidth), width),
    ...indentLines(stepChangeLines(node.step, { ...screen, width: width - 2 * depth - 4 }), 2 * depth + 4),
    ...treeLines(node.children, depth + 1, screen),
  ]);
}

function namesIn(nodes: readonly TreeNode[], depth: number): readonly string[] {
  return nodes.flatMap((node) => [nameOf(node.step, depth), ...namesIn(node.children, depth + 1)]);
}

function nameOf({ action, name }: Step, depth: number): string {
  return `${"  ".repeat(depth)}${actionSign(action)} ${action === "replace" ? `REPLACE ${name}` : name}`;
}

function stepLine(step: Step, depth: number, nameWidth: number): Line {
  return line(
    styled(actionStyle(step.action), padText(nameOf(step, depth), nameWidth)),
    "  ",
    styled("faint", shortType(step.type)),
    ...(step.replacementUnknown ? [styled("warning", "  ! replacement unknown")] : []),
    ...(step.deletesFirst ? [styled("warning", "  ! the old one goes first")] : []),
    ...(step.setAside === undefined ? [] : [styled("replace", "  the old one stays until nobody uses it")]),
  );
}
