import type { Catalog } from './sql/index.ts';

/**
 * The tables of the run's ledger that questions may ask, on every engine the same. Those that keep refused records as they
 * were are not among them: they show personal data as it came.
 */
export const LEDGER_TABLES: Catalog = {
  'ops.run': ['run_id', 'started_at', 'seconds', 'status', 'as_of', 'error', 'result'],
  'ops.step': [
    'run_id',
    'table_name',
    'level',
    'seconds',
    'read',
    'accepted',
    'duplicate',
    'superseded',
    'quarantined',
    'rows',
  ],
  'ops.check': ['run_id', 'table_name', 'check_name', 'says', 'severity', 'verdict', 'failed', 'total', 'finding'],
};
