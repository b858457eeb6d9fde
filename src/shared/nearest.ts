/** How many letters may differ before a suggestion is a guess: one in three, at most three. */
const allowance = (word: string) => Math.min(3, Math.max(1, Math.floor(word.length / 3)));

/** Longer words are never typed by hand, and comparing them costs the square of their length. */
const maxLength = 128;

/** The valid word that `word` was most likely meant to be; swapped neighbours count as one slip. */
export function nearest(word: string, valid: Iterable<string>): string | undefined {
  if (word.length > maxLength) return undefined;
  const given = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = allowance(word) + 1;
  for (const candidate of valid) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(given, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing when no valid word is near. */
export function didYouMean(word: string, valid: Iterable<string>): string {
  const suggestion = nearest(word, valid);
  return suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

/** Every index that the loops above form exists; this only says so to the compiler. */
const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
