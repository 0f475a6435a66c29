import { lineageOf, type Plan } from '../../lib/plan/index.ts';
import { blastRadius, type Outcome } from '../../lib/quality/index.ts';
import type { Validation } from '../../lib/run/validate.ts';

/** All that a validation has to tell: its checks, and for each source whether every file of the day could be read. */
export function outcomesOf(plan: Plan, { checks, files }: Validation): Outcome[] {
  const lineage = lineageOf(plan);
  const readable = plan.sources.flatMap((source): Outcome[] => {
    const mine = files.filter((file) => file.dataset === source.name);
    const table = `raw.${source.name}`;
    const refused = [
      ...new Map(mine.filter((file) => file.status === 'refused').map((file) => [file.path, file])).values(),
    ];
    if (mine.length === 0) return [];
    return [
      {
        table,
        check: 'readable',
        says: 'every file of the day can be read',
        severity: 'fail',
        verdict: refused.length > 0 ? 'fail' : 'pass',
        failed: refused.length,
        total: new Set(mine.map((file) => file.path)).size,
        offenders: refused
          .slice(0, 3)
          .map((file) => ({ file: file.path, record: null, values: { reason: file.reason ?? null } })),
        reaches: refused.length > 0 ? blastRadius(lineage, table) : [],
      },
    ];
  });
  return [...readable, ...checks];
}
