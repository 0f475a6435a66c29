import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Answer, type Cell, instant, type Kind } from '../answer.ts';
import type { ParityEngine, ParityTable } from '../engine.ts';
import type { SparkParity } from '../spark/spark.ts';
import { askTrino } from './client.ts';
import { startTrino, TRINO_VERSION, type TrinoServer } from './server.ts';

/** Trino, which Athena runs, on the very Iceberg tables that Spark wrote. */
export class TrinoParity implements ParityEngine {
  readonly name = 'trino';
  readonly reads = 'athena';
  readonly version = `Trino ${TRINO_VERSION} on the Iceberg tables that Spark wrote`;
  readonly #server: TrinoServer;
  readonly #writer: SparkParity;

  private constructor(server: TrinoServer, writer: SparkParity) {
    this.#server = server;
    this.#writer = writer;
  }

  static async start(writer: SparkParity): Promise<TrinoParity> {
    return new TrinoParity(await startTrino(await mkdtemp(join(tmpdir(), 'lakehouse-trino-'))), writer);
  }

  /** Takes the tables that Spark writes, once they are written. */
  async load(tables: readonly ParityTable[]): Promise<void> {
    await this.#writer.loaded;
    for (const schema of new Set(tables.map(({ name }) => this.#writer.schemaOf(name))))
      await this.#run(`create schema lake.${schema}`);
    await Promise.all(tables.map(({ name }) => this.#register(name)));
  }

  async #register(name: string): Promise<void> {
    const folder = this.#writer.folderOf(name);
    const metadata = await catalogName(join(folder, 'metadata'));
    const table = name.slice(name.indexOf('.') + 1);
    const given = [this.#writer.schemaOf(name), table, pathToFileURL(folder).href, metadata];
    await this.#run(`call lake.system.register_table(${given.map((each) => `'${each}'`).join(', ')})`);
  }

  relation(table: string): string {
    return `lake.${this.#writer.schemaOf(table)}."${table.slice(table.indexOf('.') + 1)}"`;
  }

  async ask(sql: string): Promise<Answer> {
    const { columns, rows } = await askTrino(this.#server.url, sql);
    const kinds = columns.map(({ type }) => kindOf(type));
    return {
      columns: columns.map(({ name }, place) => ({ name, kind: kinds[place] ?? 'text' })),
      rows: rows.map((row) => row.map((value, place) => cell(value, kinds[place] ?? 'text'))),
    };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #run(sql: string): Promise<void> {
    await askTrino(this.#server.url, sql);
  }
}

/** Names the newest metadata of a table in a plain folder as a catalog would, which is the only way Trino takes it. */
async function catalogName(folder: string): Promise<string> {
  const version = (await readFile(join(folder, 'version-hint.text'), 'utf8')).trim();
  const name = `${version.padStart(5, '0')}-${randomUUID()}.metadata.json`;
  await copyFile(join(folder, `v${version}.metadata.json`), join(folder, name));
  return name;
}

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(tiny|small|big)?int|^decimal/, 'exact'],
  [/^double/, 'double'],
  [/^date/, 'date'],
  [/^timestamp/, 'instant'],
  [/^boolean/, 'boolean'],
];

const kindOf = (type: string): Kind => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';

function cell(value: Cell | number | boolean, kind: Kind): Cell {
  if (value === null) return null;
  return kind === 'instant' ? instant(String(value)) : String(value);
}
