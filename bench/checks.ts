/** Row checks of a table against a bare scan of the same columns by the same engine; key and reference checks apart. */
import { DuckDb } from '../lib/engines/index.ts';
import { lineageOf } from '../lib/plan/index.ts';
import { NO_CONTESTS } from '../lib/run/contests.ts';
import { measureChecks } from '../lib/run/measuring.ts';
import { builtPlan } from './built-plan.ts';
import { table as aligned, median } from './measure.ts';

const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
const ROUNDS = 15;

const plan = builtPlan();
const refund = plan.tables.find((each) => each.name === 'base.refund');
if (!refund) throw new Error('the plan has no base.refund');

const db = await DuckDb.open();
await db.run('create schema base');
await db.run(
  `create table base.purchase as select 'p' || i as id, timestamp '2025-01-01' + interval (i % 20000000) second as "timestamp", 'c' || (i % 500000) as customer_id,
     'm' || (i % 300) as merchant_id, cast(i % 100000 as decimal(12, 2)) as amount, 'f' as _raw_file, i as _record from range(${ROWS}) as t(i)`,
);
await db.run(
  `create table base.refund as select 'r' || i as id, timestamp '2025-01-01' + interval (i % 20000000) second as "timestamp", 'p' || i as parent_id,
     cast(i % 100000 as decimal(12, 2)) as amount, 'f' as _raw_file, i as _record from range(${ROWS}) as t(i)`,
);

const context = {
  db,
  asOf: '2025-08-20',
  lineage: lineageOf(plan),
  instead: new Map<string, string>(),
  contests: NO_CONTESTS,
};
const scans = refund.checks.filter((check) => check.measure.kind === 'scan');
const references = refund.checks.filter((check) => check.measure.kind === 'query');
const works: Record<string, () => Promise<unknown>> = {
  'row checks, one scan': () => measureChecks(context, refund, scans),
  // Aggregates that must look at every value of the same two columns: no statistics answer them.
  'bare scan of the same columns': () =>
    db.query(`select count(*), sum(amount), max(cast("timestamp" as date)) from base.refund`),
  'reference check': () => measureChecks(context, refund, references),
  'key check (grouping of the key)': () =>
    db.query('select count(*) from (select id from base.refund group by id having count(*) > 1)'),
};

const seconds = new Map<string, number[]>(Object.keys(works).map((label) => [label, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [label, work] of Object.entries(works)) {
    if (round > 2 && (label.startsWith('reference') || label.startsWith('key'))) continue;
    const start = performance.now();
    await work();
    seconds.get(label)?.push((performance.now() - start) / 1000);
  }
}
const middle = (label: string) => median(seconds.get(label) ?? []);
const ratio = middle('row checks, one scan') / middle('bare scan of the same columns');
console.log(
  `checks of a table of ${ROWS} rows (${scans.map((check) => check.name).join(', ')}); medians of ${ROUNDS} rounds, 3 for keys and references\n`,
);
console.log(aligned([['', 'ms'], ...Object.keys(works).map((label) => [label, (middle(label) * 1000).toFixed(1)])]));
console.log(
  `\nrow checks take ${ratio.toFixed(2)} times the bare scan; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
);
console.log(
  JSON.stringify({
    bench: 'checks',
    rows: ROWS,
    ratio,
    milliseconds: Object.fromEntries(Object.keys(works).map((label) => [label, middle(label) * 1000])),
  }),
);
