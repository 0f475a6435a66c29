import { countOf, type Row, rowOf, rowsOf } from '../engines/index.ts';
import type { TablePlan } from '../plan/index.ts';
import { closeReader, readLake } from './lake.ts';
import { quote } from './ledger.ts';
import { reasonsOf } from './reasons.ts';

/**
 * What was refused of some loaded tables, in the order of their files, at most `limit` rows (0 for all): whole records,
 * and fields of records that count, which name their `field`.
 */
export async function quarantined(
  folder: string,
  tables: readonly TablePlan[],
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly total: number }> {
  const lake = await readLake(folder);
  try {
    const bySource = new Map(
      tables.flatMap((table) =>
        table.making.kind === 'load'
          ? [[table.making.source, { name: table.name, making: table.making }] as const]
          : [],
      ),
    );
    const mine = `dataset in (${[...bySource.keys()].map(quote).join(', ')})`;
    // A lake that no run has opened since refused fields are kept has no table of them.
    const kept = await rowsOf(lake.db, "select 1 from information_schema.tables where table_name = 'refused_field'");
    const fields = `union all select dataset, file, record, [reason], raw, field from ops.refused_field where ${mine}`;
    const from = `from (
      select dataset, file, record, reasons, raw, cast(null as varchar) as field from ops.quarantine where ${mine}
      ${kept.length > 0 ? fields : ''}) as refused`;
    const { total } = await rowOf(lake.db, `select count(*) as total ${from}`);
    const rows = await rowsOf(
      lake.db,
      `select dataset, file, record, reasons, raw, field ${from} order by file, record, field nulls first ${limit > 0 ? `limit ${limit}` : ''}`,
    );
    return {
      total: countOf(total),
      rows: rows.map((row) => {
        const table = bySource.get(String(row.dataset));
        const codes = Array.isArray(row.reasons) ? row.reasons.map(String) : [];
        return {
          table: table?.name ?? null,
          file: row.file ?? null,
          record: row.record ?? null,
          reasons: table ? reasonsOf(table, codes) : codes,
          raw: row.raw ?? null,
          field: row.field ?? null,
        };
      }),
    };
  } finally {
    closeReader(lake);
  }
}
