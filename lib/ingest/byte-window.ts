import { type FileHandle, open } from 'node:fs/promises';

/** How many bytes one read asks for. */
export const CHUNK_BYTES = 1024 * 1024;

/** A pending record doubles what is read for it, up to steps of this many bytes. */
const MAX_STEP = 16 * 1024 * 1024;

/**
 * A view that slides over a file: `bytes[start, end)` is read and not yet consumed. It grows while one record needs
 * more, by doubling, so that moving and trying again stay linear in the size of the file.
 */
export class ByteWindow {
  bytes: Buffer;
  start = 0;
  end = 0;
  /** Offset in the file of `bytes[0]`. */
  base = 0;
  /** The end of the file stands at `end`. */
  done = false;
  readonly #handle: FileHandle;
  readonly #chunk: number;

  private constructor(handle: FileHandle, chunk: number) {
    this.#handle = handle;
    this.#chunk = chunk;
    this.bytes = Buffer.allocUnsafe(2 * chunk + 1);
  }

  static async open(path: string, chunk: number = CHUNK_BYTES): Promise<ByteWindow> {
    return new ByteWindow(await open(path, 'r'), chunk);
  }

  /** Offset in the file of the first byte that is not consumed. */
  get offset(): number {
    return this.base + this.start;
  }

  /** Reads on. What is in `bytes` may move: look `start`, `end` and `bytes` up again. */
  async more(): Promise<void> {
    const pending = this.end - this.start;
    const wanted = Math.max(this.#chunk, Math.min(pending, MAX_STEP));
    // One byte is kept free behind `end`: a missing last line feed is put there.
    if (this.bytes.length - this.end < wanted + 1) this.#makeRoom(pending, wanted);
    const { bytesRead } = await this.#handle.read(this.bytes, this.end, wanted);
    this.end += bytesRead;
    this.done = bytesRead === 0;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #makeRoom(pending: number, wanted: number): void {
    const old = this.bytes;
    if (old.length < pending + wanted + 1) this.bytes = Buffer.allocUnsafe(pending + 2 * wanted + 1);
    old.copy(this.bytes, 0, this.start, this.end);
    this.base += this.start;
    this.start = 0;
    this.end = pending;
  }
}
