/** The progress of an operation as lines that are drawn again and again: a heading, then one line a stack. */
import type { Target } from "../../model/words.ts";
import { clipLine, type Line, line, padText, type Span, styled, textWidth } from "./line.ts";
import { formatElapsed, shortStack, splitUrn } from "./names.ts";
import { targetBadge } from "./plan.ts";
import type { ProgressState, StackProgress } from "./progress-state.ts";
import { actionSign, outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

export interface ProgressScreen {
  readonly width: number;
  /** Rows there are; what does not fit is counted. */
  readonly rows: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Counts the drawings, for the spinner. */
  readonly frame: number;
  readonly environment: string;
  /** Known once there is a plan. */
  readonly target?: Target;
  readonly verb: "plan" | "up" | "destroy";
  /** Set while the operation is being stopped. */
  readonly notice?: string;
}

/** Below this many columns there is no bar, and numbers are not lined up. */
const narrow = 60;

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function progressLines(state: ProgressState, screen: ProgressScreen): readonly Line[] {
  // Heading, the count of what is hidden, the notice, and the line the cursor stands on.
  const room = Math.max(1, screen.rows - 5);
  const rows = chooseRows(state.stacks, room);
  const hidden = state.stacks.length - rows.length;
  const nameWidth = Math.max(
    0,
    ...rows.map((row) => Math.min(28, textWidth(shortStack(row.stack, screen.environment)))),
  );
  return [
    clipLine(heading(state, screen), screen.width),
    ...rows.map((row) => clipLine(stackLine(row, nameWidth, screen), screen.width)),
    ...(hidden > 0 ? [line(styled("faint", `  and ${hidden} more`))] : []),
    ...(screen.notice === undefined ? [] : [clipLine(line(styled("warning", screen.notice)), screen.width)]),
  ];
}

function heading(state: ProgressState, screen: ProgressScreen): Line {
  const elapsed = formatElapsed(screen.now - state.stageStartedAt);
  if (state.stage === "planning") {
    return line(styled("strong", `Planning ${screen.environment}`), `  ${elapsed}`);
  }
  const what =
    screen.verb === "destroy" ? `Destroying ${screen.environment}` : `Bringing ${screen.environment} up`;
  const planned = state.stacks.reduce((sum, row) => sum + (row.planned ?? 0), 0);
  const ended = state.stacks.reduce((sum, row) => sum + Math.min(row.ended, row.planned ?? row.ended), 0);
  const badge = screen.target === undefined ? [] : targetBadge(screen.target);
  if (planned === 0) return line(styled("strong", what), ...badge, `  ${elapsed}`);
  return line(
    styled("strong", what),
    ...badge,
    "  ",
    ...(screen.width < narrow ? [] : bar(ended, planned)),
    `${ended}/${planned}  ${elapsed}`,
  );
}

function bar(ended: number, planned: number): readonly Span[] {
  const cells = 16;
  const full = Math.round((cells * ended) / planned);
  return [styled("good", "━".repeat(full)), styled("faint", "─".repeat(cells - full)), { text: "  " }];
}

// What is running comes first, then what went wrong, then what waits; the done is shown while there is room.
function chooseRows(rows: readonly StackProgress[], room: number): readonly StackProgress[] {
  if (rows.length <= room) return rows;
  const rank = (row: StackProgress) =>
    row.state === "running"
      ? 0
      : row.state === "failed" || row.state === "unknown"
        ? 1
        : row.state === "waiting"
          ? 2
          : 3;
  const chosen = new Set([...rows].sort((one, other) => rank(one) - rank(other)).slice(0, room));
  return rows.filter((row) => chosen.has(row));
}

function stackLine(row: StackProgress, nameWidth: number, screen: ProgressScreen): Line {
  const name = padText(shortStack(row.stack, screen.environment), nameWidth);
  const phase = row.phase === "prune" ? " prune" : "";
  const sign = rowSign(row, screen.frame);
  if (row.state === "waiting") return line(sign, styled("faint", ` ${name}${phase}  waiting`));
  if (row.state === "unchanged") return line(sign, styled("faint", ` ${name}${phase}  unchanged`));
  const align = (text: string, columns: number) => (screen.width < narrow ? text : padText(text, columns));
  const time = formatElapsed((row.endedAt ?? screen.now) - (row.startedAt ?? screen.now));
  const count =
    (row.planned ?? 0) > 0 ? `${row.ended}/${row.planned}` : row.ended > 0 ? String(row.ended) : "";
  if (row.state !== "running") {
    const text = row.state === "done" ? "" : `  ${outcomeText(row.state)}`;
    return line(sign, ` ${name}${phase}  ${align(count, 7)}  ${time}`, styled(outcomeStyle(row.state), text));
  }
  return line(
    sign,
    ` ${name}${phase}  ${align(count, 7)}  ${align(time, 6)}`,
    styled("faint", currentResource(row)),
  );
}

function rowSign(row: StackProgress, frame: number): Span {
  if (row.state === "running") return styled("accent", spinner[frame % spinner.length] ?? "*");
  if (row.state === "waiting") return styled("faint", "·");
  if (row.state === "unchanged") return styled("faint", "=");
  return styled(outcomeStyle(row.state), outcomeSign(row.state));
}

// The one that has been at work longest: that is what the stack waits for.
function currentResource(row: StackProgress): string {
  const [oldest] = [...row.running].sort((one, other) => one.since - other.since);
  if (oldest === undefined) return "";
  const others = row.running.length > 1 ? ` and ${row.running.length - 1} more` : "";
  return `  ${actionSign(oldest.action)} ${splitUrn(oldest.urn).name}${others}`;
}

/** One line that says what is at work, for logs without a terminal. */
export function heartbeatLine(state: ProgressState, screen: ProgressScreen): Line {
  const running = state.stacks.filter((row) => row.state === "running");
  const planned = state.stacks.reduce((sum, row) => sum + (row.planned ?? 0), 0);
  const ended = state.stacks.reduce((sum, row) => sum + row.ended, 0);
  const count = planned === 0 ? "" : ` ${ended}/${planned},`;
  const what = running
    .map((row) => `${shortStack(row.stack, screen.environment)}${currentResource(row)}`)
    .join("; ");
  return clipLine(
    line(
      `… still at work:${count} ${formatElapsed(screen.now - state.startedAt)}${what === "" ? "" : `: ${what}`}`,
    ),
    screen.width,
  );
}
