import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** The bucket of results. */
export class Results {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Writes a result as JSON and gives its address. */
  async put(key: string, result: unknown): Promise<string> {
    const Body = JSON.stringify(result);
    const put = { Bucket: this.#bucket, Key: key, Body, ContentType: 'application/json' };
    await this.#client.send(new PutObjectCommand(put));
    return `s3://${this.#bucket}/${key}`;
  }
}
