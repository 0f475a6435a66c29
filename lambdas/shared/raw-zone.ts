import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { parseRawKey, rawDataset, rawDay } from '../../lib/aws/index.ts';

/** One file of the raw bucket. */
export interface RawObject {
  readonly key: string;
  readonly dataset: string;
  /** The day of its folder. */
  readonly date: string;
  /** Relative to the raw zone, as a run names it. */
  readonly path: string;
  readonly bytes: number;
}

/** The raw bucket, by the layout of `lib/aws/raw-layout.ts`. */
export class RawZone {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Whether a file of the dataset arrived on the day. Markers and files still being written do not count. */
  async has(dataset: string, date: string): Promise<boolean> {
    for await (const object of this.#list(rawDay(dataset, date))) if (object.bytes > 0) return true;
    return false;
  }

  /** The files of a dataset that arrived on a day or later, in the order of their keys: the folders' names sort by day. */
  since(dataset: string, date: string): AsyncGenerator<RawObject> {
    return this.#list(rawDataset(dataset), rawDay(dataset, date));
  }

  /** Copies a file to a path of this machine. */
  async fetch(key: string, to: string): Promise<void> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error(`${key} has no content to read`);
    await mkdir(dirname(to), { recursive: true });
    await pipeline(Body, createWriteStream(to));
  }

  async *#list(prefix: string, from?: string): AsyncGenerator<RawObject> {
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: prefix, StartAfter: from },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key: key = '', Size: bytes = 0 } of Contents) {
        const parsed = parseRawKey(key);
        if (parsed) yield { key, bytes, ...parsed };
      }
    }
  }
}
