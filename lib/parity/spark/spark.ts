import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bind, quoted } from '../../plan/index.ts';
import { findJava, jars, pythonEnvironment } from '../../tools/index.ts';
import type { Answer } from '../answer.ts';
import type { ParityEngine, ParityTable } from '../engine.ts';
import { ICEBERG_OF_SPARK } from '../limits.ts';
import { LineProcess } from '../line-process.ts';

const CATALOG = 'lake';
const RUNNER = fileURLToPath(new URL('run_sql.py', import.meta.url));
const GLUE_SCRIPTS = fileURLToPath(new URL('../../../glue-scripts/', import.meta.url));

/** What the JVM warns of must not stand between the answers on standard output. */
const WARNINGS = '-Xlog:disable -Xlog:all=warning:stderr';

/** Small, since it shares a laptop. What answers depend on is in the session of the Glue job, which is opened here too. */
const settings = (icebergJars: readonly string[]): Readonly<Record<string, string>> => ({
  'spark.master': 'local[2]',
  'spark.driver.memory': '2g',
  'spark.driver.extraJavaOptions': `-Duser.timezone=UTC -XX:+UseSerialGC ${WARNINGS}`,
  'spark.ui.enabled': 'false',
  'spark.jars': icebergJars.join(','),
  'spark.sql.shuffle.partitions': '2',
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
  #loaded: Promise<void> = Promise.resolve();

  private constructor(warehouse: string, process: LineProcess, version: string) {
    this.warehouse = warehouse;
    this.#process = process;
    this.version = `Spark ${version} with Iceberg ${ICEBERG_OF_SPARK}`;
  }

  static async start(warehouse: string): Promise<SparkParity> {
    await mkdir(warehouse, { recursive: true });
    const [java, iceberg, { python }] = await Promise.all([
      findJava(),
      jars('iceberg-spark'),
      pythonEnvironment('spark'),
    ]);
    const conf = Object.entries(settings(iceberg)).map(
      ([name, value]) => `--conf ${JSON.stringify(`${name}=${value}`)}`,
    );
    const environment = {
      ...process.env,
      PYTHONPATH: GLUE_SCRIPTS,
      PYSPARK_PYTHON: python,
      PYSPARK_SUBMIT_ARGS: `${conf.join(' ')} pyspark-shell`,
      JAVA_HOME: java === 'java' ? undefined : dirname(dirname(java)),
    };
    const line = new LineProcess('spark', python, [RUNNER, warehouse], environment);
    const { version } = await line.first<{ version: string }>();
    return new SparkParity(warehouse, line, version);
  }

  load(tables: readonly ParityTable[]): Promise<void> {
    this.#loaded = this.#load(tables);
    return this.#loaded;
  }

  /** When the tables of the last load are written: they are there for others to read. */
  get loaded(): Promise<void> {
    return this.#loaded;
  }

  async #load(tables: readonly ParityTable[]): Promise<void> {
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
