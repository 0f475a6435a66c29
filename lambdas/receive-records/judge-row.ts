import { judge } from '../../lib/ingest/index.ts';
import type { Load, TablePlan } from '../../lib/plan/index.ts';
import { predicateHolds } from '../../lib/plan/predicate.ts';

/** A table that is loaded from raw records. */
export type LoadedTable = TablePlan & { readonly making: Load };

const PADDED = /^[ \t\n\r\f\v]|[ \t\n\r\f\v]$/;

/**
 * The faults of a record's values, as codes of the plan (`amount:form`): what `conform` finds in SQL, so that a row taken here
 * is not quarantined later. `faulty` names the columns that the record layer has already refused.
 */
export function judgeRow(
  table: LoadedTable,
  values: readonly (string | null)[],
  faulty: ReadonlySet<string>,
): string[] {
  return table.columns.flatMap((column, index) => {
    if (faulty.has(column.name)) return [];
    const text = values[index] ?? null;
    if (text === null) return column.nullable ? [] : [`${column.name}:missing`];
    const judged = judge(column.type, text);
    if (!('value' in judged)) return [`${column.name}:form`];
    const padded = `${column.name}:padded`;
    const broken = table.making.rules.filter(
      (rule) => rule.column === column.name && !predicateHolds(rule, judged.value),
    );
    return [
      ...(padded in table.making.faults && PADDED.test(text) ? [padded] : []),
      ...broken.map((rule) => `${column.name}:${rule.kind}`),
    ];
  });
}
