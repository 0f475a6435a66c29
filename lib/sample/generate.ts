import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HISTORY_DAYS, SAMPLE_LAST_DAY } from './calendar.ts';
import { sampleDatasets } from './datasets.ts';
import { copyPath, filePath, leftAlonePaths, stylesOf } from './layout.ts';
import { type Manifest, manifestText } from './manifest.ts';
import { clearOldSample, MANIFEST_NAME } from './old-sample.ts';
import type { SampleDataset } from './types.ts';
import { writeDataset } from './write-dataset.ts';

/** How far the writing of a sample has come. */
export interface SampleProgress {
  readonly dataset: string;
  readonly records: number;
  readonly of: number;
}

/** What `generateSample` may be told. */
export interface SampleOptions {
  /** The folder that becomes the raw zone; empty, absent, or an earlier sample, which is replaced. */
  readonly out: string;
  /** Purchases, at least 10; everything else scales with them. */
  readonly rows?: number;
  /** Another seed, other records: a whole number of 32 bits. */
  readonly seed?: number;
  /** Share of planted records per dataset, 0 to 1; at least one of each kind unless it is 0. */
  readonly dirt?: number;
  /** Days on which files arrive, 2 to 365. */
  readonly days?: number;
  /** Only CSV without quotes, compression and other habits: what benchmarks compare with. */
  readonly plain?: boolean;
  /** Only these datasets; references to the others stay. */
  readonly datasets?: readonly string[];
  readonly onProgress?: (progress: SampleProgress) => void;
}

/** An option of a sample that cannot be followed. */
export class SampleOptionError extends Error {
  readonly option: string;

  constructor(option: string, found: unknown, expected: string) {
    super(`sample: ${option} is ${String(found)}; it must be ${expected}`);
    this.name = 'SampleOptionError';
    this.option = option;
  }
}

/** Largest number of purchases: ids have nine digits. */
const MOST_ROWS = 500_000_000;

/** Writes raw files of every product. The same options give the same bytes, and the manifest says what a run must find. */
export async function generateSample(given: SampleOptions): Promise<Manifest> {
  const { out, rows = 2000, seed = 1, dirt = 0.01, days = 6, plain = false } = given;
  const whole = (option: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new SampleOptionError(option, value, `a whole number from ${least} to ${most}`);
  };
  whole('rows', rows, 10, MOST_ROWS);
  whole('seed', seed, 0, 0xffffffff);
  whole('days', days, 2, Math.floor(HISTORY_DAYS / 2));
  if (!(dirt >= 0 && dirt <= 1)) throw new SampleOptionError('dirt', dirt, 'a share from 0 to 1');

  const datasets = chosen(sampleDatasets(rows, seed, days), given.datasets);
  const manifest: Manifest = {
    format: 1,
    complete: false,
    options: { rows, seed, dirt, days, plain },
    last_day: SAMPLE_LAST_DAY,
    totals: {},
    checks: [],
    planted: {},
    files: [],
    left_alone: [],
    quarantined: {},
    refused: {},
  };
  await mkdir(out, { recursive: true });
  await clearOldSample(out);
  // The list of files comes first, so that an interrupted sample can be replaced.
  await writeFile(join(out, MANIFEST_NAME), manifestText(announced(manifest, datasets)));
  for (const dataset of datasets) {
    await writeDataset(dataset, {
      out,
      manifest,
      onRecords: (name, records, of) => given.onProgress?.({ dataset: name, records, of }),
    });
  }
  manifest.complete = true;
  await writeFile(join(out, MANIFEST_NAME), manifestText(manifest));
  return manifest;
}

function chosen(all: readonly SampleDataset[], names: readonly string[] | undefined): readonly SampleDataset[] {
  const known = all.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SampleOptionError('datasets', unknown, `some of ${known.join(', ')}`);
  return names === undefined ? all : all.filter(({ name }) => names.includes(name));
}

/** The manifest before the records: every path that may come to exist. */
function announced(manifest: Manifest, datasets: readonly SampleDataset[]): Manifest {
  const { plain } = manifest.options;
  const paths = datasets.flatMap((dataset) => {
    const styles = stylesOf(dataset, plain);
    return dataset.files.flatMap((slice, file) => {
      const style = styles[file] ?? { format: 'csv' };
      const own = [filePath(dataset.name, slice, style)];
      if (file > 0) return own;
      return [...own, copyPath(dataset.name, slice, style, plain), ...leftAlonePaths(dataset.name, slice)];
    });
  });
  return { ...manifest, left_alone: paths };
}
