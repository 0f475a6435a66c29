import { isBlank } from '../ingest/index.ts';

/** Some lines of a stream, whole and in order. */
export interface MicroBatch {
  readonly bytes: Buffer;
  /** Lines that are not blank. */
  readonly records: number;
  /** When its first byte was read, as `performance.now()`. */
  readonly since: number;
}

/** When a batch is cut: at so many records, or when its first has waited so long. */
export interface BatchLimits {
  readonly records: number;
  readonly waitMs: number;
}

/** A line without end: whatever it is, it is no JSON lines. */
export class EndlessLineError extends Error {
  constructor(bytes: number) {
    super(`the stream gave ${bytes} bytes without a line end; expected JSON lines, one object a line`);
    this.name = 'EndlessLineError';
  }
}

const LF = 0x0a;
/** Twice the longest record that is read. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024;
type Arrival = IteratorResult<Buffer> | 'waited' | 'stopped';

/**
 * Cuts a stream of bytes into micro-batches of whole lines. The source is not read ahead of the batches by more than one
 * chunk, so a slow consumer slows the producer down. When `stop` is aborted, the lines that are complete are the last batch;
 * a line that the producer had begun is left out.
 */
export async function* microBatches(
  source: AsyncIterable<Buffer>,
  limits: BatchLimits,
  stop: AbortSignal,
): AsyncGenerator<MicroBatch> {
  const chunks = source[Symbol.asyncIterator]();
  const stopped = new Promise<'stopped'>((resolve) => {
    if (stop.aborted) resolve('stopped');
    stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  const gathered = new Gathered();
  let next = chunks.next();
  for (;;) {
    yield* gathered.full(limits.records);
    const arrival: Arrival = await first(next, stopped, gathered.waitsFor(limits.waitMs));
    if (arrival === 'stopped' || arrival === 'waited') {
      yield* gathered.lines();
      if (arrival === 'stopped') return;
    } else if (arrival.done === true) {
      gathered.end();
      yield* gathered.full(limits.records);
      return yield* gathered.lines();
    } else {
      gathered.add(arrival.value);
      next = chunks.next();
    }
  }
}

async function first(next: Promise<Arrival>, stopped: Promise<Arrival>, waitMs: number | null): Promise<Arrival> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'waited'>((resolve) => {
    if (waitMs !== null) timer = setTimeout(resolve, waitMs, 'waited');
  });
  try {
    return await Promise.race([stopped, next, waited]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes that were read and not yet handed on. */
class Gathered {
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the next line begins that was not looked at. */
  #scanned = 0;
  #records = 0;
  #since = 0;

  add(chunk: Buffer): void {
    if (this.#bytes.length === 0) this.#since = performance.now();
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#bytes.length - this.#scanned > MAX_PENDING_BYTES && this.#bytes.indexOf(LF, this.#scanned) < 0)
      throw new EndlessLineError(this.#bytes.length - this.#scanned);
  }

  /** The last line needs no end. */
  end(): void {
    if (this.#bytes.length > 0 && this.#bytes.at(-1) !== LF) this.add(Buffer.of(LF));
  }

  /** Milliseconds until the oldest complete line has waited long enough; null when there is none. */
  waitsFor(waitMs: number): number | null {
    return this.#records === 0 ? null : Math.max(0, waitMs - (performance.now() - this.#since));
  }

  /** Every batch that is full. */
  *full(size: number): Generator<MicroBatch> {
    for (let end = this.#bytes.indexOf(LF, this.#scanned); end >= 0; end = this.#bytes.indexOf(LF, this.#scanned)) {
      if (!isBlank(this.#bytes, this.#scanned, end)) this.#records += 1;
      this.#scanned = end + 1;
      if (this.#records >= size) yield this.#take();
    }
  }

  /** The complete lines that are left. */
  *lines(): Generator<MicroBatch> {
    if (this.#records > 0) yield this.#take();
  }

  #take(): MicroBatch {
    const batch = { bytes: this.#bytes.subarray(0, this.#scanned), records: this.#records, since: this.#since };
    this.#bytes = this.#bytes.subarray(this.#scanned);
    this.#scanned = 0;
    this.#records = 0;
    this.#since = performance.now();
    return batch;
  }
}
