import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { DeployedEnvironment } from '../aws/index.ts';
import { clientSettings } from './aws-client.ts';

/** A bucket whose folders are days: `<folder>dt=YYYY-MM-DD/`. Reads only. */
export class DayBucket {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(where: DeployedEnvironment, bucket: string) {
    this.#client = new S3Client(clientSettings(where));
    this.#bucket = bucket;
  }

  /** The newest day below a folder; null where there is none. */
  async newestDay(folder: string): Promise<string | null> {
    const list = { Bucket: this.#bucket, Prefix: `${folder}dt=`, Delimiter: '/' };
    const days: string[] = [];
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.#client }, list))
      days.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(folder.length + 3, -1)));
    return days.sort().at(-1) ?? null;
  }

  /** What a JSON file holds; null where there is none. */
  async json(key: string): Promise<unknown> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return JSON.parse((await Body?.transformToString('utf8')) ?? 'null');
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }
}
