import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Transform, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const BUFFER_BYTES = 1 << 20;

/** zlib writes no time, but the operating system into the tenth byte; 255 is *unknown*, the same everywhere. */
function anySystem(): Transform {
  let first = true;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (first) chunk[9] = 255;
      first = false;
      done(null, chunk);
    },
  });
}

/** A file that takes bytes as fast as the disk does, compressed or not; `write` waits when it must. */
export class FileSink {
  private readonly head: Writable;
  private readonly done: Promise<void>;

  constructor(path: string, gzip: boolean) {
    const file = createWriteStream(path, { highWaterMark: BUFFER_BYTES });
    if (gzip) {
      const deflate = createGzip({ level: 4, memLevel: 9, chunkSize: 1 << 16 });
      this.head = deflate;
      this.done = pipeline(deflate, anySystem(), file);
    } else {
      this.head = file;
      this.done = finished(file);
    }
    // An error is thrown by the write or the close that meets it.
    this.done.catch(() => {});
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.head.write(bytes)) await Promise.race([once(this.head, 'drain'), this.done]);
  }

  async close(): Promise<void> {
    this.head.end();
    await this.done;
  }
}
