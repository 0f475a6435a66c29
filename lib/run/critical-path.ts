import { buildDag, criticalPath } from '../dag/index.ts';
import type { TablePlan } from '../plan/index.ts';

/** The chain of tables that a run had to wait for: of all paths through them, the one that took longest. */
export function criticalPathOf(tables: readonly TablePlan[], seconds: (table: string) => number): readonly string[] {
  if (tables.length === 0) return [];
  const names = new Set(tables.map((table) => table.name));
  const edges = tables.flatMap((table) =>
    table.reads.filter((read) => names.has(read)).map((read) => ({ from: read, to: table.name, weight: 0 })),
  );
  return criticalPath(buildDag(edges, names), seconds).vertices;
}
