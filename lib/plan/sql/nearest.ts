/** `Did you mean base.purchase?`, or the known names when none is close. */
export function nearest(name: string, known: readonly string[]): string {
  const ranked = known
    .map((candidate) => ({ candidate, distance: Math.min(edits(name, candidate), edits(name, lastPart(candidate))) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const close = ranked.filter(({ distance }) => distance <= Math.ceil(name.length / 3));
  const best = close.filter(({ distance }) => distance === close[0]?.distance).map(({ candidate }) => candidate);
  if (best.length > 0) return `Did you mean ${best.slice(0, 3).join(' or ')}?`;
  return known.length === 0 ? 'There are none yet.' : `Known: ${[...known].sort().join(', ')}.`;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (x === y ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
