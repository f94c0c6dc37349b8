/** What did not end as it should in an operation: what failed, what is unknown, what was never started. */
import { componentOf } from "../../model/component-of.ts";
import type { OperationStep, ResourceOutcome } from "../../model/operation.ts";
import type { Plan } from "../../model/plan.ts";
import { formatAddress } from "../../model/spec.ts";
import { clipLine, type Line, labelled, line, styled } from "./line.ts";
import { plural, shortStack, shortType, splitUrn, wasStopped } from "./names.ts";
import { placeLines } from "./place.ts";
import { actionSign, outcomeSign, outcomeStyle } from "./signs.ts";

/** What failed, each with the cloud's words and its line in the blueprint; then, without exception, what is unknown. */
export function failureLines(
  steps: readonly OperationStep[],
  plan: Plan,
  screen: { readonly width: number; readonly room: number },
): readonly Line[] {
  const resources = steps.flatMap((step) => step.resources);
  const unknown = unknownLines(
    resources.filter((resource) => resource.outcome === "unknown"),
    plan,
    screen.width,
  );
  const failed = resources.filter((resource) => resource.outcome === "failed");
  const blocks = [
    ...failed.map((resource) => failedLines(resource, plan, screen.width)),
    ...steps.flatMap((step) => stepMessage(step, plan, screen.width)),
  ];
  let room = screen.room - unknown.length;
  const shown = blocks.filter((block, index) => {
    room -= block.length;
    return index === 0 || room >= 1;
  });
  const hidden = blocks.length - shown.length;
  const more = line(
    styled("faint", `  and ${plural(hidden, "more failure")}: terrane status ${plan.environment} -v`),
  );
  return [...shown.flat(), ...(hidden === 0 ? [] : [clipLine(more, screen.width)]), ...unknown];
}

function failedLines(resource: ResourceOutcome, plan: Plan, width: number): readonly Line[] {
  const { name, type } = splitUrn(resource.urn);
  return [
    clipLine(
      line(
        styled("error", `  ✗ ${actionSign(resource.action)} ${name}`),
        "  ",
        styled("faint", shortType(type)),
        styled("error", "  failed"),
      ),
      width,
    ),
    ...(resource.message === undefined ? [] : labelled({ text: "    " }, resource.message, width)),
    ...placeLines(plan, resource.urn, width),
  ];
}

// A step can fail without a resource of its own that did: its program threw, its engine was killed.
function stepMessage(step: OperationStep, plan: Plan, width: number): readonly (readonly Line[])[] {
  const told = step.resources.some((each) => each.outcome === "failed" && each.message !== undefined);
  if (step.message === undefined || told || step.outcome === "done" || wasStopped(step.message)) return [];
  const name = shortStack(step.stack, plan.environment);
  const words = step.message.replace(`${step.stack}: `, "");
  return [
    [
      ...labelled(
        styled(outcomeStyle(step.outcome), `  ${outcomeSign(step.outcome)} ${name}  `),
        words,
        width,
      ),
    ],
  ];
}

export function notStartedLines(steps: readonly OperationStep[], plan: Plan, width: number): readonly Line[] {
  return steps.flatMap((step) =>
    step.resources
      .filter((resource) => resource.outcome === "not-started")
      .map(({ urn, action }) => {
        const { name, type } = splitUrn(urn);
        const where = shortStack(step.stack, plan.environment);
        return clipLine(
          line(
            styled("faint", "  · "),
            `${actionSign(action)} ${name}`,
            styled("faint", `  ${shortType(type)}  ${where}  not started`),
          ),
          width,
        );
      }),
  );
}

/** More than these are named by component, without their types. */
const unknownInFull = 8;

/** What nobody can tell the end of is named without exception: somebody has to look after it. */
function unknownLines(resources: readonly ResourceOutcome[], plan: Plan, width: number): readonly Line[] {
  const facts = resources.map(({ urn, action }) => {
    const { name, type } = splitUrn(urn);
    const component = componentOf(plan, urn);
    const owner = component === undefined ? "" : formatAddress(component);
    return { name: `${actionSign(action)} ${name}`, type: shortType(type), owner };
  });
  if (facts.length <= unknownInFull) {
    return facts.map(({ name, type, owner }) =>
      clipLine(
        line(
          styled("warning", `  ? ${name}`),
          "  ",
          styled("faint", type),
          styled("warning", "  unknown"),
          styled("faint", `  ${owner}`),
        ),
        width,
      ),
    );
  }
  const owners = [...new Set(facts.map(({ owner }) => owner))];
  return owners.flatMap((owner) => {
    const own = facts.filter((fact) => fact.owner === owner).map(({ name }) => name);
    return labelled(styled("warning", "  ? unknown  "), `${owner}: ${own.join(", ")}`, width);
  });
}
