import { randomUUID } from 'node:crypto';
import type {
  BatchExecuteStatementInput,
  DescribeStatementRequest,
  ExecuteStatementInput,
  GetStatementResultRequest,
  StatementStatusString,
} from '@aws-sdk/client-redshift-data';
import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import { BRIDGES, bridged } from '../../lib/parity/postgres/bridges.ts';
import { LakeWindow } from './lake-window.ts';
import { fieldOf, PARSERS, TYPE_NAMES } from './redshift-fields.ts';
import { type Operations, Refusal } from './stand-in.ts';

/** One statement, alone or of a batch. */
interface Statement {
  readonly id: string;
  readonly sql: string;
  status: StatementStatusString;
  error?: string;
  result?: Results<unknown[]>;
}

/** Statements that were started together. */
interface Started extends Statement {
  readonly parts: readonly Statement[];
  readonly createdAt: number;
  updatedAt: number;
}

/** How many rows an answer has; the service's own pages end after some megabytes. */
const PAGE = 50;

/**
 * The Data API of Amazon Redshift over PostgreSQL in this process: statements are started, run one after the other, and are asked after. A batch is
 * one transaction. What PostgreSQL lacks is bridged as in `lib/parity/postgres`; external schemas by `LakeWindow`. Who asks is not looked at.
 */
export class RedshiftData {
  readonly #db: PGlite;
  readonly #window: LakeWindow;
  readonly #started = new Map<string, Started>();
  readonly #tokens = new Map<string, Started>();
  #last: Promise<void> = Promise.resolve();

  private constructor(db: PGlite) {
    this.#db = db;
    this.#window = new LakeWindow(db);
  }

  static async start(): Promise<RedshiftData> {
    const db = await PGlite.create();
    for (const { teach } of BRIDGES) if (teach !== undefined) await db.exec(teach);
    return new RedshiftData(db);
  }

  stop(): Promise<void> {
    return this.#db.close();
  }

  /** What of the API there is. */
  readonly operations: Operations = {
    ExecuteStatement: ({ Sql = '', ClientToken }: ExecuteStatementInput) => this.#start([Sql], ClientToken),
    BatchExecuteStatement: ({ Sqls = [], ClientToken }: BatchExecuteStatementInput) => this.#start(Sqls, ClientToken),
    DescribeStatement: ({ Id = '' }: DescribeStatementRequest) => {
      const { parts, createdAt, updatedAt, ...whole } = this.#known(Id);
      const times = { CreatedAt: createdAt, UpdatedAt: updatedAt };
      const SubStatements = parts.map((part) => ({ ...described(part), ...times }));
      if (parts.length > 1) return { ...described(whole), ...times, SubStatements };
      return { ...described({ ...parts[0], ...whole }), ...times };
    },
    GetStatementResult: ({ Id = '', NextToken = '0' }: GetStatementResultRequest) => {
      const [whole = '', part = '1'] = Id.split(':');
      const { parts } = this.#known(whole);
      if (parts.length > 1 && whole === Id)
        throw new Refusal('ValidationException', 'the result of a batch is that of one of its sub-statements');
      const { result } = parts[Number(part) - 1] ?? {};
      if (result === undefined || result.fields.length === 0)
        throw new Refusal('ResourceNotFoundException', 'the statement has no result', { ResourceId: Id });
      const to = Number(NextToken) + PAGE;
      return {
        ColumnMetadata: result.fields.map(({ name, dataTypeID }) => ({ name, typeName: TYPE_NAMES[dataTypeID] })),
        Records: result.rows
          .slice(Number(NextToken), to)
          .map((row) => row.map((value, at) => fieldOf(value, result.fields[at]?.dataTypeID))),
        TotalNumRows: result.rows.length,
        ...(to < result.rows.length ? { NextToken: String(to) } : {}),
      };
    },
  };

  /** The same token starts nothing twice. */
  #start(sqls: readonly string[], token: string = randomUUID()): object {
    const known = this.#tokens.get(token);
    if (known) return { Id: known.id };
    const id = randomUUID();
    const parts = sqls.map((sql, at): Statement => ({ id: `${id}:${at + 1}`, sql, status: 'SUBMITTED' }));
    const now = Date.now() / 1000;
    const started: Started = { id, sql: sqls.join(';\n'), status: 'SUBMITTED', parts, createdAt: now, updatedAt: now };
    this.#started.set(id, started);
    this.#tokens.set(token, started);
    this.#last = this.#last.then(() => this.#run(started));
    return { Id: id, CreatedAt: now };
  }

  async #run(started: Started): Promise<void> {
    const { parts } = started;
    started.status = 'STARTED';
    try {
      await this.#window.fill(parts.map(({ sql }) => sql));
      const [only] = parts;
      // One alone is no transaction of its own making: some statements insist on that.
      if (parts.length === 1 && only) await this.#runOne(only, this.#db);
      else
        await this.#db.transaction(async (transaction) => {
          for (const part of parts) await this.#runOne(part, transaction);
        });
      started.status = 'FINISHED';
    } catch (error) {
      started.status = 'FAILED';
      started.error = errorOf(error);
      // None of the others took effect.
      for (const part of parts) if (part.status !== 'FAILED') part.status = 'ABORTED';
    }
    started.updatedAt = Date.now() / 1000;
  }

  async #runOne(part: Statement, db: Pick<Transaction, 'query'>): Promise<void> {
    part.status = 'STARTED';
    try {
      const sql = this.#window.opened(bridged(part.sql));
      part.result = await db.query<unknown[]>(sql, [], { rowMode: 'array', parsers: PARSERS });
      part.status = 'FINISHED';
    } catch (error) {
      part.status = 'FAILED';
      part.error = errorOf(error);
      throw error;
    }
  }

  #known(id: string): Started {
    const started = this.#started.get(id);
    if (started === undefined) throw new Refusal('ResourceNotFoundException', 'no such statement', { ResourceId: id });
    return started;
  }
}

const described = ({ id, sql, status, error, result }: Statement) => ({
  Id: id,
  QueryString: sql,
  Status: status,
  HasResultSet: (result?.fields.length ?? 0) > 0,
  ResultRows: result?.fields.length ? result.rows.length : (result?.affectedRows ?? -1),
  ...(error === undefined ? {} : { Error: error }),
});

const errorOf = (error: unknown): string => `ERROR: ${error instanceof Error ? error.message : error}`;
