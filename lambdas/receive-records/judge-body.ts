import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonLines } from '../../lib/ingest/index.ts';
import { reasonsOf } from '../../lib/run/reasons.ts';
import { judgeRow, type LoadedTable } from './judge-row.ts';

/** Why one row of a request cannot be taken. */
export interface RejectedRow {
  /** Counted from 1, blank lines not. */
  readonly row: number;
  readonly reasons: readonly string[];
}

/** What a request's body holds. */
export interface JudgedBody {
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
}

/** Longest row: what Firehose takes as one record, its line feed included. */
const MAX_ROW_BYTES = 1000 * 1024 - 1;

/** Judges JSON lines against every table that their dataset feeds, with the record layer and the grammar of a run. */
export async function judgeBody(tables: readonly LoadedTable[], body: Uint8Array): Promise<JudgedBody> {
  const folder = mkdtempSync(join(tmpdir(), 'body-'));
  const path = join(folder, 'body.jsonl');
  const reasons = new Map<number, Set<string>>();
  let rows = 0;
  try {
    writeFileSync(path, body);
    for (const table of tables) {
      const refuse = (row: number, found: readonly string[]) => {
        const known = reasons.get(row) ?? new Set();
        for (const reason of found) known.add(reason);
        if (known.size > 0) reasons.set(row, known);
      };
      const read = await readJsonLines(
        path,
        table.columns,
        { maxRecordBytes: MAX_ROW_BYTES },
        {
          record(number, values, told = []) {
            const lenient = new Set(table.columns.filter((column) => column.lenient).map(({ name }) => name));
            const faults = told.filter((fault) => !lenient.has(fault.column));
            const faulty = new Set(faults.map((fault) => fault.column));
            refuse(
              number,
              faults.map((fault) => `${fault.column}: ${fault.detail}`),
            );
            refuse(number, reasonsOf(table, judgeRow(table, values, faulty)));
          },
          fault: (number, _code, detail) => refuse(number, [detail]),
        },
      );
      rows = read.records;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rejected = [...reasons].sort(([a], [b]) => a - b).map(([row, found]) => ({ row, reasons: [...found] }));
  return { rows, rejected };
}
