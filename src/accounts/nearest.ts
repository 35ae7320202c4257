/** Those that look most like what was typed, at most three, the nearest first; none where nothing is near. */
export function nearest(typed: string, known: readonly string[]): readonly string[] {
  if (typed.length > 100) return [];
  const found = known
    .map((name) => ({ name, distance: distanceOf(typed, name) }))
    .toSorted((a, b) => (a.distance === b.distance ? (a.name < b.name ? -1 : 1) : a.distance - b.distance));
  const best = found[0]?.distance ?? 0;
  // A third of the letters: past it the two have little to do with each other.
  const most = Math.min(best + 1, Math.max(2, Math.floor(typed.length / 3)));
  return found
    .filter(({ distance }) => distance <= most)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many letters must be put in, taken out or changed (Levenshtein), a row of the table at a time. */
function distanceOf(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
