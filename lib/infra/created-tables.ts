import { createHash } from 'node:crypto';
import type { ColumnType, Partition } from '../contract/index.ts';
import type { Plan, TablePlan } from '../plan/index.ts';
import { storedColumns } from '../plan/index.ts';

/** An Iceberg table as CloudFormation first made it. */
export interface CreatedTable {
  /** Iceberg types by column, in order; `required` where null is refused. */
  readonly columns: Readonly<Record<string, string>>;
  readonly partition: Partition | null;
  /** A digest of the rest, so that nobody changes it unawares. */
  readonly seal: string;
}

/** The record of a created table was changed, which no deployment can follow. */
export class CreatedTableError extends Error {
  constructor(table: string) {
    super(
      `lib/infra/created-tables.json: ${table} is not what CloudFormation made; it can create an Iceberg table, not change one. ` +
        'Put the entry back: the Glue job adds and widens columns as the contract says',
    );
    this.name = 'CreatedTableError';
  }
}

/** Created tables by qualified name, from `created-tables.json`. */
export type CreatedTables = Readonly<Record<string, CreatedTable>>;

const ICEBERG: Readonly<Record<Exclude<ColumnType['kind'], 'decimal'>, string>> = {
  text: 'string',
  integer: 'long',
  date: 'date',
  instant: 'timestamp',
  boolean: 'boolean',
};

/** A column type as Iceberg spells it. */
export const icebergType = (type: ColumnType): string =>
  type.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : ICEBERG[type.kind];

const sealOf = ({ columns, partition }: Omit<CreatedTable, 'seal'>): string =>
  createHash('sha256')
    .update(JSON.stringify([columns, partition]))
    .digest('hex')
    .slice(0, 16);

/** A table as CloudFormation would make it from today's contract. */
export function tableFromContract(table: TablePlan): CreatedTable {
  const columns = Object.fromEntries(
    storedColumns(table).map(({ name, type, nullable }) => [
      name,
      `${icebergType(type)}${nullable ? '' : ' required'}`,
    ]),
  );
  const { partition } = table;
  return { columns, partition, seal: sealOf({ columns, partition }) };
}

/**
 * The created tables with those of the plan that are new. Tables that were there stay as they were made, whatever their
 * contract says today: CloudFormation can create an Iceberg table and nothing else, columns come later by the Glue job.
 * @throws CreatedTableError when the record of one was changed.
 */
export function withNewTables(created: CreatedTables, plan: Plan): CreatedTables {
  for (const [name, table] of Object.entries(created))
    if (sealOf(table) !== table.seal) throw new CreatedTableError(name);
  return { ...Object.fromEntries(plan.tables.map((table) => [table.name, tableFromContract(table)])), ...created };
}

/** A table whose record is to be made anew has none. */
export class UnknownTableError extends Error {
  constructor(table: string, known: readonly string[]) {
    super(`lib/infra/created-tables.json has no ${table}; it has ${known.join(', ')}`);
    this.name = 'UnknownTableError';
  }
}

/**
 * The created tables but those that were never deployed anywhere, so that their record is made from today's contract.
 * @throws UnknownTableError for a table that has no record.
 */
export function withoutTables(created: CreatedTables, undeployed: readonly string[]): CreatedTables {
  const known = Object.keys(created);
  for (const table of undeployed) if (!known.includes(table)) throw new UnknownTableError(table, known);
  return Object.fromEntries(Object.entries(created).filter(([name]) => !undeployed.includes(name)));
}
