import type { PGlite } from '@electric-sql/pglite';
import type { DuckDb } from '../../engines/index.ts';
import { quoted } from '../../plan/index.ts';
import type { Cell } from '../answer.ts';

/** Fills a table of PostgreSQL with columns of a relation of DuckDB, every value by its text. */
export async function copyRows(
  from: { readonly duckdb: DuckDb; readonly relation: string },
  into: { readonly db: PGlite; readonly relation: string },
  columns: readonly string[],
): Promise<void> {
  const texts = columns.map((column) => `cast(${quoted(column, 'duckdb')} as varchar)`).join(', ');
  const { rows } = await from.duckdb.query(`select ${texts} from ${from.relation}`);
  const lines = rows.map((row) =>
    Object.values(row)
      .map((value) => copied(value as Cell))
      .join('\t'),
  );
  const blob = new Blob([lines.map((line) => `${line}\n`).join('')]);
  const list = columns.map((column) => quoted(column, 'redshift')).join(', ');
  await into.db.query(`copy ${into.relation} (${list}) from '/dev/blob'`, [], { blob });
}

/** A value as `copy` takes it. */
const copied = (value: Cell): string =>
  value === null
    ? '\\N'
    : value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
