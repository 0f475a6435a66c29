import type { Adjacency } from './adjacency.ts';
import { CycleError } from './errors.ts';
import type { Dag, Vertex } from './graph.ts';

/**
 * Vertices by level, then by number (Kahn's algorithm, no recursion). O(V + E).
 * @throws CycleError when there is a cycle; it names one.
 */
export function topology<V extends Vertex>(
  rows: Adjacency,
  names: readonly V[],
): Pick<Dag<V>, 'order' | 'levelStarts'> {
  const levelOf = new Int32Array(names.length);
  const waitsFor = inDegrees(rows);
  const done = peel(rows, waitsFor, levelOf);
  if (done < names.length) throw new CycleError(findCycle(rows, waitsFor).map((id) => names[id] as V));
  return byLevel(levelOf);
}

function inDegrees({ offsets, targets }: Adjacency): Int32Array {
  const degrees = new Int32Array(offsets.length - 1);
  for (let e = 0; e < targets.length; e++) {
    const v = targets[e] as number;
    degrees[v] = (degrees[v] as number) + 1;
  }
  return degrees;
}

/** Takes away vertices that wait for nothing until none is left; returns how many went. Fills `levelOf`. */
function peel({ offsets, targets }: Adjacency, waitsFor: Int32Array, levelOf: Int32Array): number {
  const queue = new Int32Array(waitsFor.length);
  let tail = 0;
  for (let v = 0; v < waitsFor.length; v++) if (waitsFor[v] === 0) queue[tail++] = v;
  for (let head = 0; head < tail; head++) {
    const u = queue[head] as number;
    const level = (levelOf[u] as number) + 1;
    const end = offsets[u + 1] as number;
    for (let e = offsets[u] as number; e < end; e++) {
      const v = targets[e] as number;
      const left = (waitsFor[v] as number) - 1;
      waitsFor[v] = left;
      // First in, first out: the last edge to arrive comes from the highest level.
      if (left === 0) {
        levelOf[v] = level;
        queue[tail++] = v;
      }
    }
  }
  return tail;
}

/** Counting sort by level. */
function byLevel(levelOf: Int32Array): { order: Int32Array; levelStarts: Int32Array } {
  const count = levelOf.reduce((most, level) => Math.max(most, level + 1), 0);
  const levelStarts = new Int32Array(count + 1);
  for (const level of levelOf) levelStarts[level + 1] = (levelStarts[level + 1] as number) + 1;
  for (let level = 0; level < count; level++) {
    levelStarts[level + 1] = (levelStarts[level + 1] as number) + (levelStarts[level] as number);
  }
  const next = levelStarts.slice();
  const order = new Int32Array(levelOf.length);
  for (let v = 0; v < levelOf.length; v++) {
    const level = levelOf[v] as number;
    const slot = next[level] as number;
    next[level] = slot + 1;
    order[slot] = v;
  }
  return { order, levelStarts };
}

/**
 * A cycle among the vertices that still wait: each of them waits for another such vertex, so walking from waiting
 * vertex to what it waits for must come back. O(V + E).
 */
function findCycle({ offsets, targets }: Adjacency, waitsFor: Int32Array): number[] {
  const before = new Int32Array(waitsFor.length).fill(-1);
  for (let u = waitsFor.length - 1; u >= 0; u--) {
    if (waitsFor[u] === 0) continue;
    for (let e = offsets[u] as number; e < (offsets[u + 1] as number); e++) before[targets[e] as number] = u;
  }
  const walk: number[] = [];
  const seenAt = new Map<number, number>();
  let at = waitsFor.findIndex((count) => count > 0);
  while (!seenAt.has(at)) {
    seenAt.set(at, walk.length);
    walk.push(at);
    at = before[at] as number;
  }
  const cycle = walk.slice(seenAt.get(at)).reverse();
  const start = cycle.indexOf(cycle.reduce((least, id) => Math.min(least, id)));
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
