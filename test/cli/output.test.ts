import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../lib/cli/environment.ts';
import { type Format, Output } from '../../lib/cli/output.ts';
import type { Row } from '../../lib/engines/index.ts';

/** A reader that takes one piece at a time, when it is told to. */
class SlowReader extends Writable {
  text = '';
  #next: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.#next = done;
  }

  take(): void {
    const next = this.#next;
    this.#next = null;
    next?.();
  }
}

const outputTo = (stdout: Writable, format: Format): Output => {
  const environment = { stdout, stderr: stdout, variables: {} } as unknown as Environment;
  return new Output(environment, { format });
};

const BATCHES: readonly (readonly Row[])[] = [
  [
    { a: 1n, b: 'x,y' },
    { a: 2n, b: null },
  ],
  [],
  [{ a: 3n, b: '"' }],
];

async function* counted(batches: readonly (readonly Row[])[], asked: { batches: number }) {
  for (const batch of batches) {
    asked.batches += 1;
    yield batch;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a streamed result', () => {
  it.each(['json', 'ndjson', 'csv'] as const)('as %s is what the whole would be', async (format) => {
    for (const batches of [BATCHES, []]) {
      const [streamed, whole] = [new SlowReader(), new SlowReader()];
      const pump = setInterval(() => [streamed, whole].map((reader) => reader.take()), 0);
      await outputTo(streamed, format).stream(['a', 'b'], counted(batches, { batches: 0 }));
      outputTo(whole, format).rows({ columns: ['a', 'b'], rows: batches.flat() });
      for (const reader of [streamed, whole]) await new Promise<void>((resolve) => reader.end(resolve));
      clearInterval(pump);
      expect(streamed.text).toBe(whole.text);
      if (format === 'json') expect(JSON.parse(whole.text)).toHaveLength(batches.flat().length);
    }
  });

  it('is not read on while nobody takes what was read', async () => {
    const reader = new SlowReader();
    const asked = { batches: 0 };
    const many = Array.from({ length: 50 }, (_, at): readonly Row[] => [{ a: BigInt(at), b: null }]);
    const done = outputTo(reader, 'ndjson').stream(['a', 'b'], counted(many, asked));
    for (let taken = 0; taken < 50; taken++) {
      for (let turn = 0; turn < 5; turn++) await settle();
      expect(asked.batches).toBeLessThanOrEqual(taken + 1);
      reader.take();
    }
    await done;
    expect(asked.batches).toBe(50);
  });

  it('is read no further once its reader has left, while it waits for it or not', async () => {
    const many = Array.from({ length: 50 }, (_, at): readonly Row[] => [{ a: BigInt(at), b: null }]);
    for (const turns of [0, 5]) {
      const reader = new SlowReader();
      const asked = { batches: 0 };
      const done = outputTo(reader, 'ndjson').stream(['a', 'b'], counted(many, asked));
      for (let turn = 0; turn < turns; turn++) await settle();
      reader.on('error', () => undefined);
      reader.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      await done;
      expect(asked.batches).toBe(1);
    }
  });

  it('as a table shows the first thousand rows and says how many there are', async () => {
    const reader = new SlowReader();
    const pump = setInterval(() => reader.take(), 0);
    const rows = Array.from({ length: 3 }, () => Array.from({ length: 600 }, (): Row => ({ a: 7n })));
    await outputTo(reader, 'table').stream(['a'], counted(rows, { batches: 0 }));
    await new Promise<void>((resolve) => reader.end(resolve));
    clearInterval(pump);
    expect(reader.text.match(/7\n/g)).toHaveLength(1000);
    expect(reader.text).toContain('the first 1000 of 1800 rows');
  });
});
