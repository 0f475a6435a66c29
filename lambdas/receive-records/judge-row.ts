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
  const judged = new Map(
    table.columns.map(({ name, type }, index) => {
      const text = faulty.has(name) ? null : (values[index] ?? null);
      return [name, { text, found: text === null ? null : judge(type, text) }] as const;
    }),
  );
  const of = (column: string): string | null => {
    const found = judged.get(column)?.found ?? null;
    return found !== null && 'value' in found ? found.value : null;
  };
  return table.columns.flatMap(({ name, nullable, lenient }) => {
    // An irregular value of a lenient column does not refuse its row.
    if (lenient || faulty.has(name)) return [];
    const { text, found } = judged.get(name) ?? { text: null, found: null };
    const padded = `${name}:padded`;
    const broken = table.making.rules.filter((rule) => rule.column === name && !predicateHolds(rule, of));
    return [
      ...(text === null && !nullable ? [`${name}:missing`] : []),
      ...(found !== null && !('value' in found) ? [`${name}:form`] : []),
      ...(text !== null && padded in table.making.faults && PADDED.test(text) ? [padded] : []),
      ...broken.map((rule) => `${name}:${rule.kind}`),
    ];
  });
}
