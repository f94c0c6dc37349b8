/** Events that are worth a line of their own beside the progress. */
import type { EventBody } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import { isDenied } from "./findings.ts";
import { type Line, labelled, line, styled } from "./line.ts";
import { formatElapsed, shortStack, shortType, splitUrn, wasStopped } from "./names.ts";
import { doneText } from "./outcome.ts";
import { placeLines } from "./place.ts";
import { actionSign, outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

export interface NoteScreen {
  readonly environment: string;
  readonly width: number;
  readonly verbose: boolean;
  /** Once there is one, it tells where a failed resource comes from. */
  readonly plan?: Plan;
}

/** Failures, warnings, denials; with `verbose` also each resource and the engine's other words. */
export function noteLines(event: EventBody, screen: NoteScreen): readonly Line[] {
  if (event.type === "resource:end" && (event.outcome === "failed" || screen.verbose)) {
    const { name, type } = splitUrn(event.urn);
    const failed = event.outcome === "failed";
    return [
      line(
        styled(failed ? "error" : "good", failed ? "✗" : "✓"),
        ` ${shortStack(event.stack, screen.environment)}  ${actionSign(event.action)} ${name}  `,
        styled("faint", shortType(type)),
      ),
      ...(event.message === undefined ? [] : labelled({ text: "    " }, event.message, screen.width)),
      ...(failed && screen.plan !== undefined ? placeLines(screen.plan, event.urn, screen.width) : []),
    ];
  }
  if (event.type === "diagnostic" && (screen.verbose || isNews(event))) {
    const style = event.severity === "error" ? "error" : event.severity === "warning" ? "warning" : "faint";
    const sign = event.severity === "info" ? "· " : "! ";
    const name = event.urn === undefined ? "" : splitUrn(event.urn).name;
    const message = event.message.trim();
    // Of the environment as a whole: which one, everybody knows.
    if (!event.stack.includes(".")) {
      return labelled(styled(style, sign), name === "" ? message : `${name}: ${message}`, screen.width);
    }
    const where = `${shortStack(event.stack, screen.environment)} ${name}`.trimEnd();
    return [line(styled(style, sign), where), ...labelled({ text: "    " }, message, screen.width)];
  }
  if (event.type === "finding" && event.finding.verdict === "fail") {
    const denied = isDenied(event.finding);
    return [
      line(
        styled(denied ? "error" : "warning", denied ? "✗ denied by" : "! warned by"),
        ` ${event.finding.rule}: ${event.finding.resource}`,
      ),
      ...labelled({ text: "    " }, event.finding.why, screen.width),
    ];
  }
  return [];
}

/** What went wrong with one resource is told when that resource ends, and once more in the summary. */
function isNews(event: Extract<EventBody, { type: "diagnostic" }>): boolean {
  // An information about the environment as a whole is terrane's own; those of stacks are the engine's.
  if (event.severity === "info") return !event.stack.includes(".");
  return event.severity === "warning" || (event.severity === "error" && event.urn === undefined);
}

/** For logs without a terminal: a line when a stack begins and ends. */
export function stackEndLine(event: EventBody, environment: string): readonly Line[] {
  if (event.type === "stack:start") {
    return [line(`→ ${shortStack(event.stack, environment)}  ${event.verb}${phaseText(event.phase)}`)];
  }
  if (event.type === "stack:unchanged") {
    return [line(`= ${shortStack(event.stack, environment)}  unchanged${phaseText(event.phase)}`)];
  }
  if (event.type !== "stack:end") return [];
  const done = doneText(event.counts, event.phase);
  const ended = wasStopped(event.message)
    ? { sign: styled("warning", "!"), text: "stopped" }
    : {
        sign: styled(outcomeStyle(event.outcome), outcomeSign(event.outcome)),
        text: outcomeText(event.outcome),
      };
  return [
    line(
      ended.sign,
      ` ${shortStack(event.stack, environment)}  ${ended.text}${phaseText(event.phase)}`,
      `${done === "" ? "" : `  ${done}`}  ${formatElapsed(event.milliseconds)}`,
    ),
  ];
}

function phaseText(phase: string): string {
  return phase === "prune" ? " (prune)" : "";
}
