import type { ColumnPlan } from '../plan/plan.ts';

/**
 * A value as it may be shown: personal data keeps its first character, so that people can tell two offenders apart
 * without learning who they are. Direct identifiers keep nothing, nor does a value that its first character would give away.
 */
export function mask(column: Pick<ColumnPlan, 'pii'>, value: string | null): string | null {
  if (value === null || value === '') return value;
  switch (column.pii) {
    case 'none':
      return value;
    case 'indirect': {
      const [first, second] = value;
      return second === undefined ? '***' : `${first}***`;
    }
    case 'direct':
      return '***';
  }
}
