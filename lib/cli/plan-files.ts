import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, SqlFiles } from '../plan/index.ts';

/** Every `.sql` file of a folder and its folders, by path with `/`. */
export function readSqlFiles(folder: string): SqlFiles {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.sql') && statSync(join(folder, path)).isFile())
    .sort();
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const fingerprint = (sql: SqlFiles): string => createHash('sha256').update(JSON.stringify(sql)).digest('hex');

/** Writes a plan for later starts, with the fingerprint of the SQL it was made of. */
export function writeCompiledPlan(path: string, plan: Plan, sql: SqlFiles): void {
  writeFileSync(path, JSON.stringify({ sql: fingerprint(sql), plan }));
}

/** A plan written before; null when there is none or the SQL has changed since. Contracts cannot have: they are built with it. */
export function readCompiledPlan(path: string, sql: SqlFiles): Plan | null {
  if (!statSync(path, { throwIfNoEntry: false })) return null;
  const stored = JSON.parse(readFileSync(path, 'utf8')) as { sql: string; plan: Plan };
  return stored.sql === fingerprint(sql) ? stored.plan : null;
}
