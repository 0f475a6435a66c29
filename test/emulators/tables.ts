import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  paginateGetStatementResult,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { DuckDb } from '../../lib/engines/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { DATABASE } from '../../lib/infra/stacks/warehouse.ts';
import { quoted, type TablePlan } from '../../lib/plan/index.ts';
import { quote } from '../../lib/run/ledger.ts';
import { relationOf } from '../../lib/run/relation.ts';
import { download } from './download.ts';

/** A row by the texts of its values, in the order of the contract; null is null. */
export type TextRow = readonly (string | null)[];

const asText = ({ columns }: TablePlan): string =>
  columns.map(({ name }) => `cast(${quoted(name, 'duckdb')} as varchar) as ${quoted(name, 'duckdb')}`).join(', ');

const sorted = (rows: readonly TextRow[]): TextRow[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);

async function rowsOf(path: string, table: TablePlan, relation: string): Promise<TextRow[]> {
  const db = await DuckDb.open({ path, readOnly: path !== ':memory:' });
  try {
    const { rows } = await db.query(`select ${asText(table)} from ${relation}`);
    return sorted(rows.map((row) => table.columns.map(({ name }) => row[name] as string | null)));
  } finally {
    db.close();
  }
}

/** What the laptop's lake holds. */
export const lakeRows = (lake: string, table: TablePlan): Promise<TextRow[]> =>
  rowsOf(join(lake, 'lake.duckdb'), table, relationOf(table.name));

/** What lies below a place in S3 as Parquet. */
export async function filedRows(place: string, table: TablePlan): Promise<TextRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-filed-'));
  try {
    await download(place, folder);
    return await rowsOf(':memory:', table, quote(join(folder, '*.parquet')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs one statement in the warehouse, through the Data API. @returns its rows @throws what the warehouse said. */
export async function inWarehouse(Sql: string): Promise<TextRow[]> {
  const client = new RedshiftDataClient({});
  const where = { WorkgroupName: environmentNamed('uat').prefix, Database: DATABASE };
  const { Id } = await client.send(new ExecuteStatementCommand({ ...where, Sql }));
  for (;;) {
    const { Status, HasResultSet, Error: error } = await client.send(new DescribeStatementCommand({ Id }));
    if (Status === 'FAILED') throw new Error(error);
    if (Status !== 'FINISHED') continue;
    const rows: TextRow[] = [];
    if (HasResultSet)
      for await (const { Records = [] } of paginateGetStatementResult({ client }, { Id }))
        rows.push(...Records.map((row) => row.map(textOf)));
    return rows;
  }
}

const textOf = ({ isNull, ...value }: Field): string | null => (isNull ? null : String(Object.values(value)[0]));

/** What the warehouse holds of a table. */
export async function warehouseRows({ name, columns }: TablePlan): Promise<TextRow[]> {
  const list = columns.map((column) => quoted(column.name, 'redshift')).join(', ');
  return sorted(await inWarehouse(`select ${list} from ${relationOf(name)}`));
}
