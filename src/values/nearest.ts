/** The nearest right name for a wrong one: what "did you mean" shows. Knows nothing of what the names stand for. */

const longest = 100;

/**
 * The candidate that differs only by case or by `_`, `-` and spaces; else the one at edit distance 1 or 2, the first
 * in the order given where several are equally near. Texts of up to four characters must differ by one edit only.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > longest) return undefined;
  const plain = flatten(text);
  let best: string | undefined;
  let bestDistance = text.length <= 4 ? 2 : 3;
  for (const candidate of candidates) {
    if (candidate === text || candidate.length > longest) continue;
    if (flatten(candidate) === plain) return candidate;
    const distance = editDistance(text, candidate, bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one text into the other; `limit + 1`
 * stands for any number above the limit.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let distance = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) distance = Math.min(distance, at(beforePrevious, column - 2) + 1);
      current.push(distance);
      smallest = Math.min(smallest, distance);
    }
    if (smallest > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(at(previous, right.length), limit + 1);
}

function flatten(text: string): string {
  return text.toLowerCase().replace(/[-_ ]/g, "");
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** For an error about a name that is not there: what is. */
export function toldNames(names: readonly string[]): string {
  if (names.length === 0) return "there is none";
  return names.length === 1 ? `there is only ${names[0]}` : `there are ${names.join(", ")}`;
}
