import type { LoadedTable } from './staging-tables.ts';

/** Why a typed value cannot be taken, in words; the rest is in the plan. */
const RECORD_FAULTS: Readonly<Record<string, string>> = {
  json_type: 'has another JSON type than the contract',
  number_range: 'is a number that cannot be written out',
  repeated_element: 'stands there more than once',
  element_content: 'holds elements where text should be',
  nul: 'holds a NUL character',
  empty: 'is empty text',
};

/** A record's fault codes in words: `amount:form` becomes `amount is not a decimal with …`. Faults of the record itself carry their words. */
export function reasonsOf(table: Pick<LoadedTable, 'making'>, codes: readonly string[]): string[] {
  return codes.map((code) => {
    const [column, kind] = code.split(':');
    return (
      table.making.faults[code] ??
      (kind !== undefined && kind in RECORD_FAULTS ? `${column} ${RECORD_FAULTS[kind]}` : code)
    );
  });
}
