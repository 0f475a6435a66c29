/**
 * A first run of each product over its sample, clean and in every format, as a command of its own from its start to its end.
 * `BENCH_ROWS` says how many purchases the sample has: everything else scales with them. `BENCH_PRODUCTS=inventory,fraud` says which.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, DuckDb, rowOf } from '../lib/engines/index.ts';
import { products } from '../lib/products/index.ts';
import { generateSample, SAMPLE_LAST_DAY } from '../lib/sample/index.ts';
import { LAKEHOUSE } from './built-plan.ts';
import { figuresOf, inTurns, measureCommand } from './command.ts';
import { table } from './measure.ts';
import { scratch } from './sample-data.ts';

const ROWS = Number(process.env.BENCH_ROWS ?? 300_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const ALL = products.filter(({ datasets }) => datasets.length > 0).map(({ name }) => name);
const NAMES = process.env.BENCH_PRODUCTS?.split(',') ?? ALL;
const FOLDER = scratch();
const [RAW, LAKE] = [join(FOLDER, 'raw'), join(FOLDER, 'lake')];

const records = new Map<string, number>();

/** Records that the run of a lake read. */
async function recordsOf(lake: string): Promise<number> {
  const db = await DuckDb.open({ path: join(lake, 'lake.duckdb'), readOnly: true });
  const row = await rowOf(db, 'select cast(sum(read) as bigint) as n from ops.step');
  db.close();
  return countOf(row.n);
}

await generateSample({ out: RAW, rows: ROWS, dirt: 0 });
const found = await inTurns(NAMES, RUNS, async (name) => {
  rmSync(LAKE, { recursive: true, force: true });
  const options = ['--raw', RAW, '--lake', LAKE, '--as-of', SAMPLE_LAST_DAY, '--only', name, '--quiet'];
  const took = measureCommand({ command: [...LAKEHOUSE, 'run', ...options] });
  if (took.stopped === null) records.set(name, await recordsOf(LAKE));
  return took;
});
const read = (name: string) => records.get(name) ?? Number.NaN;
console.log(`a first run of each product; a sample of ${ROWS} purchases; medians of at most ${RUNS} runs\n`);
console.log(
  table([
    ['', 'records', 'processor s', 'clock s', 'peak MiB', 'records per processor s', ''],
    ...found.map((one) => [
      one.name,
      String(read(one.name)),
      ...figuresOf(one),
      (read(one.name) / one.cpuSeconds).toFixed(0),
      one.stopped ?? '',
    ]),
  ]),
);
console.log(JSON.stringify({ bench: 'products', rows: ROWS, found, records: Object.fromEntries(records) }));
