/**
 * A first run of payments and of orders, from the same raw CSV files to the same marts: this project, its own
 * Glue job on Spark with Iceberg, dbt with DuckDB, and Polars, each a command of its own from its start to its end. dbt and
 * Polars are written as their practitioners write them (`bench/peers/`): they type, de-duplicate and aggregate; they keep no file and record of a row, judge no rule, and write no ledger.
 * `BENCH_ROWS=1000000,10000000` says the sizes. Needs Python; makes the environment `peers` when it is not there.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDb, rowsOf } from '../lib/engines/index.ts';
import { generateSample, SAMPLE_LAST_DAY } from '../lib/sample/index.ts';
import { jars, pythonEnvironment } from '../lib/tools/index.ts';
import { measureCommand, type Taken } from './command.ts';
import { table } from './measure.ts';

const SIZES = (process.env.BENCH_ROWS ?? '1000000,10000000').split(',').map(Number);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const DATA = join(tmpdir(), 'lakehouse-bench');
const OUT = join(DATA, 'peers-out');

const PRODUCTS = {
  payments: { datasets: ['purchase', 'refund', 'void'], marts: ['refunds_by_customer'] },
  orders: {
    datasets: ['orders', 'reviews', 'shipment_deliveries', 'dim_products', 'dim_customers', 'dim_dates'],
    marts: ['agg_public_holiday', 'agg_shipments', 'best_performing_product'],
  },
} as const;
type ProductName = keyof typeof PRODUCTS;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const peers = await pythonEnvironment('peers');
const spark = await pythonEnvironment('spark');

interface Peer {
  readonly run: (product: ProductName, raw: string) => Taken;
  /** Where a mart stands once it ran: SQL of a relation, and the database that must be attached for it. */
  readonly mart: (product: ProductName, mart: string) => { readonly attach: string | null; readonly relation: string };
}

