/** What of a running operation is unfolded on the screen, and how keys change it. Pure: key in, next view out. */

export interface ProgressView {
  /** Rows whose running resources are shown, by key. */
  readonly open: ReadonlySet<string>;
  /** Every row is open, those to come as well. */
  readonly allOpen: boolean;
  /** Row that the arrows have come to. */
  readonly picked?: string;
  /** The keys are explained. */
  readonly help: boolean;
}

export const closedView: ProgressView = Object.freeze({
  open: new Set<string>(),
  allOpen: false,
  help: false,
});

export const keyHelp = "space all · ↑ ↓ pick one · enter open it · 1-9 open that one · esc back · ? less";
export const keyHint = "space: what is running · ?: keys";

export function isOpen(view: ProgressView, row: string): boolean {
  return view.allOpen || view.open.has(row);
}

/** @param rows keys of the rows on the screen, in order */
export function nextView(view: ProgressView, key: string, rows: readonly string[]): ProgressView {
  switch (key) {
    case "space":
    case "e":
      return { ...view, allOpen: !view.allOpen, open: new Set() };
    case "up":
    case "k":
      return pick(view, rows, -1);
    case "down":
    case "j":
      return pick(view, rows, 1);
    case "enter":
    case "right":
    case "left":
      return view.picked === undefined ? view : toggle(view, view.picked, rows);
    case "escape": {
      const { picked: _picked, ...rest } = view;
      return { ...rest, help: false };
    }
    case "?":
      return { ...view, help: !view.help };
    default:
      return /^[1-9]$/.test(key) ? toggle(view, rows[Number(key) - 1], rows) : view;
  }
}

function pick(view: ProgressView, rows: readonly string[], by: 1 | -1): ProgressView {
  const at = view.picked === undefined ? -1 : rows.indexOf(view.picked);
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  const picked = rows[next];
  return picked === undefined ? view : { ...view, picked };
}

function toggle(view: ProgressView, row: string | undefined, rows: readonly string[]): ProgressView {
  if (row === undefined) return view;
  const open = new Set(view.allOpen ? rows : view.open);
  if (!open.delete(row)) open.add(row);
  return { ...view, allOpen: false, open };
}
