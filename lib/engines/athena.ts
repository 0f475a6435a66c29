import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';

/** How a query stands. `bytes` is what it scanned so far, which is what it costs. */
export interface QueryState {
  readonly state: 'running' | 'done' | 'failed';
  readonly bytes: number;
  /** Why it failed, in Athena's words; empty otherwise. */
  readonly reason: string;
}

/** Some rows of a query: every value is text or null, as Athena gives it. */
export interface QueryPage {
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/** Athena in calls that return at once. */
export interface Athena {
  /** Starts a query and gives its id; the same token starts nothing twice. */
  start(sql: string, token: string): Promise<string>;
  states(ids: readonly string[]): Promise<ReadonlyMap<string, QueryState>>;
  page(id: string, from: string | null): Promise<QueryPage>;
}

/** How many queries one call may ask about. */
const IDS_PER_CALL = 50;

/** Athena through a workgroup, which says where results go and how much a query may scan. */
export function athenaOf(client: AthenaClient, workgroup: string): Athena {
  return {
    async start(sql, token) {
      const start = { QueryString: sql, WorkGroup: workgroup, ClientRequestToken: token };
      const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand(start));
      if (!QueryExecutionId) throw new Error('Athena started a query and gave no id');
      return QueryExecutionId;
    },

    async states(ids) {
      const states = new Map<string, QueryState>();
      for (let from = 0; from < ids.length; from += IDS_PER_CALL) {
        const QueryExecutionIds = ids.slice(from, from + IDS_PER_CALL);
        const { QueryExecutions = [] } = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }));
        for (const { QueryExecutionId = '', Status, Statistics } of QueryExecutions) {
          const state = STATES[Status?.State ?? 'QUEUED'];
          const bytes = Statistics?.DataScannedInBytes ?? 0;
          states.set(QueryExecutionId, { state, bytes, reason: Status?.StateChangeReason ?? '' });
        }
      }
      return states;
    },

    async page(id, from) {
      const { ResultSet, NextToken } = await client.send(
        new GetQueryResultsCommand({ QueryExecutionId: id, ...(from === null ? {} : { NextToken: from }) }),
      );
      const names = ResultSet?.ResultSetMetadata?.ColumnInfo?.map((column) => column.Name ?? '') ?? [];
      const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Object.fromEntries(names.map((name, index) => [name, Data[index]?.VarCharValue ?? null])),
      );
      // The first row of the first page is the header.
      return { rows: from === null ? rows.slice(1) : rows, next: NextToken ?? null };
    },
  };
}

const STATES = {
  QUEUED: 'running',
  RUNNING: 'running',
  SUCCEEDED: 'done',
  FAILED: 'failed',
  CANCELLED: 'failed',
} as const;

/** All rows of a query that is done; for answers of a few rows. */
export async function rowsOfQuery(athena: Athena, id: string): Promise<QueryPage['rows'][number][]> {
  const rows: QueryPage['rows'][number][] = [];
  for (let from: string | null = null; ; ) {
    const page: QueryPage = await athena.page(id, from);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    from = page.next;
  }
}

/** A time as Athena writes it (`2026-06-30 12:00:00.500000`), in the spelling of this machine's engine. */
export const plainTime = (text: string): string =>
  text
    .replace(' ', 'T')
    .replace(/[.]0+(?=$| UTC$)/, '')
    .replace(/([.]\d*[1-9])0+(?=$| UTC$)/, '$1')
    .replace(/ UTC$/, 'Z');
