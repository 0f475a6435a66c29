import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { runProgram } from '../../lib/tools/run-program.ts';

const SCRIPT = new URL('../../glue-scripts/training/split_by_time.py', import.meta.url).pathname;
const PARTS = ['train', 'validation', 'test'] as const;
const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');

interface Point {
  readonly hour: number;
  readonly label: number;
  readonly input: string;
}

let folder = '';
let python = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakehouse-split-'));
  ({ python } = await pythonEnvironment('training'));
});

const timeOf = ({ hour }: Point) => START + hour * 3_600_000;

/** Splits points, as the spelling of some engine has them, and reads what became of them. */
async function split(points: readonly Point[], gapDays: number, spelling: 'athena' | 'duckdb' = 'athena') {
  const lines = points.map((point) => {
    const iso = new Date(timeOf(point)).toISOString();
    const time = spelling === 'athena' ? iso.replace('T', ' ').replace('Z', '000') : iso.slice(0, 19).replace('T', ' ');
    return `${time},${point.label},${point.input}`;
  });
  const set = join(folder, 'set.csv');
  writeFileSync(set, `${['event_time', 'y', 'x'].join()}\n${lines.join('\n')}\n`);
  const out = join(folder, 'out');
  const options = { 'training-set': set, out, time: 'event_time', label: 'y', 'label-after-days': gapDays };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, stderr } = await runProgram(python, [SCRIPT, ...args]);
  if (code !== 0) throw new Error(stderr);
  const read = (part: string) => readFileSync(join(out, part, `${part}.csv`), 'utf8');
  return {
    files: PARTS.map(read),
    facts: JSON.parse(readFileSync(join(out, 'test', 'split.json'), 'utf8')) as Record<
      (typeof PARTS)[number],
      { readonly rows: number; readonly from: string; readonly to: string }
    > & { readonly inputs: readonly string[] },
  };
}

/** Points of most of a year, about one in three days, some at the very moment of another. */
const points: fc.Arbitrary<Point[]> = fc
  .array(
    fc.record({
      later: fc.integer({ min: 0, max: 72 }),
      label: fc.constantFrom(0, 1),
      input: fc.constantFrom('', '1', '2.50', '-3'),
      again: fc.boolean(),
    }),
    { minLength: 60, maxLength: 120 },
  )
  .map((drawn) =>
    drawn.flatMap(({ later, label, input, again }, index) => {
      const hour = index * 72 + later;
      return [{ hour, label, input }, ...(again ? [{ hour, label: 1 - label, input: '7' }] : [])];
    }),
  );

describe('a training set that is split by time', () => {
  it('judges by the newest points, teaches by those whose label was known before, and has the same files for any order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(points, fc.integer({ min: 0, max: 60 }), async (drawn, gap) => {
        const { files, facts } = await split(drawn, gap);
        const again = await split([...drawn].reverse(), gap, 'duckdb');
        expect(again).toEqual({ files, facts });

        // By hand: the test part is every point from some moment on; what taught lies a gap before it.
        const lineOf = ({ label, input }: Point) => `${label},${input}`;
        const moment = Date.parse(`${facts.test.from.replace(' ', 'T')}Z`);
        const judges = drawn.filter((each) => timeOf(each) >= moment);
        const teachers = drawn.filter((each) => timeOf(each) <= moment - gap * DAY && timeOf(each) < moment);
        const [train = '', validation = '', test = ''] = files;
        const lines = (text: string) => text.split('\n').filter(Boolean).sort();
        expect(lines(test)).toEqual(judges.map(lineOf).sort());
        expect(lines(train + validation)).toEqual(teachers.map(lineOf).sort());
        expect(facts.train.to < facts.validation.from).toBe(true);
        expect(PARTS.map((part) => facts[part].rows)).toEqual(files.map((file) => lines(file).length));
        expect(judges.length).toBeGreaterThanOrEqual(Math.round(drawn.length * 0.2));
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('has the label first, no header, nothing where there is nothing, and says what the inputs are', async () => {
    const points = Array.from({ length: 50 }, (_, hour) => ({ hour, label: hour % 2, input: hour % 3 ? '1.5' : '' }));
    const { files, facts } = await split(points, 0);
    expect(files[0]?.split('\n').slice(0, 3)).toEqual(['0,', '1,1.5', '0,1.5']);
    expect(facts.inputs).toEqual(['x']);
  });

  it.each([
    ['of one moment only', Array.from({ length: 9 }, () => 5), 0, /no test part, since 9 points/],
    ['all younger than a label takes to be known', [1, 2, 3, 4, 5], 30, /no validation part, since 0 points/],
  ])('is refused when its points are %s', async (_, hours, gap, message) => {
    const points = hours.map((hour) => ({ hour, label: 1, input: '1' }));
    await expect(split(points, gap)).rejects.toThrow(message);
  });
});
