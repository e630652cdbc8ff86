/**
 * The known name that a mistyped one was probably meant to be: one that it
 * begins, or else the one with the fewest edits; undefined if all are far off.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const completed = known.find((candidate) => name !== '' && candidate.startsWith(name));
  if (completed !== undefined) return completed;
  let nearest: string | undefined;
  // More than every third character wrong is another word.
  let fewest = Math.max(2, Math.floor(name.length / 3));
  for (const candidate of known) {
    const edits = editDistance(name, candidate);
    if (edits > fewest || (edits === fewest && nearest !== undefined)) continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

/** Levenshtein: insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let above = Array.from({length: b.length + 1}, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, at(above, column) + 1, at(current, column - 1) + 1));
    }
    above = current;
  }
  return at(above, b.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Number.POSITIVE_INFINITY;
}
