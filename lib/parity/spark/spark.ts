import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bind, quoted } from '../../plan/index.ts';
import { findJava, jars, pythonEnvironment } from '../../tools/index.ts';
import type { Answer } from '../answer.ts';
import type { ParityEngine, ParityTable } from '../engine.ts';
import { LineProcess } from '../line-process.ts';

const CATALOG = 'lake';
const RUNNER = fileURLToPath(new URL('run_sql.py', import.meta.url));

/** Spark as the Glue job has it: Iceberg tables, moments without a zone, UTC. Small, since it shares a laptop. */
const settings = (warehouse: string, icebergJars: readonly string[]): Readonly<Record<string, string>> => ({
  'spark.master': 'local[2]',
  'spark.driver.memory': '2g',
  'spark.driver.extraJavaOptions': '-Duser.timezone=UTC -XX:+UseSerialGC',
  'spark.ui.enabled': 'false',
  'spark.jars': icebergJars.join(','),
  'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
  [`spark.sql.catalog.${CATALOG}`]: 'org.apache.iceberg.spark.SparkCatalog',
  [`spark.sql.catalog.${CATALOG}.type`]: 'hadoop',
  [`spark.sql.catalog.${CATALOG}.warehouse`]: pathToFileURL(warehouse).href,
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.shuffle.partitions': '2',
  // Days before 1582 are what their numbers say: the files come from an engine with one calendar.
  'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
  'spark.sql.parquet.datetimeRebaseModeInWrite': 'CORRECTED',
});

/** Spark SQL in a process of its own, on Iceberg tables in a folder. */
export class SparkParity implements ParityEngine {
  readonly name = 'spark';
  readonly reads = 'spark';
  readonly version: string;
  /** The folder of the tables: one folder per schema, in it one per table. */
  readonly warehouse: string;
  readonly #process: LineProcess;
  #loads = 0;

  private constructor(warehouse: string, process: LineProcess, version: string) {
    this.warehouse = warehouse;
    this.#process = process;
    this.version = `Spark ${version} with Iceberg 1.10.0`;
  }

  static async start(warehouse: string): Promise<SparkParity> {
    await mkdir(warehouse, { recursive: true });
    const [java, iceberg, { python }] = await Promise.all([
      findJava(),
      jars('iceberg-spark'),
      pythonEnvironment('spark'),
    ]);
    const environment = {
      ...process.env,
      PYSPARK_PYTHON: python,
      JAVA_HOME: java === 'java' ? undefined : dirname(dirname(java)),
    };
    const line = new LineProcess('spark', python, [RUNNER, JSON.stringify(settings(warehouse, iceberg))], environment);
    const { version } = await line.first<{ version: string }>();
    return new SparkParity(warehouse, line, version);
  }

  async load(tables: readonly ParityTable[]): Promise<void> {
    this.#loads += 1;
    for (const schema of new Set(tables.map(({ name }) => this.schemaOf(name))))
      await this.ask(`create namespace if not exists ${CATALOG}.${schema}`);
    await Promise.all(tables.map((table) => this.#fill(table)));
  }

  async #fill({ name, columns, ddl, file }: ParityTable): Promise<void> {
    const relation = this.relation(name);
    await this.ask(bind(ddl.spark, { table: () => relation, asOf: null }));
    const list = columns.map((column) => quoted(column.name, 'spark')).join(', ');
    await this.ask(`insert into ${relation} (${list}) select ${list} from parquet.\`${pathToFileURL(file).href}\``);
  }

  relation(table: string): string {
    return `${CATALOG}.${this.schemaOf(table)}.${quoted(table.slice(table.indexOf('.') + 1), 'spark')}`;
  }

  /** Each load has schemas of its own. */
  schemaOf(table: string): string {
    return `${table.slice(0, table.indexOf('.'))}_${this.#loads}`;
  }

  /** Where a loaded table lies. */
  folderOf(table: string): string {
    return join(this.warehouse, this.schemaOf(table), table.slice(table.indexOf('.') + 1));
  }

  ask(sql: string): Promise<Answer> {
    return this.#process.ask<Answer>(sql);
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
