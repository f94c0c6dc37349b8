/** The progress of an operation as lines that are drawn again and again: a heading, then one line a stack. */
import type { Target } from "../../model/words.ts";
import { clipLine, type Line, line, padText, type Span, styled, textWidth } from "./line.ts";
import { formatAbout, formatElapsed, shortStack, shortType, splitUrn } from "./names.ts";
import { targetBadge } from "./plan.ts";
import { type ProgressState, type RunningResource, type StackProgress, usualKey } from "./progress-state.ts";
import { isOpen, keyHelp, keyHint, type ProgressView } from "./progress-view.ts";
import { actionSign, actionStyle, outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

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
  readonly verb: "plan" | "up" | "destroy" | "refresh" | "recover";
  /** What is unfolded; undefined where nobody can press keys. */
  readonly view?: ProgressView;
  /** Set while the operation is being stopped. */
  readonly notice?: string;
}

/** What takes less is over before anybody has read it. */
const worthTelling = 2_000;

/** Below this many columns there is no bar, and numbers are not lined up. */
const narrow = 60;

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function progressLines(state: ProgressState, screen: ProgressScreen): readonly Line[] {
  const rows = shownRows(state, screen.rows);
  const hidden = state.stacks.length - rows.length;
  const nameWidth = Math.max(
    0,
    ...rows.map((row) => Math.min(28, textWidth(shortStack(row.stack, screen.environment)))),
  );
  const unfolded = unfold(rows, screen, Math.max(0, roomFor(screen.rows) - rows.length));
  return [
    clipLine(heading(state, screen), screen.width),
    ...unfolded.flatMap(({ row, resources }) => [
      clipLine(stackLine(row, nameWidth, screen), screen.width),
      ...resources.map((each) => clipLine(resourceLine(each, state, screen), screen.width)),
    ]),
    ...(hidden > 0 ? [line(styled("faint", `  and ${hidden} more`))] : []),
    ...(screen.notice === undefined
      ? keyLines(screen)
      : [clipLine(line(styled("warning", screen.notice)), screen.width)]),
  ];
}

/** Heading, the count of what is hidden, the notice or the keys, and the line the cursor stands on. */
function roomFor(rows: number): number {
  return Math.max(1, rows - 5);
}

/** The stacks that a screen of so many rows shows. */
export function shownRows(state: ProgressState, rows: number): readonly StackProgress[] {
  return chooseRows(state.stacks, roomFor(rows));
}

export function rowKey(row: Pick<StackProgress, "stack" | "phase">): string {
  return `${row.phase}:${row.stack}`;
}

function keyLines({ view, width }: ProgressScreen): readonly Line[] {
  if (view === undefined) return [];
  return [clipLine(line(styled("faint", view.help ? keyHelp : keyHint)), width)];
}

interface Unfolded {
  readonly row: StackProgress;
  readonly resources: readonly RunningResource[];
}

// Oldest first: that is what the stack waits for.
function unfold(rows: readonly StackProgress[], { view }: ProgressScreen, most: number): readonly Unfolded[] {
  let room = most;
  return rows.map((row) => {
    const running = view !== undefined && isOpen(view, rowKey(row)) ? row.running : [];
    const resources = [...running].sort((one, other) => one.since - other.since).slice(0, room);
    room -= resources.length;
    return { row, resources };
  });
}

function resourceLine(resource: RunningResource, state: ProgressState, screen: ProgressScreen): Line {
  const { name, type } = splitUrn(resource.urn);
  const usual = state.usual.resources.get(usualKey(type, resource.action));
  return line(
    "    ",
    styled(actionStyle(resource.action), `${actionSign(resource.action)} ${name}`),
    styled("faint", `  ${shortType(type)}`),
    `  ${timeOf(screen.now - resource.since, usual)}`,
  );
}

/** Elapsed, and what it usually takes where that is known and worth knowing. */
function timeOf(milliseconds: number, usual: number | undefined): string {
  const time = formatElapsed(milliseconds);
  return usual === undefined || usual < worthTelling ? time : `${time} of about ${formatAbout(usual)}`;
}

function heading(state: ProgressState, screen: ProgressScreen): Line {
  const elapsed = timeOf(screen.now - state.stageStartedAt, state.usual.operation);
  if (state.stage === "planning") {
    const what = screen.verb === "refresh" ? "Refreshing" : "Planning";
    return line(styled("strong", `${what} ${screen.environment}`), `  ${elapsed}`);
  }
  const what = doing(screen);
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

function doing({ verb, environment }: ProgressScreen): string {
  if (verb === "refresh") return `Refreshing ${environment}`;
  return verb === "destroy" ? `Destroying ${environment}` : `Bringing ${environment} up`;
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
  const picked = screen.view?.picked === rowKey(row);
  const spans = rowLine(row, nameWidth, screen);
  return picked
    ? [styled("accent", "›"), ...spans]
    : screen.view?.picked === undefined
      ? spans
      : [{ text: " " }, ...spans];
}

function rowLine(row: StackProgress, nameWidth: number, screen: ProgressScreen): Line {
  const name = padText(shortStack(row.stack, screen.environment), nameWidth);
  const phase = row.phase === "prune" ? " prune" : "";
  const sign = rowSign(row, screen.frame);
  if (row.state === "waiting") {
    const about =
      row.usual === undefined || row.usual < worthTelling ? "" : `, about ${formatAbout(row.usual)}`;
    return line(sign, styled("faint", ` ${name}${phase}  waiting${about}`));
  }
  if (row.state === "unchanged") return line(sign, styled("faint", ` ${name}${phase}  unchanged`));
  const align = (text: string, columns: number) => (screen.width < narrow ? text : padText(text, columns));
  const lasted = (row.endedAt ?? screen.now) - (row.startedAt ?? screen.now);
  const time = row.state === "running" ? timeOf(lasted, row.usual) : formatElapsed(lasted);
  const count =
    (row.planned ?? 0) > 0 ? `${row.ended}/${row.planned}` : row.ended > 0 ? String(row.ended) : "";
  if (row.state !== "running") {
    const text = row.state === "done" ? "" : `  ${outcomeText(row.state)}`;
    return line(sign, ` ${name}${phase}  ${align(count, 7)}  ${time}`, styled(outcomeStyle(row.state), text));
  }
  return line(
    sign,
    ` ${name}${phase}  ${align(count, 7)}  ${align(time, 6)}`,
    styled("faint", isUnfolded(row, screen) ? "" : currentResource(row)),
  );
}

function isUnfolded(row: StackProgress, { view }: ProgressScreen): boolean {
  return view !== undefined && isOpen(view, rowKey(row));
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
