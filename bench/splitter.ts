/**
 * The splitter of the Glue job over files of every format, one thread, records given one by one and left: megabytes and
 * records per processor second. `BENCH_ROWS` says how many purchases the sample has; orders are as many.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSample } from '../lib/sample/index.ts';
import { pythonEnvironment } from '../lib/tools/index.ts';
import { builtPlan } from './built-plan.ts';
import { table } from './measure.ts';
import { scratch } from './sample-data.ts';

const ROWS = Number(process.env.BENCH_ROWS ?? 300_000);
const FOLDER = scratch();
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { tables } = builtPlan();

/** The files of one dataset of a sample, and how they are read. */
async function caseOf(label: string, dataset: string, dirt: number, only: 'records' | 'inspect' = 'records') {
  const load = tables.find(({ making }) => making.kind === 'load' && making.source === dataset);
  if (load === undefined || load.making.kind !== 'load') throw new Error(`no table is loaded from ${dataset}`);
  const out = join(FOLDER, `${dataset}-${dirt}`);
  // Other formats than CSV are given by the dataset.
  const { files } = await generateSample({ out, rows: ROWS, dirt, plain: dataset === 'orders', datasets: [dataset] });
  const paths = files.map(({ path }) => path).filter((path) => /[.](csv|jsonl|log|xml)$/.test(path));
  const { columns } = load;
  return { label, only, files: paths.map((path) => join(out, path)), columns, recordsIn: load.making.records };
}

const cases = [
  await caseOf('the first pass over plain CSV', 'orders', 0, 'inspect'),
  await caseOf('CSV, plain', 'orders', 0),
  await caseOf('CSV, 1 % dirt of every kind', 'orders', 0.01),
  await caseOf('CSV, 30 % dirt', 'orders', 0.3),
  await caseOf('JSON lines', 'site_event', 0),
  await caseOf('web log', 'web_log', 0),
  await caseOf('XML', 'bank_transaction', 0),
];
const asked = join(FOLDER, 'cases.json');
writeFileSync(asked, JSON.stringify(cases));
const { python } = await pythonEnvironment('spark');
const env = { ...process.env, PYTHONPATH: here('../glue-scripts') };
const said = execFileSync(python, [here('splitter.py'), asked], { env, encoding: 'utf8' });
const found: { label: string; seconds: number; bytes: number; records: number }[] = JSON.parse(said);
console.log(
  table([
    ['', 'records', 'MB/s', 'records/s'],
    ...found.map(({ label, seconds, bytes, records }) => [
      label,
      String(records),
      (bytes / 1e6 / seconds).toFixed(0),
      (records / seconds).toFixed(0),
    ]),
  ]),
);
console.log(JSON.stringify({ bench: 'splitter', rows: ROWS, found }));
