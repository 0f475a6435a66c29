import { closeLake, type Lake, openLake } from './lake.ts';
import type { MicroBatch } from './micro-batches.ts';

/** How long somebody who waits for the lake may have to wait, and how long the lake is then left to them. */
const HOLD_MS = 2000;
const BREATHE_MS = 120;
/** How long a stream waits for another's run or query. */
const PATIENCE_MS = 60_000;

/** The lake of a stream: open while it is needed, and left to others in between. */
export class SharedLake {
  readonly #folder: string;
  #open: Lake | null = null;
  #since = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<Lake> {
    if (this.#open === null) {
      this.#open = await openLake(this.#folder, PATIENCE_MS);
      this.#since = performance.now();
    }
    return this.#open;
  }

  close(): void {
    if (this.#open !== null) closeLake(this.#open);
    this.#open = null;
  }

  /** The same batches; the lake is closed while the next one is not there yet, and now and then when it always is. */
  async *idleAware(batches: AsyncIterable<MicroBatch>): AsyncGenerator<MicroBatch> {
    const iterator = batches[Symbol.asyncIterator]();
    for (;;) {
      const next = iterator.next();
      const idle = setTimeout(() => this.close(), BREATHE_MS);
      const { done, value } = await next.finally(() => clearTimeout(idle));
      if (done === true) return;
      if (this.#open !== null && performance.now() - this.#since > HOLD_MS) {
        this.close();
        await new Promise((resolve) => setTimeout(resolve, BREATHE_MS));
      }
      yield value;
    }
  }
}
