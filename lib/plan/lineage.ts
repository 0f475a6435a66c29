import { buildDag, CycleError, type Dag, type Edge, levels } from '../dag/index.ts';
import { ContractError } from './contract-error.ts';
import type { Plan, TablePlan } from './plan.ts';

type Reads = Pick<TablePlan, 'name' | 'reads'>;

const edge = (from: string, to: string): Edge<string> => ({ from, to, weight: 1 });

/**
 * Each table's level: 0 where it reads no table, else one more than the highest level it reads.
 * @throws ContractError naming the cycle when tables read each other in a ring.
 */
export function levelsOf(tables: readonly Reads[]): Map<string, number> {
  const edges = tables.flatMap((table) => table.reads.map((read) => edge(read, table.name)));
  try {
    const dag = buildDag(
      edges,
      tables.map((table) => table.name),
    );
    return new Map(levels(dag).flatMap((names, level) => names.map((name) => [name, level] as const)));
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    throw new ContractError(
      error.cycle.join(' -> '),
      'these tables read each other in a ring',
      'take one of the references out',
    );
  }
}

/** The name of a consumer in the lineage: `dashboard.refunds`. */
export const exposureName = (exposure: Plan['exposures'][number]): string => `${exposure.kind}.${exposure.name}`;

/** The whole lineage: raw datasets (`raw.refund`), tables, and the consumers where it ends (`dashboard.refunds`). Every edge weighs 1. */
export function lineageOf(plan: Plan): Dag<string> {
  const edges = [
    // A raw table has the name of its raw dataset: in the lineage they are one.
    ...plan.sources.flatMap(({ name, feeds }) =>
      feeds.filter((table) => table !== `raw.${name}`).map((table) => edge(`raw.${name}`, table)),
    ),
    ...plan.tables.flatMap((table) => table.reads.map((read) => edge(read, table.name))),
    ...plan.exposures.flatMap((exposure) => exposure.reads.map((read) => edge(read, exposureName(exposure)))),
  ];
  return buildDag(
    edges,
    plan.tables.map((table) => table.name),
  );
}

/** The tables named, with all that they read, in the order of the plan. */
export function withUpstream(plan: Plan, names: readonly string[]): TablePlan[] {
  const wanted = new Set(names);
  // Tables stand in the order of the run, so one pass from the end finds everything upstream.
  for (const table of [...plan.tables].reverse()) {
    if (wanted.has(table.name)) for (const read of table.reads) wanted.add(read);
  }
  return plan.tables.filter((table) => wanted.has(table.name));
}
