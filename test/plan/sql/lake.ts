import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Column, type ColumnType, typeName } from '../../../lib/contract/index.ts';
import { LEDGER_TABLES } from '../../../lib/plan/ledger-tables.ts';
import { bind, type Catalog, render } from '../../../lib/plan/sql/index.ts';
import { products } from '../../../lib/products/index.ts';

const physical = (type: ColumnType): string =>
  type.kind === 'text' ? 'varchar' : type.kind === 'integer' ? 'bigint' : typeName(type);

/** Every dataset by qualified name. */
export const datasets = new Map(
  products.flatMap(({ datasets: all }) => all.map((dataset) => [`${dataset.layer}.${dataset.name}`, dataset] as const)),
);

const provenance = ['_raw_file', '_record', '_known_from'];
const points = [...datasets.values()].flatMap((each) => (each.layer === 'feature' ? each.grain : []));

/** Every table with its columns, as the lint wants it; the points in time that features read have the keys of all. */
export const catalog: Catalog = {
  ...Object.fromEntries(
    [...datasets].map(([name, { made, row }]) => [name, [...Object.keys(row), ...(made === 'load' ? provenance : [])]]),
  ),
  'spine.points': [...new Set(points)],
  ...LEDGER_TABLES,
};

const columnsOf = (row: Readonly<Record<string, Column>>): string =>
  Object.entries(row)
    .map(([name, { facts }]) => `"${name}" ${physical(facts.type)}`)
    .join(', ');

/** An in-memory lake with empty tables of every contract; `rows` are the inside of `values`, by table. */
export async function lakeWith(rows: Readonly<Record<string, string>>): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('create schema raw; create schema base; create schema mart; create schema feature');
  for (const [name, { row }] of datasets) await connection.run(`create table ${name} (${columnsOf(row)})`);
  for (const [name, values] of Object.entries(rows)) {
    if (values !== '') await connection.run(`insert into ${name} values ${values}`);
  }
  return connection;
}

/** The rows of a statement; decimals, dates and large integers as text. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** The rows that a model gives on such a lake, through the DuckDB rendering. */
export async function answer(model: string, rows: Readonly<Record<string, string>>, asOf: string | null = null) {
  const connection = await lakeWith(rows);
  const sql = bind(render(model, 'duckdb'), { table: (name) => name, asOf });
  const result = await rowsOf(connection, sql);
  connection.closeSync();
  return result;
}
