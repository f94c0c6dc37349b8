/** Keys out of what a terminal in raw mode sends. Pure. */

/** A printable character stands for itself; the others have names. */
export type Key = string;

const named: Readonly<Record<string, Key>> = {
  "\u001b[A": "up",
  "\u001b[B": "down",
  "\u001b[C": "right",
  "\u001b[D": "left",
  "\u001bOA": "up",
  "\u001bOB": "down",
  "\u001bOC": "right",
  "\u001bOD": "left",
  "\u001b": "escape",
  "\r": "enter",
  "\n": "enter",
  " ": "space",
  "\u0003": "ctrl-c",
  "\u001a": "ctrl-z",
  "\u001c": "ctrl-\\",
};

// A whole escape sequence, or one character. Sequences without a name here are other keys, and nothing.
const sequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[@-~])|[\s\S]/gu;

export function parseKeys(sent: string): readonly Key[] {
  return (sent.match(sequence) ?? []).flatMap((each) => {
    const key = named[each];
    if (key !== undefined) return [key];
    return /^[!-~]$/.test(each) ? [each] : [];
  });
}
