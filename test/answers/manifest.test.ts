import { describe, expect, it } from 'vitest';
import { generateSample, type Manifest, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import { PLAN, withLake } from '../support/oracle-lake.ts';

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** The numbers of refused records by file, as the manifest plants them. */
const planted = (manifest: Manifest): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(manifest.quarantined).map(([path, kinds]) => [path, sorted(Object.values(kinds).flat())]),
  );

const SEEDS = [
  { rows: 600, seed: 1, dirt: 0.01, days: 6 },
  { rows: 600, seed: 2, dirt: 0.33, days: 6 },
  { rows: 1500, seed: 3, dirt: 0.1, days: 9 },
  { rows: 400, seed: 4, dirt: 0.25, days: 3 },
  { rows: 10, seed: 5, dirt: 0.33, days: 2 },
  { rows: 8000, seed: 6, dirt: 0.05, days: 4 },
  { rows: 500, seed: 7, dirt: 0.02, days: 5, plain: true },
  { rows: 500, seed: 8, dirt: 0, days: 6 },
  // Files of more than a megabyte: only those go through the engine's parallel reader, where it is proven.
  { rows: 60_000, seed: 9, dirt: 0.03, days: 2, plain: true },
  { rows: 60_000, seed: 10, dirt: 0.33, days: 2 },
] as const;

describe('a run finds exactly the dirt that was planted', () => {
  it.each(SEEDS)('$rows rows, seed $seed, dirt $dirt, $days days', async (options) => {
    await withLake(async (lake) => {
      const manifest = await generateSample({ out: lake.raw, ...options });
      const { result, notes } = await lake.run(SAMPLE_LAST_DAY);

      // Fates, by dataset: the sample has one for every table that is loaded.
      const tableOf = new Map(PLAN.sources.map(({ name, feeds }) => [name, feeds[0]] as const));
      expect(Object.keys(manifest.totals).sort()).toEqual([...tableOf.keys()].sort());
      for (const [dataset, totals] of Object.entries(manifest.totals)) {
        const { read, accepted, duplicate, superseded, quarantined } = totals;
        const table = result.tables.find((each) => each.name === tableOf.get(dataset));
        expect(table, dataset).toMatchObject({ read, accepted, duplicate, superseded, quarantined, rows: accepted });
      }

      // Files: which were loaded, how many records each has, and that nobody read the others.
      expect(result.files.map(({ path, dataset, rows, status }) => ({ path, dataset, rows, status }))).toEqual(
        manifest.files
          .map(({ path, dataset, records, status }) => ({
            path,
            dataset,
            rows: status === 'loaded' ? records : 0,
            status,
          }))
          .sort((a, b) => order(a.path, b.path, result.files)),
      );
      for (const path of manifest.left_alone.filter((each) => !each.includes('_temporary/')))
        expect(
          notes.some((note) => note.startsWith(`${path} is left alone`)),
          path,
        ).toBe(true);
      for (const { path, extra_columns: extra } of manifest.files.filter((file) => file.extra_columns.length > 0))
        if (manifest.files.some((file) => file.path === path && file.status === 'loaded'))
          expect(
            notes.some((note) => note.startsWith(`${path}: `) && note.endsWith(extra.join(', '))),
            path,
          ).toBe(true);

      // Every field that was refused by itself, by file and number.
      const [fields] = await lake.rows('select distinct file, record, field from ops.refused_field');
      expect(fields.map(({ file, record, field }) => `${file}#${record} ${field}`).sort()).toEqual(
        Object.entries(manifest.refused)
          .flatMap(([file, columns]) =>
            Object.entries(columns).flatMap(([field, records]) =>
              records.map((record) => `${file}#${record} ${field}`),
            ),
          )
          .sort(),
      );

      // Every refused record, by file and number; every loser is somebody's equal or better's.
      const [refused, lost] = await lake.rows(
        'select dataset, file, record, reasons from ops.quarantine order by file, record',
        'select dataset, fate, count(*) as n from ops.discard group by all order by all',
      );
      const files = [...new Set(refused.map(({ file }) => String(file)))];
      const recordsOf = (path: string) =>
        refused.filter(({ file }) => file === path).map(({ record }) => Number(record));
      expect(Object.fromEntries(files.map((path) => [path, recordsOf(path)]))).toEqual(planted(manifest));
      expect(refused.every((row) => Array.isArray(row.reasons) && row.reasons.length > 0)).toBe(true);
      const losers = Object.entries(manifest.totals).flatMap(([dataset, totals]) =>
        (['duplicate', 'superseded'] as const)
          .filter((fate) => totals[fate] > 0)
          .map((fate) => ({ dataset, fate, n: BigInt(totals[fate]) })),
      );
      expect(lost).toEqual(losers.sort((a, b) => (`${a.dataset}/${a.fate}` < `${b.dataset}/${b.fate}` ? -1 : 1)));

      // Checks on rows: exactly the planted findings.
      for (const { table, kind, column, failed } of manifest.checks) {
        const names = {
          between: [`at_least(${column})`, `between(${column})`],
          refers_to: [`refers_to(${column}, `],
          unique: ['unique('],
        }[kind];
        const mine = result.checks.filter(
          (each) => each.table === table && names.some((n) => each.check.startsWith(n)),
        );
        expect(
          mine.map((each) => each.failed),
          `${table} ${kind} ${column}`,
        ).toEqual([failed]);
        expect(mine[0]?.verdict).toBe(failed === 0 ? 'pass' : 'warn');
      }
      const judged = result.checks.filter((each) => /^(at_least|between|one_of|refers_to|unique)\(/.test(each.check));
      const loaded = [...tableOf.values()];
      expect(judged.filter((each) => loaded.includes(each.table)).length).toBe(manifest.checks.length);
    });
  });

  it('whatever the format: dirt is planted and found in CSV, JSON lines, JSON, XML, logs and Parquet, plain and compressed', async () => {
    await withLake(async (lake) => {
      const manifest = await generateSample({ out: lake.raw, rows: 700, seed: 9, dirt: 0.15 });
      await lake.run(SAMPLE_LAST_DAY);
      const [rows] = await lake.rows(
        "select distinct regexp_extract(file, '[.]([a-z.]+)$', 1) as ending from ops.quarantine order by 1",
      );
      const endings = [...new Set(manifest.files.map(({ path }) => path.slice(path.indexOf('.') + 1)))];
      expect(rows.map((row) => row.ending)).toEqual([
        'csv',
        'csv.gz',
        'json',
        'jsonl',
        'jsonl.gz',
        'log',
        'log.gz',
        'parquet',
        'xml',
        'xml.gz',
      ]);
      expect(endings.sort()).toEqual(rows.map((row) => row.ending));
    });
  });
});

/** The order of a run's files: by table, then by path. */
function order(a: string, b: string, files: readonly { readonly path: string }[]): number {
  return files.findIndex(({ path }) => path === a) - files.findIndex(({ path }) => path === b);
}
