import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

/** Brings every object below a place (`s3://bucket/key/`) into a folder. */
export async function download(location: string, folder: string): Promise<void> {
  const { hostname: Bucket, pathname } = new URL(location);
  const client = new S3Client({});
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: pathname.slice(1) }))
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      writeFileSync(join(folder, Key.replaceAll('/', '_')), (await Body?.transformToByteArray()) ?? '');
    }
}
