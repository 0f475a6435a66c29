import {
  AthenaClient,
  type ColumnInfo,
  type Datum,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { DeployedEnvironment } from '../aws/index.ts';
import { plainTime } from './athena.ts';
import { clientSettings } from './aws-client.ts';
import { AwsError } from './aws-error.ts';
import type { Row, Stream, Value } from './engine.ts';

/** Athena's answer to a query of a person. */
export interface AthenaAnswer extends Stream {
  /** What it scanned: what it costs. */
  readonly bytes: number;
}

/** How a query is asked. */
export interface Asking {
  readonly workgroup: string;
  /** Called while it runs. */
  readonly onWait: (bytes: number) => void;
  /** Ends the query when it fires. */
  readonly stop: AbortSignal;
}

/** Between two looks at a query. */
const LOOK_MS = 500;

/** Puts a query to a workgroup, waits for it and gives its rows as they come, typed as they are on this machine. @throws AwsError */
export async function askAthena(
  where: DeployedEnvironment,
  sql: string,
  { workgroup, onWait, stop }: Asking,
): Promise<AthenaAnswer> {
  const client = new AthenaClient(clientSettings(where));
  const start = new StartQueryExecutionCommand({ QueryString: sql, WorkGroup: workgroup });
  const { QueryExecutionId: id = '' } = await client.send(start);
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State = 'QUEUED', StateChangeReason: reason = '' } = QueryExecution?.Status ?? {};
    const bytes = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (State === 'SUCCEEDED') return { bytes, ...(await rowsOf(client, id)) };
    if (State === 'FAILED') throw new AwsError(`Athena could not answer: ${reason} (query ${id})`);
    if (State === 'CANCELLED') throw new AwsError(`the query was stopped: ${reason || 'by request'} (query ${id})`);
    if (stop.aborted) await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    onWait(bytes);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function rowsOf(client: AthenaClient, id: string): Promise<Stream> {
  const page = (NextToken?: string) =>
    client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...(NextToken ? { NextToken } : {}) }));
  const first = await page();
  const found = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  const columns = named(found);
  const rows = (data: readonly { Data?: Datum[] | undefined }[] = []): Row[] =>
    data.map(({ Data = [] }) =>
      Object.fromEntries(columns.map(({ name, type }, at) => [name, typed(Data[at]?.VarCharValue, type)])),
    );
  async function* batches(): AsyncGenerator<readonly Row[]> {
    // The first row of the first page is the header.
    yield rows(first.ResultSet?.Rows?.slice(1));
    for (let token = first.NextToken; token !== undefined; ) {
      const next = await page(token);
      yield rows(next.ResultSet?.Rows);
      token = next.NextToken;
    }
  }
  return { columns, batches: batches() };
}

/** Columns with names of their own: a second `x` is `x:1`, as on this machine. */
function named(found: readonly ColumnInfo[]): { readonly name: string; readonly type: string }[] {
  const seen = new Map<string, number>();
  return found.map(({ Name: name = '', Type: type = 'varchar' }) => {
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return { name: times === 0 ? name : `${name}:${times}`, type };
  });
}

/** A value of Athena's, which gives all as text, as the engine of this machine gives it. */
function typed(text: string | undefined, type: string): Value {
  if (text === undefined) return null;
  if (/^(tinyint|smallint|integer|int|bigint)$/.test(type)) return BigInt(text);
  if (/^(double|float|real)$/.test(type)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === 'boolean') return text === 'true';
  return type.startsWith('timestamp') ? plainTime(text) : text;
}
