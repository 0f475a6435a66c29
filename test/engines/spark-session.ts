import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { jars, pythonEnvironment } from '../../lib/tools/index.ts';

const SCRIPTS = fileURLToPath(new URL('../../glue-scripts', import.meta.url));
const SESSION = fileURLToPath(new URL('spark_session.py', import.meta.url));
/** The script of the Glue job. */
export const RUN_PLAN = fileURLToPath(new URL('../../glue-scripts/run_plan.py', import.meta.url));

/** A row of text by column, null for null. */
export type TextRow = Readonly<Record<string, string | null>>;

/** What a run of the script came to, and what it took of Spark. */
export interface SparkRun {
  readonly exit: number;
  readonly printed: string;
  readonly jobs: number;
  readonly shuffles: number;
}

/** A query of somebody else's while a run says a line. */
export interface Meanwhile {
  readonly when: RegExp;
  readonly query: string;
}

/** Starts a Python program with Spark, Iceberg and the scripts of the Glue job: two cores, no page, few partitions. */
export async function startSpark(program: string, args: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
  const [{ python }, paths] = await Promise.all([pythonEnvironment('spark'), jars('iceberg-spark')]);
  const settings = [
    ...['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=2', 'spark.log.level=ERROR'],
    // A job that brings more than this to the driver fails.
    'spark.driver.maxResultSize=512k',
  ];
  const conf = settings.flatMap((setting) => ['--conf', setting]);
  const options = [
    '--master',
    'local[2]',
    '--driver-memory',
    '1g',
    // What the second compiler wins, so short a program never gets back. Alone, the first has too little room for its code by default.
    '--driver-java-options',
    '"-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m"',
    '--jars',
    paths.join(','),
    ...conf,
    'pyspark-shell',
  ];
  // By spark-submit the program would have no standard input.
  const env = { ...process.env, PYTHONPATH: SCRIPTS, PYSPARK_PYTHON: python, PYSPARK_SUBMIT_ARGS: options.join(' ') };
  // A group of its own: whoever kills it kills the JVM too.
  return spawn(python, [program, ...args], { env, detached: true });
}

/** A Spark session with the Iceberg lake of a folder, that runs plans and answers queries. */
export class SparkSession {
  /** The folder of its lake. */
  readonly warehouse: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((told: string) => void)[] = [];
  #log = '';

  private constructor(child: ChildProcessWithoutNullStreams, warehouse: string) {
    this.#child = child;
    this.warehouse = warehouse;
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    child.stderr.on('data', (text) => this.#note(String(text)));
    child.on('exit', (code) => {
      for (const wake of this.#waiting.splice(0))
        wake(JSON.stringify({ error: `Spark ended (${code}): ${this.#log}` }));
    });
  }

  /** Opens a session; the first answer waits for its start. */
  static async open(warehouse: string): Promise<SparkSession> {
    return new SparkSession(await startSpark(SESSION, [warehouse]), warehouse);
  }

  /** Runs the script of the Glue job; somebody else's query may be asked when it says something. */
  async run(args: readonly string[], meanwhile?: Meanwhile): Promise<SparkRun> {
    this.#log = '';
    const ask = {
      run: ['--warehouse', this.warehouse, ...args],
      when: meanwhile?.when.source,
      meanwhile: meanwhile?.query,
    };
    const figures = (await this.#ask(ask)) as Omit<SparkRun, 'printed'>;
    return { ...figures, printed: this.#log };
  }

  /** The rows of a query in Spark's SQL, as text. */
  async rows(query: string): Promise<readonly TextRow[]> {
    return ((await this.#ask({ query })) as { rows: TextRow[] }).rows;
  }

  close(): void {
    this.#child.stdin.end();
  }

  #hear(line: string): void {
    // What the session answers begins with a record separator; the rest is what the script printed.
    if (line.startsWith('\u001e')) this.#waiting.shift()?.(line.slice(1));
    else this.#note(`${line}\n`);
  }

  #note(text: string): void {
    this.#log = (this.#log + text).slice(-20_000);
  }

  async #ask(what: object): Promise<unknown> {
    const told = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${JSON.stringify(what)}\n`);
    });
    const answer = JSON.parse(told) as { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}
