import {
  AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { mockClient } from 'aws-sdk-client-mock';
import { databaseName } from '../../../lib/aws/index.ts';
import { DuckDb } from '../../../lib/engines/index.ts';
import { bind, type EngineName, type Plan, type Rendered } from '../../../lib/plan/index.ts';
import { bindLocal } from '../../../lib/run/relation.ts';

/** A time as Athena writes those of Iceberg: with a space, and six digits after the point. */
const written = (time: string): string => {
  const [whole = '', fraction = ''] = time.replace('T', ' ').split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
};

/** Every rendered query of a plan. */
const renderedOf = (plan: Plan): Rendered[] =>
  plan.tables.flatMap((table) => [
    ...(table.scan ? [table.scan] : []),
    ...table.checks.flatMap((check) => [
      ...(check.measure.kind === 'query' ? [check.measure.query] : []),
      ...(check.offenders ? [check.offenders] : []),
    ]),
  ]);

/** Athena's text of a template, in an environment. */
export const athenaText = (
  rendered: Record<Extract<EngineName, 'athena'>, string>,
  prefix: string,
  asOf: string,
): string =>
  bind(rendered.athena, {
    table: (name) => {
      const [layer = '', bare = ''] = name.split('.');
      return `"${databaseName(prefix, layer as 'base')}"."${bare}"`;
    },
    asOf,
  });

/**
 * In place of Athena: a local lake that knows the plan's queries, and the one for held tables, by their Athena text. `states` is what a query reports, look by
 * look, before it is done; a token that came before starts nothing.
 */
export async function fakeAthena(plan: Plan, lake: string, prefix: string, asOf: string) {
  const db = await DuckDb.open({ path: `${lake}/lake.duckdb`, readOnly: true });
  const local = new Map(
    renderedOf(plan)
      .filter((each) => !each.athena.includes('{{ops.'))
      .map((each) => [athenaText(each, prefix, asOf), bindLocal(each.duckdb, asOf)]),
  );
  local.set(
    `select table_name, because from "${databaseName(prefix, 'ops')}"."held"`,
    'select table_name, because from ops.held',
  );
  const fake = {
    started: [] as string[],
    mostRunning: 0,
    states: (_attempt: number): string[] => [],
    close: () => db.close(),
  };
  const byToken = new Map<string, string>();
  const queries = new Map<string, { sql: string; states: string[] }>();
  const attempts = new Map<string, number>();
  const client = mockClient(AthenaClient);
  client.on(StartQueryExecutionCommand).callsFake(({ QueryString, ClientRequestToken }) => {
    const known = byToken.get(ClientRequestToken);
    if (known) return { QueryExecutionId: known };
    const sql = local.get(QueryString);
    if (sql === undefined) throw new Error(`no query of the plan: ${QueryString}`);
    const attempt = (attempts.get(sql) ?? 0) + 1;
    attempts.set(sql, attempt);
    const id = `query-${queries.size}`;
    queries.set(id, { sql, states: fake.states(attempt) });
    byToken.set(ClientRequestToken, id);
    fake.started.push(QueryString);
    fake.mostRunning = Math.max(
      fake.mostRunning,
      [...queries.values()].filter((each) => each.states.length > 0).length,
    );
    return { QueryExecutionId: id };
  });
  client.on(BatchGetQueryExecutionCommand).callsFake(({ QueryExecutionIds }) => ({
    QueryExecutions: QueryExecutionIds.map((id: string) => {
      const left = queries.get(id)?.states ?? [];
      const State = left[0] === 'FAILED' ? 'FAILED' : (left.shift() ?? 'SUCCEEDED');
      return {
        QueryExecutionId: id,
        Status: { State, StateChangeReason: 'no room' },
        Statistics: { DataScannedInBytes: 10 },
      };
    }),
  }));
  client.on(GetQueryResultsCommand).callsFake(async ({ QueryExecutionId, NextToken }) => {
    const { columns, rows } = await db.query(queries.get(QueryExecutionId)?.sql ?? '');
    const names = columns.map((column) => column.name);
    const texts = rows.map((row) =>
      columns.map(({ name, type }) =>
        row[name] === null
          ? {}
          : { VarCharValue: type === 'TIMESTAMP' ? written(String(row[name])) : String(row[name]) },
      ),
    );
    const all = [names.map((name) => ({ VarCharValue: name })), ...texts];
    // Two rows to a page, so that there are pages.
    const from = Number(NextToken ?? 0);
    const next = from + 2 < all.length ? { NextToken: String(from + 2) } : {};
    const ColumnInfo = names.map((Name) => ({ Name, Type: 'varchar' }));
    return {
      ResultSet: { ResultSetMetadata: { ColumnInfo }, Rows: all.slice(from, from + 2).map((Data) => ({ Data })) },
      ...next,
    };
  });
  return fake;
}
