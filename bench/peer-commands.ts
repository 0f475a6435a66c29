/**
 * A first run of payments or of orders, from raw CSV files to the marts, as commands: this project, its own Glue job on
 * Spark with Iceberg, dbt with DuckDB, Polars and pandas. The last three are written as their practitioners write them
 * (`bench/peers/`): they type, de-duplicate and aggregate; they keep no file and record of a row, judge no rule, and write no ledger.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countOf, DuckDb, rowOf } from '../lib/engines/index.ts';
import { SAMPLE_LAST_DAY } from '../lib/sample/index.ts';
import { jars, pythonEnvironment } from '../lib/tools/index.ts';
import { LAKEHOUSE } from './built-plan.ts';
import type { Command } from './command.ts';
import { type ProductName, scratch } from './sample-data.ts';
import { sparkEnvironment } from './spark-environment.ts';

/** What a run leaves, cleared before each. */
const OUT = join(scratch(), 'out');

const MARTS: Readonly<Record<ProductName, readonly string[]>> = {
  payments: ['refunds_by_customer'],
  orders: ['agg_public_holiday', 'agg_shipments', 'best_performing_product'],
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const peers = await pythonEnvironment('peers');
const spark = await pythonEnvironment('spark');

/** One way of doing a run. */
export interface Peer {
  readonly run: (product: ProductName, raw: string) => Command;
  /** As practitioners make it go on over dirty files; null where nothing has to be told to. */
  readonly lenient: ((product: ProductName, raw: string) => Command) | null;
  /** Where a mart stands once it ran: SQL of a relation, and the database that must be attached for it. */
  readonly mart: (mart: string) => { readonly attach: string | null; readonly relation: string };
}

/** A peer that is a Python program for each product and writes Parquet. */
function program(library: string): Peer {
  const out = join(OUT, library);
  const command = (product: ProductName, raw: string, ...more: readonly string[]) => ({
    command: [peers.python, here(`peers/${product}_${library}.py`), raw, out, SAMPLE_LAST_DAY, ...more],
  });
  return {
    run: (product, raw) => command(product, raw),
    lenient: (product, raw) => command(product, raw, 'lenient'),
    mart: (mart) => ({ attach: null, relation: `read_parquet('${join(out, `${mart}.parquet`)}')` }),
  };
}

const dbt = (product: ProductName, raw: string, lenient: boolean) => {
  const project = here('peers/dbt');
  const folders = ['--target-path', join(OUT, 'target'), '--log-path', join(OUT, 'logs')];
  const variables = JSON.stringify({ raw, as_of: SAMPLE_LAST_DAY, lenient });
  const options = ['--project-dir', project, '--profiles-dir', project, '--select', product, '--vars', variables];
  return {
    command: [peers.bin('dbt'), 'run', ...options, ...folders],
    env: { PEERS_DATABASE: join(OUT, 'dbt.duckdb'), DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
  };
};

/** The Glue job's own script on this machine, as the tests start it. */
const sparkEnv = {
  PYTHONPATH: here('../glue-scripts'),
  ...sparkEnvironment(spark, { jars: await jars('iceberg-spark') }),
};

/** By name. */
const PEERS: Readonly<Record<string, Peer>> = {
  'this project': {
    run: (product, raw) => {
      const options = ['--raw', raw, '--lake', join(OUT, 'lake'), '--as-of', SAMPLE_LAST_DAY, '--only', product];
      return { command: [...LAKEHOUSE, 'run', ...options, '--quiet'] };
    },
    lenient: null,
    mart: (mart) => ({ attach: join(OUT, 'lake', 'lake.duckdb'), relation: `peer.mart.${mart}` }),
  },
  dbt: {
    run: (product, raw) => dbt(product, raw, false),
    lenient: (product, raw) => dbt(product, raw, true),
    mart: (mart) => ({ attach: join(OUT, 'dbt.duckdb'), relation: `peer.main.${mart}` }),
  },
  Polars: program('polars'),
  pandas: program('pandas'),
  'Glue job': {
    run: (product, raw) => {
      const input = ['--plan', here('../dist/plan.json'), '--raw', raw, '--as_of', SAMPLE_LAST_DAY, '--only', product];
      const lake = ['--warehouse', join(OUT, 'spark'), '--exit_on', 'failure'];
      return { command: [spark.python, here('../glue-scripts/run_plan.py'), ...input, ...lake], env: sparkEnv };
    },
    lenient: null,
    // A first run writes each table once, so its files are the table.
    mart: (mart) => ({
      attach: null,
      relation: `read_parquet('${join(OUT, 'spark', 'mart', mart)}/data/**/*.parquet')`,
    }),
  },
};

/** The one whose answers the others are held against. */
export const OURS = 'this project';

/** Who runs: this project first, then those of `BENCH_PEERS`, by default all. @throws for one that is not there. */
export function peersAsked(): [string, Peer][] {
  const others = process.env.BENCH_PEERS?.split(',') ?? Object.keys(PEERS).filter((name) => name !== OURS);
  return [OURS, ...others].map((name) => {
    const peer = PEERS[name];
    if (peer === undefined) throw new Error(`there is no peer ${name}; there are ${Object.keys(PEERS).join(', ')}`);
    return [name, peer];
  });
}

/** The products that runs are of: those of `BENCH_PRODUCTS`, by default both. */
export const productsAsked = (): ProductName[] =>
  (process.env.BENCH_PRODUCTS?.split(',') ?? Object.keys(MARTS)) as ProductName[];

/** Removes what the last run left. */
export function clearOutput(): void {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
}

/** Numbers by value, everything as text: engines differ in how they type and write what they answer. */
const BY_VALUE = `list_transform([cast(columns(c -> c <> 'ingestion_date') as varchar)],
  x -> coalesce(cast(try_cast(x as decimal(38, 4)) as varchar), x))[1]`;

/** Keeps what a peer answered, a file a mart, so that others can be held against it. */
export async function keepAnswers({ mart: place }: Peer, product: ProductName, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const db = await DuckDb.open({ path: ':memory:' });
  for (const mart of MARTS[product]) {
    const { attach, relation } = place(mart);
    if (attach !== null) await db.run(`attach if not exists '${attach}' as peer (read_only)`);
    await db.run(`copy (select ${BY_VALUE} from ${relation}) to '${join(folder, `${mart}.parquet`)}'`);
  }
  db.close();
}

/** How the answers of one folder differ from those of another. */
export interface Difference {
  readonly mart: string;
  /** Rows of the first. */
  readonly rows: number;
  /** Of them, those that the other does not have. */
  readonly lacking: number;
  /** Rows that only the other has. */
  readonly more: number;
}

/** Holds the answers in `folder` against those in `right`, mart by mart. */
export async function differences(product: ProductName, right: string, folder: string): Promise<Difference[]> {
  const db = await DuckDb.open({ path: ':memory:' });
  const found: Difference[] = [];
  for (const mart of MARTS[product]) {
    const [a, b] = [right, folder].map((each) => `select * from '${join(each, `${mart}.parquet`)}'`);
    const row = await rowOf(
      db,
      `select (select count(*) from (${a})) as n, (select count(*) from (${a} except all ${b})) as lacking, (select count(*) from (${b} except all ${a})) as more`,
    );
    found.push({ mart, rows: countOf(row.n), lacking: countOf(row.lacking), more: countOf(row.more) });
  }
  db.close();
  return found;
}
