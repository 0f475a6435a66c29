import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Edge } from '../dag/index.ts';
import { RefusedFile, readCsv } from '../ingest/index.ts';
import { CommandFailedError } from './errors.ts';

/** A graph as a file has it. */
export interface EdgeFile {
  /** Numbers when every name is a canonical whole number, so that 10 comes after 9; else texts. */
  readonly edges: readonly Edge<string>[] | readonly Edge<number>[];
  /** Columns that stand in the file and mean nothing here. */
  readonly ignored: readonly string[];
}

const COLUMNS = ['from', 'to', 'weight'] as const;
const WEIGHT = /^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$/;
const WHOLE = /^(0|-?[1-9][0-9]*)$/;

/** Whether a name is a whole number as a number would print it: `7`, not `07` or `7.0`. */
export const isWhole = (name: string): boolean => WHOLE.test(name) && Number.isSafeInteger(Number(name));

/**
 * Reads edges from CSV (RFC 4180) with the header `from,to,weight`, in any order.
 * @throws CommandFailedError naming file and line, what was found and what was expected.
 */
export async function readEdges(path: string): Promise<EdgeFile> {
  const edges: Edge<string>[] = [];
  let places: readonly number[] = [];
  let ignored: readonly string[] = [];
  const refuse = (record: number, found: string) => {
    return new CommandFailedError(`${path} line ${lineOf(path, record)}: ${found}`);
  };
  const sink = {
    record(number: number, values: (string | null)[]) {
      const [from, to, weight] = places.map((place) => values[place] ?? '');
      if (!from || !to) throw refuse(number, `found no ${from ? 'to' : 'from'}, expected the name of a vertex`);
      if (!WEIGHT.test(weight ?? '') || !Number.isFinite(Number(weight)))
        throw refuse(number, `found weight ${JSON.stringify(weight)}, expected a number such as 2 or -0.5`);
      edges.push({ from, to, weight: Number(weight) });
    },
    fault(number: number, code: string, detail: string) {
      throw refuse(number, `found a line that is no CSV (${code}: ${detail}), expected ${COLUMNS.join(',')}`);
    },
  };
  const checkHeader = (header: readonly string[]) => {
    const missing = COLUMNS.filter((column) => !header.includes(column));
    if (missing.length > 0)
      throw new CommandFailedError(
        `${path} line 1: found the header ${header.join(',')}, expected ${COLUMNS.join(',')} (in any order); missing: ${missing.join(', ')}`,
      );
    places = COLUMNS.map((column) => header.indexOf(column));
    ignored = header.filter((column) => !COLUMNS.some((each) => each === column));
  };
  try {
    // Everything through the splitter: what an engine reads faster is of no use here.
    await readCsv(path, { scratchDir: tmpdir(), splitterBelow: Number.POSITIVE_INFINITY, checkHeader }, sink);
  } catch (error) {
    if (error instanceof RefusedFile) throw new CommandFailedError(`${path}: ${error.detail}`, error);
    throw error;
  }
  const whole = edges.every(({ from, to }) => isWhole(from) && isWhole(to));
  const numbers = () => edges.map(({ from, to, weight }) => ({ from: Number(from), to: Number(to), weight }));
  return { edges: whole ? numbers() : edges, ignored };
}

/** The line on which a record begins; only asked for an error, so the file is read again. All records before it are whole. */
function lineOf(path: string, record: number): number {
  let records = -1;
  let quoted = false;
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const begins = !quoted && line !== '' && line !== '\r' && line !== '\uFEFF';
    if (begins) records += 1;
    if (begins && records === record) return index + 1;
    if ((line.split('"').length - 1) % 2 === 1) quoted = !quoted;
  }
  return record + 1;
}
