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
    const s3 = await import('@aws-sdk/client-s3');
    this.#client ??= this.#traced(new s3.S3Client({}));
    const Body = JSON.stringify(result);
    const put = { Bucket: this.#bucket, Key: key, Body, ContentType: 'application/json' };
    await this.#client.send(new s3.PutObjectCommand(put));
    return `s3://${this.#bucket}/${key}`;
  }
}
