import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndlessLineError, type MicroBatch, microBatches } from '../../lib/run/micro-batches.ts';

/** A source that gives chunks one by one, and then waits for ever when it is left open. */
async function* chunked(chunks: readonly Buffer[], open = false): AsyncGenerator<Buffer> {
  yield* chunks;
  if (open) await new Promise(() => undefined);
}

async function collect(
  source: AsyncIterable<Buffer>,
  records: number,
  waitMs = 60_000,
  stop = new AbortController().signal,
): Promise<MicroBatch[]> {
  const batches: MicroBatch[] = [];
  for await (const batch of microBatches(source, { records, waitMs }, stop)) batches.push(batch);
  return batches;
}

const texts = (batches: readonly MicroBatch[]) => batches.map(({ bytes }) => bytes.toString());

describe('micro-batches', () => {
  it.each<[string, string[], number, string[]]>([
    ['hold so many lines', ['a\nb\nc\nd\ne\n'], 2, ['a\nb\n', 'c\nd\n', 'e\n']],
    ['do not care how bytes arrive', ['a', '\nb\nc', '\n', 'd\ne\n'], 2, ['a\nb\n', 'c\nd\n', 'e\n']],
    ['end the last line that has no end', ['a\nb'], 9, ['a\nb\n']],
    ['do not count blank lines, and keep them', ['\na\n \r\nb\n'], 2, ['\na\n \r\nb\n']],
    ['are none of nothing', [''], 2, []],
    ['are none of blank lines', ['\n\n \n'], 1, []],
    ['keep a CR', ['a\r\nb\r\n'], 1, ['a\r\n', 'b\r\n']],
  ])('%s', async (_says, chunks, size, expected) => {
    expect(texts(await collect(chunked(chunks.map((each) => Buffer.from(each))), size))).toEqual(expected);
  });

  it('are cut after a while when nothing more comes', async () => {
    const batches = microBatches(
      chunked([Buffer.from('a\nb\n{"half')], true),
      { records: 9, waitMs: 1 },
      new AbortController().signal,
    );
    expect((await batches.next()).value?.bytes.toString()).toBe('a\nb\n');
  });

  it('end with the complete lines when they are stopped', async () => {
    const stop = new AbortController();
    const source = (async function* () {
      yield Buffer.from('a\nb\n{"half');
      stop.abort();
      await new Promise(() => undefined);
    })();
    expect(texts(await collect(source, 9, 60_000, stop.signal))).toEqual(['a\nb\n']);
  });

  it('refuse a line that never ends', async () => {
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(64 << 20, 'x');
    })();
    await expect(collect(endless, 1)).rejects.toThrow(EndlessLineError);
  });

  it('lose no byte, whatever the chunks and the size', async () => {
    const line = fc.constantFrom('', ' ', 'a', '{"é":1}', 'x\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.boolean(),
        fc.array(fc.nat(40)),
        fc.integer({ min: 1, max: 5 }),
        async (lines, ends, cuts, size) => {
          const bytes = Buffer.from(lines.join('\n') + (ends ? '\n' : ''));
          const bounds = [0, ...cuts.sort((a, b) => a - b), bytes.length];
          const batches = await collect(
            chunked(bounds.slice(1).map((end, at) => bytes.subarray(bounds[at], end))),
            size,
          );
          const isRecord = (each: string) => each.trim() !== '';
          expect(texts(batches).join('').split('\n').filter(isRecord)).toEqual(lines.filter(isRecord));
          expect(batches.slice(0, -1).every(({ records }) => records === size)).toBe(true);
          for (const { bytes: some, records } of batches)
            expect(some.toString().split('\n').filter(isRecord)).toHaveLength(records);
        },
      ),
    );
  });
});
