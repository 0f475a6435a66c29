import type { ColumnPlan, EngineName, Rendered, TablePlan } from './plan.ts';
import { forEachEngine } from './plan.ts';
import { quoted, sqlType } from './types.ts';

/** The column of a loaded table that says from when on a row can be known. */
export const KNOWN_FROM = '_known_from';

/** Where a row came from: columns that every loaded table has beside its contract's. */
export const PROVENANCE: readonly Pick<ColumnPlan, 'name' | 'type' | 'nullable' | 'description'>[] = [
  { name: '_raw_file', type: { kind: 'text' }, nullable: false, description: 'raw file, relative to the raw zone' },
  {
    name: '_record',
    type: { kind: 'integer' },
    nullable: false,
    description: 'number of the record in its file, from 1',
  },
  {
    name: KNOWN_FROM,
    type: { kind: 'instant' },
    nullable: false,
    description: 'from when on the row can be known: the end of the day on which its file arrived, UTC',
  },
];

type Table = Pick<TablePlan, 'name' | 'making' | 'columns' | 'partition' | 'description'>;

/** Columns as stored: the contract's, then for a loaded table where the row came from. */
export const storedColumns = (table: Pick<TablePlan, 'making' | 'columns'>) =>
  table.making.kind === 'load' ? [...table.columns, ...PROVENANCE] : table.columns;

function columnList(table: Table, engine: EngineName): string {
  const required = engine === 'athena' ? '' : ' not null';
  return storedColumns(table)
    .map(
      (column) => `  ${quoted(column.name, engine)} ${sqlType(column.type, engine)}${column.nullable ? '' : required}`,
    )
    .join(',\n');
}

function tail(table: Table, engine: EngineName): string {
  const partition = table.partition;
  const transform =
    partition && `${partition.transform}${engine === 'spark' ? 's' : ''}(${quoted(partition.column, engine)})`;
  switch (engine) {
    case 'spark':
      return `\nusing iceberg${transform ? `\npartitioned by (${transform})` : ''}\ntblproperties ('format-version' = '2')`;
    case 'athena':
      // Athena's DDL is Hive's: back-quoted names. The location is the environment's.
      return `${transform ? `\npartitioned by (${transform})` : ''}\nlocation '{{location}}'\ntblproperties ('table_type' = 'ICEBERG', 'format' = 'parquet')`;
    case 'redshift':
      return partition ? `\nsortkey (${quoted(partition.column, engine)})` : '';
    case 'duckdb':
      return '';
  }
}

/** The statement that creates a table on each engine. */
export function createTable(table: Table): Rendered {
  const statement = (engine: EngineName) => {
    const text = `create table {{${table.name}}} (\n${columnList(table, engine)}\n)${tail(table, engine)}`;
    return engine === 'athena' ? text.replaceAll('"', '`') : text;
  };
  return forEachEngine(statement);
}
