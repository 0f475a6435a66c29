/**
 * Plans of many small tables, run on Spark with Iceberg by the script of the Glue job: what a table costs beside its rows.
 * Half of the tables are loaded from a file each, the others are made of those. `BENCH_TABLES=10,100` says how many there are.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { append, base, integer, mart, replace, text } from '../lib/contract/index.ts';
import { compile } from '../lib/plan/compile.ts';
import { jars, pythonEnvironment } from '../lib/tools/index.ts';
import { lastLines, measureCommand } from './command.ts';
import { table } from './measure.ts';

const SIZES = (process.env.BENCH_TABLES ?? '10,100').split(',').map(Number);
const OUT = join(tmpdir(), 'lakehouse-bench', 'spark-plan');
const ROWS = 20;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const spark = await pythonEnvironment('spark');
const settings = ['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=2', 'spark.log.level=ERROR'];
const env = {
  PYTHONPATH: here('../glue-scripts'),
  PYSPARK_PYTHON: spark.python,
  PYSPARK_SUBMIT_ARGS: [
    ...['--master', 'local[2]', '--driver-memory', '1g', '--jars', (await jars('iceberg-spark')).join()],
    ...settings.flatMap((setting) => ['--conf', setting]),
    'pyspark-shell',
  ].join(' '),
};

/** A plan of so many tables, and a raw file for each that is loaded. */
function written(tables: number): readonly string[] {
  const folder = join(OUT, String(tables));
  rmSync(folder, { recursive: true, force: true });
  const names = Array.from({ length: tables / 2 }, (_, place) => `part_${place}`);
  const common = { product: 'parts', owner: 'parts', description: 'One row per part.', grain: ['id'] as const };
  const datasets = names.flatMap((name) => [
    base({ ...common, name, row: { id: text(), pieces: integer() }, eventTime: null, write: append() }),
    mart({ ...common, name: `${name}_sum`, row: { id: text(), pieces: integer() }, write: replace() }),
  ]);
  const product = { name: 'parts', description: 'Parts.', datasets, exposures: [] };
  const sql = Object.fromEntries(
    names.map((name) => [
      `mart/${name}_sum.sql`,
      `-- one row per part.\n-- grain: id\nselect p.id, p.pieces from base.${name} as p where p.pieces > 1\n`,
    ]),
  );
  for (const name of names) {
    mkdirSync(join(folder, 'raw', name), { recursive: true });
    const rows = Array.from({ length: ROWS }, (_, place) => `${name}-${place},${place}\n`);
    writeFileSync(join(folder, 'raw', name, '1.csv'), `id,pieces\n${rows.join('')}`);
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ plan: compile([product], sql) }));
  const lake = ['--warehouse', join(folder, 'lake'), '--as_of', '2024-01-31', '--exit_on', 'failure'];
  return ['--plan', join(folder, 'plan.json'), '--raw', join(folder, 'raw'), ...lake];
}

const rows = SIZES.map((tables) => {
  const command = [spark.python, here('peers/counted_run.py'), ...written(tables)];
  const { seconds, cpuSeconds, peakMiB, output } = measureCommand({ command, env });
  const { jobs, shuffles } = JSON.parse(lastLines(output, 1)) as { jobs: number; shuffles: number };
  return [
    String(tables),
    ...[seconds, cpuSeconds].map((each) => each.toFixed(0)),
    String(Math.round(peakMiB)),
    ...[jobs, shuffles].map((each) => `${each} (${(each / tables).toFixed(1)} a table)`),
  ];
});
console.log(table([['tables', 's', 'CPU s', 'peak MiB', 'Spark jobs', 'shuffles'], ...rows]));
