import { athenaTable } from '../../lib/aws/index.ts';
import type { Plan } from '../../lib/plan/index.ts';
import type { Outcome } from '../../lib/quality/index.ts';
import type { Query } from '../shared/queries.ts';
import type { Answers } from './check-queries.ts';

const HELD = 'ops.held';

/** Asks the ledger which tables keep an earlier version, and why: what stands of them is good, so no check of it tells. */
export function heldQuery(prefix: string): Query {
  const sql = `select table_name, because from ${athenaTable(prefix, HELD)}`;
  return { name: HELD, sql: () => sql };
}

/** For each table whether the run could publish it. */
export function publishedOutcomes(plan: Plan, answers: Answers): Outcome[] {
  const because = new Map((answers(HELD) ?? []).map((row) => [row.table_name, row.because ?? null]));
  return plan.tables.map(({ name: table }) => {
    const held = because.has(table);
    return {
      table,
      check: 'published',
      says: 'the run could make the table and publish it',
      severity: 'fail',
      verdict: held ? 'fail' : 'pass',
      failed: held ? 1 : 0,
      total: 1,
      offenders: held ? [{ file: null, record: null, values: { because: because.get(table) ?? null } }] : [],
      reaches: [],
    };
  });
}
