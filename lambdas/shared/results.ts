import type { S3Client } from '@aws-sdk/client-s3';

/**
 * The bucket of results. Its client is loaded with the first result: it takes longer to load than all else, and most calls
 * of a Lambda that works step by step have none.
 */
export class Results {
  readonly #traced: (client: S3Client) => S3Client;
  readonly #bucket: string;
  #client: S3Client | null = null;

  constructor(traced: (client: S3Client) => S3Client, bucket: string) {
    this.#traced = traced;
    this.#bucket = bucket;
  }

  /** Writes a result as JSON and gives its address. */
  async put(key: string, result: unknown): Promise<string> {
    const { s3, client } = await this.#loaded();
    const Body = JSON.stringify(result);
    const put = { Bucket: this.#bucket, Key: key, Body, ContentType: 'application/json' };
    await client.send(new s3.PutObjectCommand(put));
    return this.#address(key);
  }

  /** Reads a result that another program wrote. */
  async get(key: string): Promise<unknown> {
    const { s3, client } = await this.#loaded();
    try {
      const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return JSON.parse((await Body?.transformToString('utf8')) ?? '');
    } catch (cause) {
      const says = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`no result can be read at ${this.#address(key)}: ${says}`, { cause });
    }
  }

  #address(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  async #loaded() {
    const s3 = await import('@aws-sdk/client-s3');
    this.#client ??= this.#traced(new s3.S3Client({}));
    return { s3, client: this.#client };
  }
}
