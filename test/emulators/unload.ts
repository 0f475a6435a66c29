import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDb, rowsOf } from '../../lib/engines/index.ts';
import { quote } from '../../lib/run/ledger.ts';
import type { StandIns } from './stand-in.ts';

/** The one form of `unload` that the project writes. */
const UNLOAD = /^unload \((?<select>.*)\) to '(?<place>s3:\/\/[^']+)' with \(format = 'PARQUET'\)$/s;

/** A query that writes a file, and where the file is to be put. */
interface Unloading {
  readonly file: string;
  readonly place: URL;
}

/** What is looked at of Athena's answers. */
interface Answer {
  readonly QueryExecutionId?: string;
  readonly QueryExecutions?: readonly QueryExecution[];
}

interface QueryExecution {
  readonly QueryExecutionId: string;
  readonly Status: { readonly State: string; readonly StateChangeReason?: string };
}

/**
 * Stands before the emulator's Athena, which lacks `unload`, and lets all else through: an `unload` becomes DuckDB's `copy` of the same select, and
 * its file is put where the statement says before anybody hears that it succeeded. A folder that is not empty is refused, as by Athena, and so
 * is a column of times finer than milliseconds, as all of the lake's are.
 */
export async function startUnloading(athena: () => string): Promise<StandIns> {
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-unload-'));
  const running = new Map<string, Unloading>();
  const refused = new Map<string, QueryExecution['Status']>();
  let files = 0;

  async function translated(asked: string): Promise<{ readonly body: string; readonly unloading?: Unloading }> {
    const { QueryString = '', ...query } = JSON.parse(asked || '{}') as { readonly QueryString?: string };
    const { select, place: to } = UNLOAD.exec(QueryString)?.groups ?? {};
    if (select === undefined || to === undefined) return { body: asked };
    files += 1;
    const unloading = { file: join(folder, `${files}.parquet`), place: new URL(to) };
    const sql = (await isEmpty(unloading.place))
      ? `copy (${select}) to ${quote(unloading.file)} (format parquet)`
      : `select error(${quote(`HIVE_PATH_ALREADY_EXISTS: ${to}`)})`;
    return { body: JSON.stringify({ ...query, QueryString: sql }), unloading };
  }

  /** Puts the files of what succeeded, and says of what Athena would refuse that it failed. */
  async function settled({ QueryExecutions = [], ...rest }: Answer): Promise<Answer> {
    for (const { QueryExecutionId, Status } of QueryExecutions) {
      const unloading = running.get(QueryExecutionId);
      if (unloading === undefined || Status.State !== 'SUCCEEDED') continue;
      running.delete(QueryExecutionId);
      const column = await timeTooFine(unloading.file);
      if (column === null) await put(unloading);
      else refused.set(QueryExecutionId, { ...Status, State: 'FAILED', StateChangeReason: refusalOf(column) });
    }
    const told = QueryExecutions.map((each) => ({
      ...each,
      Status: refused.get(each.QueryExecutionId) ?? each.Status,
    }));
    return { ...rest, QueryExecutions: told };
  }

  const server = createServer(async (request, response) => {
    try {
      const { body, unloading } = await translated(await text(request));
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const sent = { method: request.method ?? 'POST', headers: headers as Record<string, string>, body };
      const answered = await fetch(`${athena()}${request.url}`, sent);
      const said = await answered.text();
      const answer = JSON.parse(said || '{}') as Answer;
      if (unloading && answer.QueryExecutionId) running.set(answer.QueryExecutionId, unloading);
      const passedOn = answer.QueryExecutions ? JSON.stringify(await settled(answer)) : said;
      response.writeHead(answered.status, { 'content-type': 'application/x-amz-json-1.1' }).end(passedOn);
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ message: String(error) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function isEmpty({ hostname: Bucket, pathname }: URL): Promise<boolean> {
  const { Contents = [] } = await new S3Client({}).send(
    new ListObjectsV2Command({ Bucket, Prefix: pathname.slice(1) }),
  );
  return Contents.length === 0;
}

const refusalOf = (column: string): string =>
  `NOT_SUPPORTED: Incorrect timestamp precision for timestamp(6); the configured precision is MILLISECONDS; column name: ${column}`;

/** A column of times in microseconds; null where a file has none. */
async function timeTooFine(file: string): Promise<string | null> {
  const db = await DuckDb.open();
  try {
    const [first] = await rowsOf(
      db,
      `select name from parquet_schema(${quote(file)}) where converted_type = 'TIMESTAMP_MICROS'`,
    );
    return first === undefined ? null : String(first.name);
  } finally {
    db.close();
  }
}

async function put({ file, place: { hostname: Bucket, pathname } }: Unloading): Promise<void> {
  const Key = `${pathname.slice(1)}part-0.parquet`;
  await new S3Client({}).send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(file) }));
}
