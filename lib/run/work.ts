import {
  type Change,
  compareDefinitions,
  definitionOf,
  type Plan,
  type Select,
  type TablePlan,
  withUpstream,
} from '../plan/index.ts';
import { nearest } from '../plan/sql/nearest.ts';
import type { Made } from './ledger.ts';

/** A name that is neither a product nor a table. */
export class UnknownNameError extends Error {
  constructor(name: string, plan: Plan) {
    const known = [...plan.products, ...plan.tables].map((each) => each.name);
    super(`there is no product or table ${name}. ${nearest(name, known)}`);
    this.name = 'UnknownNameError';
  }
}

/** Contracts changed in a way that would lose something. Nothing was touched. */
export class ChangeRefusedError extends Error {
  readonly changes: readonly Change[];

  constructor(changes: readonly Change[]) {
    const list = changes.map((change) => `${change.table}: ${change.differences.join(', ')}`).join('; ');
    const names = changes.map((change) => change.table).join(' ');
    super(
      `a contract changed in a way that stored rows may not survive: ${list}; columns may be added and types widened. ` +
        `Put the contract back, or make the table anew from its raw files: lakehouse run --rebuild ${names}`,
    );
    this.name = 'ChangeRefusedError';
    this.changes = changes;
  }
}

/** The tables that names stand for: a product's name wins over a table's. @throws UnknownNameError */
export function namedTables(plan: Plan, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const product = plan.tables.filter((table) => table.product === name);
    const tables = product.length > 0 ? product : plan.tables.filter((table) => table.name === name);
    if (tables.length === 0) throw new UnknownNameError(name, plan);
    return tables.map((table) => table.name);
  });
}

/** What a run is to look at, before any file is read. */
export interface Work {
  /** The tables of the run, in order. */
  readonly tables: readonly TablePlan[];
  /** Every definition that differs from the lake's. */
  readonly changes: readonly Change[];
  /** Tables to make anew: asked for, or because of a change. */
  readonly rebuild: ReadonlySet<string>;
}

/** Decides which tables a run has, what changed in them, and which are made anew. @throws UnknownNameError */
export function decideWork(
  plan: Plan,
  made: ReadonlyMap<string, Made>,
  ask: { readonly only: readonly string[]; readonly rebuild: readonly string[] },
): Work {
  const asked = namedTables(plan, ask.rebuild);
  const only = namedTables(plan, ask.only);
  const tables = only.length > 0 ? withUpstream(plan, [...only, ...asked]) : plan.tables;
  const changes = tables.flatMap((table) => {
    const stored = made.get(table.name);
    const change = stored ? compareDefinitions(table.name, stored.definition, definitionOf(table)) : null;
    return change ? [change] : [];
  });
  return { tables, changes, rebuild: new Set([...asked, ...changes.map((change) => change.table)]) };
}

/** Refuses changes that would lose something, unless the table's rebuild was asked for by name. */
export function refuseLoss(work: Work, asked: readonly string[]): void {
  const refused = work.changes.filter((change) => change.kind === 'refused' && !asked.includes(change.table));
  if (refused.length > 0) throw new ChangeRefusedError(refused);
}

/**
 * Why a model's answer is not the one that stands, in words: its inputs moved, or the as-of date did. Empty when it is.
 * @param moving tables whose rows change in this run.
 */
export function staleBecause(
  table: TablePlan & { readonly making: Select },
  made: ReadonlyMap<string, Made>,
  moving: ReadonlySet<string>,
  asOf: string,
): string[] {
  const stands = made.get(table.name);
  if (!stands) return [];
  const moved = table.reads.filter((read) => moving.has(read) || stands.madeFrom[read] !== made.get(read)?.changedIn);
  const last = stands.asOfs.at(-1);
  return [
    ...(moved.length > 0 ? [`${moved.join(', ')} changed`] : []),
    ...(table.making.takesAsOf && last !== asOf ? [`as of ${asOf} after ${last ?? 'none'}`] : []),
  ];
}
