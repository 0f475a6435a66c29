/**
 * The whole payments run against a DuckDB script written by hand that types, de-duplicates by a window over the key,
 * joins, and writes the same tables. On clean CSV, and on CSV with one per cent of dirt of every kind.
 *
 * The script reads clean files with declared types. Dirty ones it reads as practitioners do: all text, `ignore_errors`,
 * `try_cast`, bad rows dropped without a word; its tables then differ from ours by what its reader lost or invented.
 * It is timed in two forms: one whose tables have every column of ours, so also where a row came from (`_raw_file`,
 * `_record`), and one that leaves these two out. Opening and closing the database belong to the work on both sides.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDb, rowOf } from '../lib/engines/index.ts';
import { run } from '../lib/run/index.ts';
import { SAMPLE_LAST_DAY } from '../lib/sample/index.ts';
import { builtPlan } from './built-plan.ts';
import { type Contender, contender, type Measured, measure, table } from './measure.ts';
import { DATA, type Kind, makeSample, rawOf } from './sample-data.ts';

const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
/** What both must agree on: refunds to the cent, and the rows of the tables. */
const SUMMARY = (schema: { base: string; mart: string }) =>
  `select (select count(*) from ${schema.base}purchase) as purchases, (select count(*) from ${schema.base}refund) as refunds,
     (select count(*) from ${schema.mart}refunds_by_customer) as customers, (select sum(total_refund) from ${schema.mart}refunds_by_customer) as total`;

const summaryText = (row: Readonly<Record<string, unknown>>): string =>
  Object.entries(row)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const ours = (kind: Kind) =>
  contender({
    prepare: () => {
      const lake = join(DATA, `lake-${process.pid}`);
      const plan = builtPlan();
      return async () => {
        const request = {
          plan,
          raw: rawOf('payments', kind, ROWS),
          asOf: SAMPLE_LAST_DAY,
          only: ['payments'],
          rebuild: [],
          onEvent: () => undefined,
        };
        const { result } = await run(lake, request);
        return { lake, read: result.tables.reduce((sum, each) => sum + each.read, 0) };
      };
    },
    verify: async ({ lake }: { lake: string; read: number }) => {
      const db = await DuckDb.open({ path: join(lake, 'lake.duckdb'), readOnly: true });
      const note = summaryText(await rowOf(db, SUMMARY({ base: 'base.', mart: 'mart.' })));
      db.close();
      rmSync(lake, { recursive: true, force: true });
      return note;
    },
  });

const COLUMNS = {
  purchase: {
    id: 'varchar',
    timestamp: 'timestamp',
    customer_id: 'varchar',
    merchant_id: 'varchar',
    amount: 'decimal(12,2)',
  },
  refund: { id: 'varchar', timestamp: 'timestamp', parent_id: 'varchar', amount: 'decimal(12,2)' },
  void: { id: 'varchar', timestamp: 'timestamp', parent_id: 'varchar', amount: 'decimal(12,2)' },
} as const;

