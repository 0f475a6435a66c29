import { fileURLToPath } from 'node:url';
import { readCompiledPlan, readSqlFiles } from '../lib/cli/plan-files.ts';
import type { Plan } from '../lib/plan/index.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The plan as the command line takes it: compiling it here would leave the SQL compiler's threads busy meanwhile. */
export function builtPlan(): Plan {
  const plan = readCompiledPlan(here('../dist/plan.json'), readSqlFiles(here('../sql/')));
  if (plan === null) throw new Error('dist/plan.json is missing or stale: npm run build');
  return plan;
}

/** The command line as it was built, to be run by its path. */
export const LAKEHOUSE: readonly [string, string] = [process.execPath, here('../dist/bin/lakehouse.js')];