const PEERS: Readonly<Record<string, Peer>> = {
  'this project': {
    run: (product, raw) => {
      const options = ['--raw', raw, '--lake', join(OUT, 'lake'), '--as-of', SAMPLE_LAST_DAY, '--only', product];
      return measureCommand(peers, [process.execPath, here('../dist/bin/lakehouse.js'), 'run', ...options, '--quiet']);
    },
    mart: (_, mart) => ({ attach: join(OUT, 'lake', 'lake.duckdb'), relation: `peer.mart.${mart}` }),
  },
  'dbt, DuckDB': {
    run: (product, raw) => {
      const project = here('peers/dbt');
      const folders = ['--target-path', join(OUT, 'target'), '--log-path', join(OUT, 'logs')];
      const variables = JSON.stringify({ raw, as_of: SAMPLE_LAST_DAY });
      const options = ['--project-dir', project, '--profiles-dir', project, '--select', product, '--vars', variables];
      const env = { PEERS_DATABASE: join(OUT, 'dbt.duckdb'), DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
      return measureCommand(peers, [peers.bin('dbt'), 'run', ...options, ...folders], env);
    },
    mart: (_, mart) => ({ attach: join(OUT, 'dbt.duckdb'), relation: `peer.main.${mart}` }),
  },
  Polars: {
    run: (product, raw) =>
      measureCommand(peers, [
        peers.python,
        here(`peers/${product}_polars.py`),
        raw,
        join(OUT, 'polars'),
        SAMPLE_LAST_DAY,
      ]),
    mart: (_, mart) => ({ attach: null, relation: `read_parquet('${join(OUT, 'polars', `${mart}.parquet`)}')` }),
  },
  'the Glue job, Spark': {
    run: (product, raw) => {
      const options = [
        '--plan',
        here('../dist/plan.json'),
        '--raw',
        raw,
        '--as_of',
        SAMPLE_LAST_DAY,
        '--only',
        product,
      ];
      const lake = ['--warehouse', join(OUT, 'spark'), '--exit_on', 'failure'];
      return measureCommand(peers, [spark.python, here('../glue-scripts/run_plan.py'), ...options, ...lake], sparkEnv);
    },
    // A first run writes each table once, so its files are the table.
    mart: (_, mart) => ({
      attach: null,
      relation: `read_parquet('${join(OUT, 'spark', 'mart', mart)}/data/**/*.parquet')`,
    }),
  },
};

/** The Glue job's own script on this machine, as the tests start it. */
const sparkEnv = {
  PYTHONPATH: here('../glue-scripts'),
  PYSPARK_PYTHON: spark.python,
  PYSPARK_SUBMIT_ARGS: [
    ...['--master', 'local[2]', '--driver-memory', '4g', '--jars', (await jars('iceberg-spark')).join(',')],
    ...['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=8'].flatMap((setting) => ['--conf', setting]),
    'pyspark-shell',
  ].join(' '),
};

const rawOf = (product: ProductName, rows: number) => join(DATA, `${product}-clean-${rows}`);

async function makeData(product: ProductName, rows: number): Promise<void> {
  const manifest = join(rawOf(product, rows), '_manifest.json');
  if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"complete":true')) return;
  const { datasets } = PRODUCTS[product];
  await generateSample({ out: rawOf(product, rows), rows, dirt: 0, plain: true, datasets });
}

/** The marts as text, numbers by value: engines differ in how they type and write them. */
async function answersOf(peer: Peer, product: ProductName): Promise<string> {
  const db = await DuckDb.open({ path: ':memory:' });
  const found: unknown[] = [];
  for (const mart of PRODUCTS[product].marts) {
    const { attach, relation } = peer.mart(product, mart);
    if (attach !== null) await db.run(`attach if not exists '${attach}' as peer (read_only)`);
    const rows = await rowsOf(db, `select columns(c -> c not in ('ingestion_date')) from ${relation} order by 1`);
    found.push(rows.map((row) => Object.entries(row).map(([name, value]) => [name, byValue(String(value))])));
  }
  db.close();
  return JSON.stringify(found);
}

const byValue = (text: string): string | number => (/^-?[0-9]+([.][0-9]+)?$/.test(text) ? Number(text) : text);

const median = (runs: readonly Taken[], field: 'seconds' | 'cpuSeconds' | 'peakMiB'): number =>
  runs.map((run) => run[field]).sort((a, b) => a - b)[runs.length >> 1] ?? Number.NaN;

async function sideBySide(product: ProductName, rows: number) {
  await makeData(product, rows);
  const runs = new Map<string, Taken[]>(Object.keys(PEERS).map((name) => [name, []]));
  let expected: string | null = null;
  // In turns, so that a noisy machine disturbs all alike.
  for (let round = 0; round < RUNS; round += 1) {
    for (const [name, peer] of Object.entries(PEERS)) {
      rmSync(OUT, { recursive: true, force: true });
      mkdirSync(OUT, { recursive: true });
      runs.get(name)?.push(peer.run(product, rawOf(product, rows)));
      const answers = await answersOf(peer, product);
      expected ??= answers;
      if (answers !== expected) throw new Error(`${name} has other answers: ${answers.slice(0, 400)}`);
    }
  }
  return [...runs].map(([name, taken]) => ({
    product,
    rows,
    name,
    seconds: median(taken, 'seconds'),
    cpuSeconds: median(taken, 'cpuSeconds'),
    peakMiB: median(taken, 'peakMiB'),
  }));
}

const measured: Awaited<ReturnType<typeof sideBySide>> = [];
for (const rows of SIZES)
  for (const product of ['payments', 'orders'] as const) measured.push(...(await sideBySide(product, rows)));
rmSync(OUT, { recursive: true, force: true });

const oursOf = ({ product, rows }: (typeof measured)[number]) =>
  measured.find((one) => one.product === product && one.rows === rows)?.cpuSeconds ?? Number.NaN;
console.log(`medians of ${RUNS} runs, each a process tree of its own; all gave the same answers\n`);
console.log(
  table([
    ['', 'processor s', 'ours to theirs', 'clock s', 'peak MiB'],
    ...measured.map((one) => [
      `${one.product}, ${one.rows}: ${one.name}`,
      one.cpuSeconds.toFixed(1),
      (oursOf(one) / one.cpuSeconds).toFixed(2),
      one.seconds.toFixed(1),
      one.peakMiB.toFixed(0),
    ]),
  ]),
);
console.log(JSON.stringify({ bench: 'peers', measured }));
