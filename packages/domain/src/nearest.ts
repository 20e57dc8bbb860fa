/** Which known name somebody may have meant who wrote an unknown one. */

/** The known name that takes the fewest changes to reach, or `undefined` when none is near enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(written.length / 3));
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of known) {
    if (Math.abs(name.length - written.length) > most) continue;
    const changes = changesBetween(written.toLowerCase(), name.toLowerCase());
    if (changes <= most && changes < (best?.changes ?? Number.POSITIVE_INFINITY)) best = { name, changes };
  }
  return best?.name;
}

/** Letters put in, left out, replaced, or swapped with their neighbour. */
function changesBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const at = (values: readonly number[], place: number) => values[place] ?? Number.POSITIVE_INFINITY;
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? Number.POSITIVE_INFINITY;
}
