import { countOf, type DuckDb, rowOf, rowsOf } from '../engines/index.ts';
import type { TablePlan } from '../plan/index.ts';
import { mask, type Offender } from '../quality/index.ts';
import type { Records, Settled } from './fates.ts';
import type { Refusals } from './measuring.ts';
import { reasonsOf } from './reasons.ts';
import type { LoadedTable } from './staging-tables.ts';

/** Fields that a load refused by themselves: how many, in how many records, and the first three. */
export interface RefusedFields {
  readonly fields: number;
  readonly records: number;
  readonly first: readonly {
    readonly file: string;
    readonly record: number;
    readonly code: string;
    readonly value: string | null;
  }[];
}

const NONE: RefusedFields = { fields: 0, records: 0, first: [] };

/** Counts the fields that were refused by themselves. */
export async function refusedFields(db: DuckDb, { refused }: Pick<Records, 'refused'>): Promise<RefusedFields> {
  if (refused === null) return NONE;
  const counted = await rowOf(
    db,
    `select count(*) as fields, count(distinct (_raw_file, _record)) as records from ${refused} as r`,
  );
  const first = await rowsOf(db, `select _raw_file, _record, code, value from ${refused} as r order by all limit 3`);
  return {
    fields: countOf(counted.fields),
    records: countOf(counted.records),
    first: first.map((row) => ({
      file: String(row._raw_file),
      record: Number(row._record),
      code: String(row.code),
      value: typeof row.value === 'string' ? row.value : null,
    })),
  };
}

/** The refused fields of a load as the measure of a check: records of those that count, three fields with their reason. */
export function refusalsOf(table: TablePlan, settled: Settled | null): Refusals {
  if (settled === null) return { failed: 0, total: 0, offenders: [] };
  const { refusals, fates } = settled;
  return {
    failed: refusals.records,
    total: fates.read - fates.quarantined,
    offenders: refusals.first.map(({ file, record, code, value }): Offender => {
      const column = table.columns.find(({ name }) => code.startsWith(`${name}:`));
      const reasons = table.making.kind === 'load' ? reasonsOf(table as LoadedTable, [code]) : [code];
      return {
        file,
        record,
        values: { ...(column && { [column.name]: mask(column, value) }), reasons: reasons.join() },
      };
    }),
  };
}
