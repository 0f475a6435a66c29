import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import type { PGlite } from '@electric-sql/pglite';
import { DuckDb } from '../../lib/engines/index.ts';
import { copyRows } from '../../lib/parity/postgres/copy-rows.ts';
import { quoted } from '../../lib/plan/index.ts';
import { quote } from '../../lib/run/ledger.ts';
import { download } from './download.ts';

const EXTERNAL_SCHEMA =
  /^create external schema if not exists (\w+) from data catalog database '([^']+)' iam_role '[^']+'$/;

/**
 * Redshift's external schemas on PostgreSQL: a schema stands for a database of the Glue catalog, and each of its tables that statements name is
 * filled, before they run, from the files that lie at its place.
 */
export class LakeWindow {
  readonly #db: PGlite;
  readonly #databases = new Map<string, string>();

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** The statement that PostgreSQL gets in the place of one that makes an external schema; any other as it is. */
  opened(sql: string): string {
    const [, schema, database] = EXTERNAL_SCHEMA.exec(sql) ?? [];
    if (schema === undefined || database === undefined) return sql;
    this.#databases.set(schema, database);
    return `create schema if not exists ${schema}`;
  }

  /** Brings the tables of the lake that statements name to what the lake holds now. */
  async fill(statements: readonly string[]): Promise<void> {
    for (const [schema, database] of this.#databases) {
      const named = [...statements.join('\n').matchAll(new RegExp(`\\b${schema}\\."(\\w+)"`, 'g'))];
      for (const table of new Set(named.map(([, name = '']) => name))) await this.#fillTable(schema, database, table);
    }
  }

  async #fillTable(schema: string, DatabaseName: string, Name: string): Promise<void> {
    const { Table } = await new GlueClient({}).send(new GetTableCommand({ DatabaseName, Name }));
    const folder = mkdtempSync(join(tmpdir(), 'lakehouse-window-'));
    const duckdb = await DuckDb.open();
    try {
      await download(Table?.StorageDescriptor?.Location ?? '', folder);
      const relation = quote(join(folder, '*.parquet'));
      const { rows } = await duckdb.query(`describe select * from ${relation}`);
      // DuckDB's names of the types that lakes have are PostgreSQL's as well.
      const columns = rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
      const defined = columns.map(({ name, type }) => `${quoted(name, 'redshift')} ${type}`).join(', ');
      const into = { db: this.#db, relation: `${schema}.${quoted(Name, 'redshift')}` };
      await this.#db.exec(`drop table if exists ${into.relation}; create table ${into.relation} (${defined})`);
      await copyRows(
        { duckdb, relation },
        into,
        columns.map(({ name }) => name),
      );
    } finally {
      duckdb.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
