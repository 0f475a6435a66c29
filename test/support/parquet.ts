import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDb } from '../../lib/engines/index.ts';
import { tempFolder } from './run-lake.ts';

/** A Parquet file of a query's rows, as its bytes. */
export async function parquetOf(sql: string): Promise<Buffer> {
  const path = join(tempFolder(), 'made.parquet');
  const db = await DuckDb.open();
  await db.run(`copy (${sql}) to '${path}' (format parquet)`);
  db.close();
  return readFileSync(path);
}