const filesOf = (kind: Kind, name: string): string[] =>
  readdirSync(join(rawOf('payments', kind, ROWS), name), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.csv'))
    .map((path) => join(rawOf('payments', kind, ROWS), name, path));

/**
 * With `provenance`, the script also keeps where each row came from, in the fastest way found: clean files are read one by
 * one, each with its record numbers. Dirty files lose nearly all their rows when read so with `ignore_errors`; they are
 * read together, and `_record` is a running number over all of them, the nearest to a record number that this can have.
 */
function script(kind: Kind, provenance: boolean): string[] {
  const files = (name: string) => `'${rawOf('payments', kind, ROWS)}/${name}/*/*.csv'`;
  const options = (columns: readonly string[]) =>
    `header = true, auto_detect = false, delim = ',', quote = '"', hive_partitioning = false, columns = {${columns.join(', ')}}`;
  const dedupe = (name: string, source: string, columns: readonly string[]) =>
    `create table ${name} as select * exclude (n) from (select *, row_number() over (partition by id order by ${columns
      .slice(1)
      .map((column) => `"${column}"`)
      .join(', ')}) as n from (${source})) where n = 1`;
  const tables = Object.entries(COLUMNS).map(([name, columns]) => {
    const names = Object.keys(columns);
    const list = names.map((column) => `"${column}"`).join(', ');
    if (kind === 'clean') {
      const types = options(Object.entries(columns).map(([column, type]) => `'${column}': '${type}'`));
      const read = (path: string, origin: string) => `select ${list}${origin} from read_csv('${path}', ${types})`;
      const parts = filesOf(kind, name).map((path) =>
        read(path, `, '${path}' as _raw_file, row_number() over () as _record`),
      );
      return dedupe(
        name,
        provenance ? parts.join(' union all ') : `select ${list} from read_csv(${files(name)}, ${types})`,
        names,
      );
    }
    const origin = provenance ? ', filename as _raw_file, row_number() over () as _record' : '';
    const texts = names.map((column) => `'${column}': 'varchar'`);
    const typed = Object.entries(columns).map(([column, type]) =>
      type === 'varchar' ? `"${column}"` : `try_cast("${column}" as ${type}) as "${column}"`,
    );
    const read = `read_csv(${files(name)}, ignore_errors = true, filename = ${provenance}, ${options(texts)})`;
    const good = 'id is not null and "timestamp" is not null and amount is not null';
    return dedupe(name, `select * from (select ${typed.join(', ')}${origin} from ${read}) where ${good}`, names);
  });
  return [
    ...tables,
    `create table refunds_by_customer as
     select p.customer_id, sum(r.amount) as total_refund from refund r join purchase p on p.id = r.parent_id
     where p.customer_id is not null and date_trunc('month', r."timestamp") <> date_trunc('month', p."timestamp")
       and not exists (select 1 from void v where v.parent_id = p.id)
     group by p.customer_id`,
  ];
}

const byHand = (kind: Kind, provenance: boolean) =>
  contender({
    prepare: () => {
      const path = join(DATA, `by-hand-${process.pid}.duckdb`);
      return async () => {
        const db = await DuckDb.open({ path, tempDirectory: join(DATA, 'temp') });
        for (const statement of script(kind, provenance)) await db.run(statement);
        db.close();
        return path;
      };
    },
    verify: async (path: string) => {
      const db = await DuckDb.open({ path, readOnly: true });
      const note = summaryText(await rowOf(db, SUMMARY({ base: '', mart: '' })));
      db.close();
      for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });
      return note;
    },
  });

const contenders: Record<string, Contender> = Object.fromEntries(
  (['clean', 'dirty'] as const).flatMap((kind) => [
    [`this project, ${kind}`, ours(kind)],
    [`by hand, ${kind}`, byHand(kind, true)],
    [`by hand without file and record, ${kind}`, byHand(kind, false)],
  ]),
);

if (process.send === undefined)
  for (const kind of ['clean', 'dirty'] as const) await makeSample('payments', kind, ROWS);
const measured = await measure(import.meta.filename, contenders, RUNS);
console.log(`payments, ${ROWS} purchases, dirty: 1 %; medians of ${RUNS} runs, each in its own process\n`);
console.log(
  table([
    ['', 's', 'peak MiB', ''],
    ...measured.map((each) => [each.label, each.seconds.toFixed(2), each.peakMiB.toFixed(0), String(each.note ?? '')]),
  ]),
);
const [clean, peer, bare, dirty, dirtyPeer, dirtyBare] = measured as [
  Measured,
  Measured,
  Measured,
  Measured,
  Measured,
  Measured,
];
if (clean.note !== peer.note || clean.note !== bare.note) throw new Error('on clean data all must agree');
const ratio = (ours: Measured, theirs: Measured) => Number((ours.seconds / theirs.seconds).toFixed(2));
const ratios = {
  clean: ratio(clean, peer),
  cleanWithoutProvenance: ratio(clean, bare),
  dirty: ratio(dirty, dirtyPeer),
  dirtyWithoutProvenance: ratio(dirty, dirtyBare),
};
console.log(
  `\ntimes the script's time: ${ratios.clean} clean, ${ratios.dirty} dirty; without file and record: ${ratios.cleanWithoutProvenance} clean, ${ratios.dirtyWithoutProvenance} dirty`,
);
console.log(JSON.stringify({ bench: 'payments', rows: ROWS, ratios, measured }));
