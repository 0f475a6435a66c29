import { countPaths, type Dag, descendants, pathsByCost } from '../dag/index.ts';

/** Something downstream of a table at fault, and how the fault gets there. */
export interface Reached {
  /** A table, or a consumer such as `dashboard.refunds`. */
  readonly name: string;
  /** In how many ways it is reached; a decimal string, since counts outgrow 2^53. */
  readonly paths: string;
  /** The longest of the ways, from the table at fault to `name`. */
  readonly via: readonly string[];
}

/** Everything that a fault in `table` reaches, by which path and by how many. */
export function blastRadius(lineage: Dag<string>, table: string): Reached[] {
  return descendants(lineage, table).map((name) => {
    const [first] = pathsByCost(lineage, table, name);
    return { name, paths: String(countPaths(lineage, table, name)), via: first?.vertices ?? [] };
  });
}
