import { HISTORY_DAYS, startOf } from './calendar.ts';
import type { Draws } from './random.ts';
import type { Slice } from './types.ts';

/** Every so many-eth record of the last file happens on the last day of the sample, so that its daily check has work. */
export const TODAY_EVERY = 20;
/** Which of them: records at such offsets are also the patterns of dirty records (see `planter.ts`). */
export const TODAY_OFFSET = 1;

/** The days of the sample on which files arrive, evenly spread, ending on the last. */
export const arrivalDays = (days: number): readonly number[] =>
  Array.from({ length: days }, (_, k) => Math.round((HISTORY_DAYS * (k + 1)) / days) - 1);

/**
 * Shares `count` records among files: `facts` over all arrival days, what happened between two arrivals in the later one;
 * dimensions over at most `most` files, the first of them on the first day. At least eight records a file.
 */
export function slices(count: number, arrivals: readonly number[], most: number = arrivals.length): readonly Slice[] {
  const files = Math.max(1, Math.min(arrivals.length, most, Math.floor(count / 8)));
  const facts = most >= arrivals.length;
  const arrival = (file: number): number => {
    const last = arrivals.length - 1;
    const place = facts
      ? Math.round(((file + 1) * arrivals.length) / files) - 1
      : Math.round((file * last) / Math.max(1, files - 1));
    return arrivals[place] ?? HISTORY_DAYS - 1;
  };
  return Array.from({ length: files }, (_, file) => ({
    start: Math.floor((count * file) / files),
    end: Math.floor((count * (file + 1)) / files),
    from: file === 0 ? 0 : arrival(file - 1) + 1,
    arrival: arrival(file),
  }));
}

/** When the records of a dataset happen: in order within each file, but for those that happen on the last day. */
export class Timeline {
  readonly files: readonly Slice[];
  readonly count: number;

  constructor(files: readonly Slice[]) {
    this.files = files;
    this.count = files.at(-1)?.end ?? 0;
  }

  /** The number of the file that carries a record. */
  fileOf(index: number): number {
    let file = Math.floor((index * this.files.length) / this.count);
    while (index < this.slice(file).start) file--;
    while (index >= this.slice(file).end) file++;
    return file;
  }

  /** The part of the history that a file carries. */
  slice(file: number): Slice {
    const slice = this.files[file];
    if (slice === undefined) throw new RangeError(`file ${file} of ${this.files.length}`);
    return slice;
  }

  /** The second at which a record happens; one draw decides within its place. */
  second(index: number, draws: Draws): number {
    const file = this.fileOf(index);
    const { start, end, from, arrival } = this.slice(file);
    const offset = index - start;
    const unit = draws.unit();
    if (file === this.files.length - 1 && offset % TODAY_EVERY === TODAY_OFFSET) {
      return startOf(HISTORY_DAYS - 1) + Math.floor(unit * 72_000);
    }
    const begin = startOf(from);
    return Math.floor(begin + ((offset + unit) / (end - start)) * (startOf(arrival + 1) - begin));
  }

  /** A record that happens about then: the inverse of `second`, to within a place. */
  near(second: number): number {
    const wanted = Math.max(0, second);
    const file = this.files.findIndex((slice) => wanted < startOf(slice.arrival + 1));
    const { start, end, from, arrival } = this.slice(file < 0 ? this.files.length - 1 : file);
    const begin = startOf(from);
    const share = (wanted - begin) / (startOf(arrival + 1) - begin);
    return Math.min(end - 1, start + Math.floor(share * (end - start)));
  }
}
