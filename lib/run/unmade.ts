import { rowsOf } from '../engines/index.ts';
import type { Lake } from './lake.ts';
import { LakeError } from './lake-errors.ts';

/** @throws LakeError that names those of the plan's tables which no run has made in this lake. */
export async function refuseUnmade({ db, folder }: Lake, tables: readonly string[]): Promise<void> {
  const found = await rowsOf(db, "select table_schema || '.' || table_name as name from information_schema.tables");
  const there = new Set(found.map((row) => String(row.name)));
  const missing = tables.filter((name) => !there.has(name));
  if (missing.length === 0) return;
  throw new LakeError(
    `the lake ${folder} has no ${missing.join(', ')} yet; make it with: lakehouse run --lake ${folder}`,
  );
}
