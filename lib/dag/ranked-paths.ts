import { type BestRemaining, bestRemaining } from './best-remaining.ts';
import type { Amount } from './exact-sum.ts';
import type { Dag, Vertex } from './graph.ts';
import { Heap } from './heap.ts';

/** One path from a vertex to the target: an edge, then the path number `rank` of the vertex that the edge leads to. */
interface Way {
  readonly cost: Amount;
  readonly edge: number;
  readonly rank: number;
}

/** The ways on from one vertex: the ones known, in their final order, and the next candidate of each edge. */
interface Ranking {
  readonly known: Way[];
  readonly waiting: Heap<Way>;
}

/**
 * Numbers the paths from `source` to `target`, highest cost first, ties by vertices, and finds them one at a time.
 * Every vertex keeps a ranking of its own ways on, made when a path first asks for its second best: the next path of a
 * vertex is the best of its edges' next candidates, and only the edge used last has to look for a new one, at the
 * vertex that it leads to (recursive enumeration after Jiménez and Marzal, here without recursion).
 */
export class RankedPaths {
  private readonly graph: Dag<Vertex>;
  private readonly source: number;
  private readonly target: number;
  private readonly best: BestRemaining;
  private readonly rankings = new Map<number, Ranking>();

  /** O(V + E): the best way on from every vertex. */
  constructor(graph: Dag<Vertex>, source: number, target: number) {
    this.graph = graph;
    this.source = source;
    this.target = target;
    this.best = bestRemaining(graph, source, target);
  }

  /** Whether there is a path number `rank`, counted from 0 without gaps. O(path length · log degree) when it is new. */
  has(rank: number): boolean {
    if (this.source === this.target) return rank === 0;
    if (this.best.edge[this.source] === -1) return false;
    if (!this.isKnown(this.source, rank)) this.findNext();
    return this.isKnown(this.source, rank);
  }

  /** The cost of path number `rank`. */
  costOf(rank: number): number {
    return this.best.scale.toNumber(this.costFrom(this.source, rank));
  }

  /** The vertex numbers of path number `rank`, both ends included. */
  verticesOf(rank: number): number[] {
    const vertices = [this.source];
    for (let at = this.source, next = rank; at !== this.target; ) {
      const way = this.wayFrom(at, next);
      at = this.headOf(way);
      next = way.rank;
      vertices.push(at);
    }
    return vertices;
  }

  /** Finds one more path of the source: down along the last path to the first vertex that knows its next, and back. */
  private findNext(): void {
    const rankings: Ranking[] = [];
    for (let at = this.source; ; ) {
      const ranking = this.rankingOf(at);
      rankings.push(ranking);
      const last = ranking.known.at(-1) as Way;
      at = this.headOf(last);
      if (at === this.target || this.isKnown(at, last.rank + 1)) break;
    }
    for (const ranking of rankings.reverse()) this.extend(ranking);
  }

  /** Replaces the candidate that was used last and moves the best candidate to the known ways. */
  private extend({ known, waiting }: Ranking): void {
    const { edge, rank } = known.at(-1) as Way;
    const head = this.graph.targets[edge] as number;
    if (head !== this.target && this.isKnown(head, rank + 1)) waiting.push(this.way(edge, rank + 1));
    const next = waiting.pop();
    if (next !== undefined) known.push(next);
  }

  private rankingOf(vertex: number): Ranking {
    const made = this.rankings.get(vertex);
    if (made !== undefined) return made;
    const { offsets } = this.graph;
    const first = this.wayFrom(vertex, 0);
    const waiting = new Heap<Way>((a, b) => this.isBefore(a, b));
    for (let e = offsets[vertex] as number; e < (offsets[vertex + 1] as number); e++) {
      if (e !== first.edge && this.isOpen(this.graph.targets[e] as number)) waiting.push(this.way(e, 0));
    }
    const ranking = { known: [first], waiting };
    this.rankings.set(vertex, ranking);
    return ranking;
  }

  /** Higher cost first, then the smaller vertex where they first differ. O(path length) when costs tie. */
  private isBefore(a: Way, b: Way): boolean {
    if (a.cost !== b.cost) return a.cost > b.cost;
    for (let [x, y] = [a, b]; ; ) {
      const head = this.headOf(x);
      if (head !== this.headOf(y)) return head < this.headOf(y);
      if (head === this.target || x.rank === y.rank) return false;
      [x, y] = [this.wayFrom(head, x.rank), this.wayFrom(head, y.rank)];
    }
  }

  private readonly isOpen = (vertex: number): boolean => vertex === this.target || this.best.edge[vertex] !== -1;

  private readonly headOf = ({ edge }: Way): number => this.graph.targets[edge] as number;

  /** Every open vertex knows its best way without a ranking. */
  private isKnown(vertex: number, rank: number): boolean {
    return rank < (this.rankings.get(vertex)?.known.length ?? 1);
  }

  private wayFrom(vertex: number, rank: number): Way {
    const { cost, edge } = this.best;
    const known = this.rankings.get(vertex)?.known[rank];
    return known ?? { cost: cost[vertex] as Amount, edge: edge[vertex] as number, rank: 0 };
  }

  private way(edge: number, rank: number): Way {
    const { scale } = this.best;
    const onward = this.costFrom(this.graph.targets[edge] as number, rank);
    return { cost: scale.add(scale.amounts[edge] as Amount, onward), edge, rank };
  }

  private costFrom(vertex: number, rank: number): Amount {
    return (this.rankings.get(vertex)?.known[rank]?.cost ?? this.best.cost[vertex]) as Amount;
  }
}
