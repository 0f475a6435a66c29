import { countOf, type Row, rowOf, rowsOf } from '../engines/index.ts';
import type { TablePlan } from '../plan/index.ts';
import { closeReader, readLake } from './lake.ts';
import { quote } from './ledger.ts';
import { reasonsOf } from './reasons.ts';

/** Quarantined records of some base tables in the order of their files, at most `limit` of them (0 for all). */
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
    const from = `from ops.quarantine where dataset in (${[...bySource.keys()].map(quote).join(', ')})`;
    const { total } = await rowOf(lake.db, `select count(*) as total ${from}`);
    const rows = await rowsOf(
      lake.db,
      `select dataset, file, record, reasons, raw ${from} order by file, record ${limit > 0 ? `limit ${limit}` : ''}`,
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
        };
      }),
    };
  } finally {
    closeReader(lake);
  }
}
