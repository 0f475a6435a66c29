import { inTurns, type Planting, type Portion } from './plan-dirt.ts';
import type { Planter } from './planter.ts';
import { Draws } from './random.ts';
import type { Tally } from './tally.ts';
import type { SampleFile } from './text-format.ts';
import type { Cells, FileStyle, SampleDataset, Slice } from './types.ts';

/** One file to be written. */
interface FileJob {
  readonly dataset: SampleDataset;
  readonly file: number;
  readonly slice: Slice;
  readonly path: string;
  readonly style: FileStyle;
  readonly portions: readonly Portion[];
  readonly planter: Planter;
  readonly into: SampleFile;
  readonly tally: Tally;
  readonly seed: number;
  readonly onRecords: (dataset: string, records: number, of: number) => void;
}

/** Where plantings go: before which clean record, evenly spread, each moved a little. */
function* slots(count: number, length: number, draws: Draws): Generator<number> {
  for (let slot = 0; slot < count; slot++) {
    yield Math.floor(((slot + draws.at(slot).unit()) * length) / count);
  }
}

/** Writes the records of one file, clean and planted, closes it, and says how many there are. */
export async function writeRecords(job: FileJob): Promise<number> {
  const { dataset, file, slice, path, style, portions, planter, into, tally, onRecords } = job;
  const { totals } = tally;
  const cells: Cells = dataset.columns.map(() => null);
  const nth = new Map<string, number>();
  let records = 0;

  const plant = (planting: Planting): void => {
    const before = nth.get(planting.name) ?? 0;
    nth.set(planting.name, before + 1);
    const spoil = planter.plant(planting, file, before, into);
    const column = spoil !== null && 'column' in spoil ? dataset.columns[spoil.column]?.name : undefined;
    tally.plant(planting, path, ++records, column);
  };
  const last = portions.find(({ planting }) => planting.name === 'open_quote');
  const among = portions.reduce((sum, { count }) => sum + count, 0) - (last?.count ?? 0);
  const length = slice.end - slice.start;
  const places = slots(among, length, new Draws(job.seed, 100 + file));
  const plantings = inTurns(portions);

  let place = places.next();
  for (let offset = 0; offset < length; offset++) {
    while (!place.done && place.value === offset) {
      const next = plantings.next();
      if (!next.done) plant(next.value);
      place = places.next();
    }
    dataset.fill(slice.start + offset, cells, style.quotes ?? false);
    into.add(cells, records++);
    if (into.full) {
      await into.flush();
      onRecords(dataset.name, slice.start + offset + 1, dataset.count);
    }
  }
  totals.accepted += length;
  for (const again of dataset.redeliver?.(file, cells) ?? []) {
    into.add(again, records++);
    totals.superseded++;
    if (into.full) await into.flush();
  }
  if (last) plant(last.planting);
  await into.close();
  onRecords(dataset.name, slice.end, dataset.count);
  return records;
}
