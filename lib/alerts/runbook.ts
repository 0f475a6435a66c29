/** The page that alarms name; its address in an environment is `alerts.runbookUrl`. */
export const RUNBOOK_PAGE = 'docs/runbook.md';

/** The runbook's heading for each kind of check, as an anchor of `docs/runbook.md`. */
export const RUNBOOK: Readonly<Record<string, string>> = {
  conforms: 'records-break-their-contract',
  readable: 'a-file-was-refused',
  arrived: 'no-records-of-the-day',
  at_least: 'values-out-of-bounds',
  between: 'values-out-of-bounds',
  one_of: 'values-out-of-bounds',
  capitals: 'values-out-of-bounds',
  email: 'values-out-of-bounds',
  regular: 'irregular-fields',
  unique: 'a-key-came-twice',
  one_claim: 'a-key-came-twice',
  refers_to: 'references-to-nothing',
  fresh: 'data-is-stale',
  row_count: 'too-few-or-too-many-rows',
  published: 'a-table-is-held',
};

/** The heading for checks with a name of their own: identities that a contract declares. */
export const RECONCILE = 'a-sum-does-not-reconcile';

/** The heading for alarms and notices that name none of their own. */
export const OPERATIONS = 'alarms';

/** The heading for budgets. */
export const BUDGET = 'budget-exceeded';

/** The runbook's anchor for a check: its name up to the bracket decides. */
export const runbookOf = (check: string): string => RUNBOOK[check.replace(/\(.*$/s, '')] ?? RECONCILE;
