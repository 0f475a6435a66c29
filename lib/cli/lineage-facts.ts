import { ancestors, countPaths, type Dag, descendants, pathsByCost } from '../dag/index.ts';
import { exposureName } from '../plan/lineage.ts';
import { kindOf } from '../plan/mermaid.ts';
import type { Plan } from '../plan/plan.ts';

/** One vertex of the lineage: a raw dataset, a table, or a consumer. */
export interface LineageNode {
  /** `raw.refund`, `base.refund`, `dashboard.refunds`. */
  readonly name: string;
  /** `raw`, a layer, or what kind of consumer it is. */
  readonly kind: string;
  /** Who answers for it; null for raw data. */
  readonly owner: string | null;
}

/** A vertex at the other end of some paths. */
export interface Related extends LineageNode {
  /** How many paths lead from one to the other; a decimal string, since counts outgrow 2^53. */
  readonly paths: string;
  /** The longest of them, in the direction of the data, both ends included. */
  readonly via: readonly string[];
}

/** Everything that feeds a vertex and everything that it reaches. */
export interface Neighbourhood extends LineageNode {
  readonly feeds: readonly Related[];
  readonly reaches: readonly Related[];
}

/** The paths between two vertices. */
export interface Routes {
  readonly from: string;
  readonly to: string;
  readonly paths: string;
  /** The longest first; no more than `ROUTES`. */
  readonly routes: readonly (readonly string[])[];
}

/** Paths that are listed at most: counts grow exponentially, lists must not. */
export const ROUTES = 1000;

/** The vertices by name. */
export function lineageNodes(plan: Plan, lineage: Dag<string>): ReadonlyMap<string, LineageNode> {
  const owners = new Map<string, string>([
    ...plan.tables.map(({ name, owner }) => [name, owner] as const),
    ...plan.exposures.map((exposure) => [exposureName(exposure), exposure.owner] as const),
  ]);
  return new Map(lineage.vertices.map((name) => [name, { name, kind: kindOf(name), owner: owners.get(name) ?? null }]));
}

const nodeOf = (nodes: ReadonlyMap<string, LineageNode>, name: string): LineageNode =>
  nodes.get(name) ?? { name, kind: kindOf(name), owner: null };

/** What feeds a vertex and what it reaches, with paths. */
export function neighbourhood(plan: Plan, lineage: Dag<string>, name: string): Neighbourhood {
  const nodes = lineageNodes(plan, lineage);
  const related = (other: string, from: string, to: string): Related => {
    const [longest] = pathsByCost(lineage, from, to);
    return { ...nodeOf(nodes, other), paths: String(countPaths(lineage, from, to)), via: longest?.vertices ?? [] };
  };
  return {
    ...nodeOf(nodes, name),
    feeds: ancestors(lineage, name).map((other) => related(other, other, name)),
    reaches: descendants(lineage, name).map((other) => related(other, name, other)),
  };
}

/** All paths from one vertex to another. */
export function routesBetween(lineage: Dag<string>, from: string, to: string): Routes {
  const routes: (readonly string[])[] = [];
  for (const { vertices } of pathsByCost(lineage, from, to)) if (routes.push(vertices) >= ROUTES) break;
  return { from, to, paths: String(countPaths(lineage, from, to)), routes };
}
