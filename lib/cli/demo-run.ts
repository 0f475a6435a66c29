import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan/index.ts';
import { queryLake, type RunReport, run } from '../run/index.ts';
import { quarantined } from '../run/quarantine.ts';
import { MANIFEST_NAME, SAMPLE_LAST_DAY } from '../sample/index.ts';
import { DEMO_ANSWERS } from './demo-answers.ts';
import type { Output } from './output.ts';
import { RunProgress } from './progress.ts';
import { printRun } from './run-summary.ts';
import { writeSample } from './write-sample.ts';

interface DemoFolders {
  readonly raw: string;
  readonly lake: string;
  readonly rows: number;
}

/** Findings that fit on a page; `status` has all of them. */
const FINDINGS_SHOWN = 8;

/** Makes the sample when it is not there, runs, and prints answers and what to try next. */
export async function demo(output: Output, plan: Plan, folders: DemoFolders): Promise<RunReport> {
  const { colors } = output;
  if (isSampleOf(folders)) output.note(`sample data is in ${folders.raw}/`);
  else {
    const manifest = await writeSample(output, { out: folders.raw, rows: folders.rows, seed: 1, dirt: 0.01 });
    const records = Object.values(manifest.totals).reduce((sum, totals) => sum + totals.read, 0);
    output.note(
      `${colors.green('made')} ${records} sample records of ${Object.keys(manifest.totals).length} datasets in ${folders.raw}/, dirt included (listed in ${join(folders.raw, MANIFEST_NAME)})`,
    );
  }
  const progress = new RunProgress(output);
  const report = await run(folders.lake, {
    plan,
    raw: folders.raw,
    asOf: SAMPLE_LAST_DAY,
    only: [],
    rebuild: [],
    onEvent: progress.on,
  });
  progress.done();
  printRun(output, report, FINDINGS_SHOWN);
  if (output.format === 'table') {
    await printQuarantine(output, plan, folders);
    for (const { title, sql } of DEMO_ANSWERS) {
      const result = await queryLake(folders.lake, plan, { sql: { duckdb: sql } }, SAMPLE_LAST_DAY);
      output.line(`\n${colors.bold(title)}`);
      output.line(output.table({ columns: result.columns.map((column) => column.name), rows: result.rows }));
    }
    printNext(output, folders);
  }
  return report;
}

function isSampleOf({ raw, rows }: DemoFolders): boolean {
  const path = join(raw, MANIFEST_NAME);
  if (!statSync(path, { throwIfNoEntry: false })) return false;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { complete: boolean; options: { rows: number } };
  return manifest.complete && manifest.options.rows === rows;
}

async function printQuarantine(output: Output, plan: Plan, folders: DemoFolders): Promise<void> {
  const { rows, total } = await quarantined(
    folders.lake,
    plan.tables.filter((table) => table.making.kind === 'load'),
    0,
  );
  const byReason = new Map<string, { records: number; example: string }>();
  for (const row of rows) {
    const reason = `${row.table}: ${Array.isArray(row.reasons) ? row.reasons.join('; ') : ''}`.replace(
      /(: \w+): .*/,
      '$1',
    );
    const known = byReason.get(reason);
    byReason.set(reason, {
      records: (known?.records ?? 0) + 1,
      example: known?.example ?? `${row.file} record ${row.record}`,
    });
  }
  const summary = [...byReason].map(([reason, { records, example }]) => ({
    records,
    why: reason,
    for_example: example,
  }));
  summary.sort((a, b) => b.records - a.records || (a.why < b.why ? -1 : 1));
  output.line(
    `\n${output.colors.bold('quarantined')}  ${total} records, by reason (the first ${Math.min(8, summary.length)} of ${summary.length})`,
  );
  output.line(output.table({ columns: ['records', 'why', 'for_example'], rows: summary.slice(0, 8) }));
}

function printNext(output: Output, { raw, lake }: DemoFolders): void {
  const at = lake === 'lake' ? '' : ` --lake ${lake}`;
  const from = raw === 'raw' ? '' : ` --raw ${raw}`;
  const { colors } = output;
  output.line(`\n${colors.bold('try next')}`);
  for (const [line, what] of [
    [`npx lakehouse query refunds-by-month${at}`, 'a saved question'],
    [
      `npx lakehouse query "select merchant_id, count(*) as purchases from purchase group by merchant_id"${at}`,
      "Athena's SQL on the laptop",
    ],
    [`npx lakehouse quarantine base.purchase${at}`, 'every refused record, with its reasons'],
    [`npx lakehouse validate --date ${SAMPLE_LAST_DAY}${from}`, 'the daily check of source data'],
    ['npx lakehouse lineage base.refund', 'what feeds it, what it reaches'],
    [`npx lakehouse status${at}`, 'last runs and freshness'],
    ['npm start', 'again: nothing is new'],
  ]) {
    output.line(`  ${line}  ${colors.dim(`# ${what}`)}`);
  }
}
