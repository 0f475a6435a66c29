import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';

/** How statements stand that were started together. */
export type StatementState =
  | { readonly state: 'running' | 'done' }
  | { readonly state: 'failed'; readonly statement: string; readonly reason: string };

/** Redshift in calls that return at once. */
export interface Redshift {
  /** Starts statements as one transaction and gives their id; the same token starts nothing twice. */
  start(statements: readonly string[], token: string): Promise<string>;
  state(id: string): Promise<StatementState>;
}

/** Where statements go. */
export interface Warehouse {
  readonly workgroup: string;
  readonly database: string;
  readonly secretArn: string;
}

/** Redshift Serverless through its Data API: no connection to hold, no network to be in. */
export function redshiftOf(client: RedshiftDataClient, { workgroup, database, secretArn }: Warehouse): Redshift {
  const where = { WorkgroupName: workgroup, Database: database, SecretArn: secretArn };
  return {
    async start(statements, token) {
      const [only = ''] = statements;
      // One statement alone runs outside of a transaction, which some DDL insists on.
      const { Id } =
        statements.length === 1
          ? await client.send(new ExecuteStatementCommand({ ...where, Sql: only, ClientToken: token }))
          : await client.send(
              new BatchExecuteStatementCommand({ ...where, Sqls: [...statements], ClientToken: token }),
            );
      if (!Id) throw new Error('Redshift started statements and gave no id');
      return Id;
    },

    async state(id) {
      const described = await client.send(new DescribeStatementCommand({ Id: id }));
      if (described.Status === 'FINISHED') return { state: 'done' };
      if (described.Status === 'FAILED' || described.Status === 'ABORTED') return failureOf(described);
      return { state: 'running' };
    },
  };
}

/** The statement at fault: of a batch the one that failed, not those given up because of it. */
function failureOf({
  SubStatements = [],
  QueryString = '',
  Error: error,
  Status,
}: DescribeStatementResponse): StatementState {
  const failed = SubStatements.find((each) => each.Status === 'FAILED');
  return {
    state: 'failed',
    statement: failed?.QueryString ?? QueryString,
    reason: failed?.Error ?? error ?? `it was ${String(Status).toLowerCase()}`,
  };
}
