import { createReadStream } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileSink } from './file-sink.ts';
import { copyPath, filePath, leftAlonePaths, stylesOf } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { planDirt } from './plan-dirt.ts';
import { Planter } from './planter.ts';
import { Tally } from './tally.ts';
import { openFile } from './text-file.ts';
import type { SampleDataset } from './types.ts';
import { writeRecords } from './write-records.ts';

/** Where a sample goes, and what is noted on the way. */
interface Target {
  readonly out: string;
  readonly manifest: Manifest;
  /** Called now and then with the clean records of a dataset that were written. */
  readonly onRecords: (dataset: string, records: number, of: number) => void;
}

/** Writes all files of one dataset, and what belongs beside them. */
export async function writeDataset(dataset: SampleDataset, target: Target): Promise<void> {
  const { out, manifest } = target;
  const { dirt, plain } = manifest.options;
  const styles = stylesOf(dataset, plain);
  const plan = planDirt(dataset, styles, dirt);
  const planter = new Planter(dataset, styles);
  const tally = new Tally(manifest, dataset);
  for (const [file, slice] of dataset.files.entries()) {
    const style = styles[file] ?? { format: 'csv' };
    const path = filePath(dataset.name, slice, style);
    await mkdir(dirname(join(out, path)), { recursive: true });
    const into = openFile(join(out, path), dataset, style, path);
    const records = await writeRecords({
      dataset,
      file,
      slice,
      path,
      style,
      portions: plan[file] ?? [],
      planter,
      into,
      tally,
      seed: manifest.options.seed,
      onRecords: target.onRecords,
    });
    tally.totals.files_loaded++;
    tally.totals.read += records;
    manifest.files.push({
      path,
      dataset: dataset.name,
      records,
      status: 'loaded',
      extra_columns: style.note ? ['note'] : [],
    });
  }
  if (dirt > 0) {
    if (dataset.key !== null) await copyFirst(dataset, tally, target);
    await leaveAlone(dataset, planter, tally, target);
  }
}

/** The first file again under another name: nothing of it may be loaded. */
async function copyFirst(dataset: SampleDataset, tally: Tally, { out, manifest }: Target): Promise<void> {
  const [slice] = dataset.files;
  const [style] = stylesOf(dataset, manifest.options.plain);
  if (slice === undefined || style === undefined) return;
  const first = filePath(dataset.name, slice, style);
  const path = copyPath(dataset.name, slice, style, manifest.options.plain);
  if (path.endsWith('.gz') && !first.endsWith('.gz')) {
    const sink = new FileSink(join(out, path), true);
    for await (const chunk of createReadStream(join(out, first))) await sink.write(Buffer.from(chunk));
    await sink.close();
  } else {
    await copyFile(join(out, first), join(out, path));
  }
  const original = manifest.files.find((file) => file.path === first);
  manifest.files.push({
    path,
    dataset: dataset.name,
    records: original?.records ?? 0,
    status: 'duplicate',
    extra_columns: original?.extra_columns ?? [],
  });
  tally.totals.files_duplicate++;
}

/** Files that would load if anyone read them. */
async function leaveAlone(
  dataset: SampleDataset,
  planter: Planter,
  tally: Tally,
  { out, manifest }: Target,
): Promise<void> {
  const [slice] = dataset.files;
  if (slice === undefined) return;
  for (const path of leftAlonePaths(dataset.name, slice)) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    if (path.endsWith('_SUCCESS')) {
      await writeFile(join(out, path), '');
    } else {
      const file = openFile(join(out, path), dataset, { format: 'csv' }, path);
      for (let record = 0; record < 3; record++) file.plant(planter.pattern(0), null);
      await file.close();
    }
    manifest.left_alone.push(path);
    tally.totals.files_left_alone++;
  }
}
