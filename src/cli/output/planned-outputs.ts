/** Outputs of one stack in a plan: all of a new stack, of another those that change. */
import { isDeepStrictEqual } from "node:util";
import type { StackPlan } from "../../model/plan.ts";
import { isUnknown, type Value } from "../../values/value.ts";
import { clipLine, indentLines, type Line, labelled, line, styled } from "./line.ts";
import { type DiffScreen, type Sides, sideLines } from "./property-diff.ts";
import { formatValue, valueSpan } from "./value.ts";

interface PlannedOutput {
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export function plannedOutputs(stack: StackPlan, screen: DiffScreen): readonly Line[] {
  // Converge has told what prune leaves.
  if (stack.phase === "destroy" || (stack.phase === "prune" && !screen.verbose)) return [];
  const isNew = stack.outputsBefore === undefined;
  const all = listOutputs(stack);
  const shown = screen.verbose || isNew ? all : all.filter((each) => !isSame(each));
  if (shown.length === 0) return [];
  const known = shown.filter(({ after }) => !isUnknown(after));
  const unknown = shown.filter(({ after }) => isUnknown(after)).map(({ path }) => path);
  const inner = { ...screen, width: screen.width - 4 };
  return [
    line(styled("faint", "  outputs")),
    ...indentLines(
      known.flatMap((each) => (isNew || isSame(each) ? [valueLine(each, inner)] : changeLines(each, inner))),
      4,
    ),
    // What only the cloud can tell is many names and no value: it takes a few lines, not one each.
    ...(unknown.length === 0
      ? []
      : labelled({ text: "    " }, `known after up: ${unknown.join(", ")}`, screen.width, "faint")),
  ];
}

function valueLine({ path, after }: PlannedOutput, screen: DiffScreen): Line {
  return clipLine(line(`${path}: `, valueSpan(after, formatValue)), screen.width);
}

function changeLines({ path, before, after }: PlannedOutput, screen: DiffScreen): readonly Line[] {
  const kind: Sides["kind"] = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return sideLines({ path, kind, before, after }, [], screen);
}

function isSame({ before, after }: PlannedOutput): boolean {
  return isDeepStrictEqual(before, after);
}

function listOutputs({ outputs, outputsBefore = {} }: StackPlan): readonly PlannedOutput[] {
  const components = new Set([...Object.keys(outputs), ...Object.keys(outputsBefore)]);
  return [...components].flatMap((component) => {
    const before = outputsBefore[component] ?? {};
    const after = outputs[component] ?? {};
    const names = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...names].map((name) => ({
      path: `${component}.${name}`,
      before: before[name],
      after: after[name],
    }));
  });
}
