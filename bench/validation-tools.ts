/** The tools that judge the planted tables, and how to read what each of them says. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countOf, DuckDb, rowsOf } from '../lib/engines/index.ts';
import { type Clause, clausesOf } from '../lib/quality/clause.ts';
import { jars, pythonEnvironment } from '../lib/tools/index.ts';
import { builtPlan, LAKEHOUSE } from './built-plan.ts';
import { type Command, lastLines } from './command.ts';
import { DAY } from './planted-table.ts';
import { scratch } from './sample-data.ts';
import { sparkEnvironment } from './spark-environment.ts';

const FOLDER = scratch();
/** What a run of this project leaves; it must not be there before. */
export const LAKE = join(FOLDER, 'lake');
const SUITES = join(FOLDER, 'suites');
const WAREHOUSE = [`spark.sql.warehouse.dir=${join(FOLDER, 'spark')}`];
const TABLES = ['base.card_transaction', 'base.chargeback'] as const;
const ONLY = ['--only', ...TABLES];

const peer = (program: string) => fileURLToPath(new URL(`peers/validation/${program}`, import.meta.url));

/** What a tool says of a clause: whether it is broken, and by how many rows where it counts. */
export interface Verdict {
  readonly broken: boolean;
  readonly failed: number | null;
}
/** By clause: `base.card_transaction: present(kind)`. */
export type Verdicts = Readonly<Record<string, Verdict>>;

/** A way of judging both tables in a raw zone. */
export interface Tool {
  readonly command: (raw: string) => Command;
  /** What it printed, or left behind, means. Clauses that it has no words for are left out. */
  readonly verdicts: (output: string) => Verdicts | Promise<Verdicts>;
  /** Where it counts other rows than those that must go for the clause to hold: how many, and why. */
  readonly countsOtherwise?: Readonly<Record<string, { readonly times: number; readonly since: string }>>;
}

/** Of each table, all that it promises but what only a load can tell. */
export const clauses: readonly (Clause & { readonly table: string; readonly id: string })[] = builtPlan()
  .tables.filter(({ name }) => TABLES.some((wanted) => wanted === name))
  .flatMap((each) =>
    clausesOf(each).map((clause) => ({ ...clause, table: each.name, id: `${each.name}: ${clause.name}` })),
  )
  .filter(({ statement }) => statement.kind !== 'of_the_load');

/** The last line of a peer's program is its verdicts. */
const fromLastLine = (output: string): Verdicts => JSON.parse(lastLines(output));

/** The clause that a quarantined record's reason (`kind:one_of`) is about. */
function clauseOf(dataset: string, reason: string): string {
  const [column, kind] = reason.split(':');
  const clause = clauses.find(
    ({ table, statement }) =>
      table === `base.${dataset}` &&
      'column' in statement &&
      statement.column === column &&
      statement.kind === (kind === 'missing' ? 'present' : kind),
  );
  if (clause === undefined) throw new Error(`${dataset}: no clause says ${reason}`);
  return clause.id;
}

/** What a run found: reasons of quarantined records, rows that lost their key, and checks. What it did not find was kept. */
async function verdictsOfRun(): Promise<Verdicts> {
  const db = await DuckDb.open({ path: join(LAKE, 'lake.duckdb'), readOnly: true });
  const reasons = await rowsOf(
    db,
    'select dataset, reason, count(*) as n from (select dataset, unnest(reasons) as reason from ops.quarantine) group by all',
  );
  const fates = await rowsOf(db, 'select table_name, duplicate + superseded as n from ops.step');
  const checks = await rowsOf(db, 'select table_name, check_name, failed from ops."check"');
  db.close();
  const found = new Map<string, number>(clauses.map(({ id }) => [id, 0]));
  for (const { dataset, reason, n } of reasons) found.set(clauseOf(String(dataset), String(reason)), countOf(n));
  for (const { table_name, check_name, failed } of checks)
    if (found.has(`${table_name}: ${check_name}`)) found.set(`${table_name}: ${check_name}`, countOf(failed));
  for (const { id, table, statement } of clauses)
    if (statement.kind === 'unique') found.set(id, countOf(fates.find((row) => row.table_name === table)?.n));
  return Object.fromEntries([...found].map(([id, failed]) => [id, { broken: failed > 0, failed }]));
}

interface Validation {
  readonly tables: readonly { readonly name: string; readonly duplicate: number; readonly superseded: number }[];
  readonly checks: readonly {
    readonly table: string;
    readonly check: string;
    readonly verdict: string;
    readonly failed: number;
  }[];
}

/**
 * What `validate` says: how many records the rules and the columns would quarantine together, which keys came twice, and the
 * checks that a day's records can decide. References and freshness are left to the run.
 */
function verdictsOfDay(output: string): Verdicts {
  const { tables, checks }: Validation = JSON.parse(output.slice(output.indexOf('{')));
  const judged = checks
    .filter(({ verdict, check }) => verdict !== 'skipped' && clauses.some(({ name }) => name === check))
    .map(({ table, check, failed }) => [`${table}: ${check}`, { broken: failed > 0, failed }]);
  const keys = tables.map(({ name, duplicate, superseded }) => {
    const failed = duplicate + superseded;
    return [
      clauses.find((each) => each.table === name && each.statement.kind === 'unique')?.id,
      { broken: failed > 0, failed },
    ];
  });
  const conforming = checks
    .filter(({ check }) => check === 'conforms')
    .flatMap(({ table, failed }) => {
      const together = clauses.filter((each) => each.table === table && /^(present|rule)[(]/.test(each.name));
      // As many rows were planted for each of them, so the sum tells of each.
      const share = failed / together.length;
      return together.map(({ id }) => [id, { broken: failed > 0, failed: share }]);
    });
  return Object.fromEntries([...judged, ...keys, ...conforming]);
}

const [validators, soda, deequ] = await Promise.all(['validators', 'soda', 'deequ'].map(pythonEnvironment));
if (!validators || !soda || !deequ) throw new Error('an environment is missing');

const bothRows = { times: 2, since: 'counts both rows of a key that stands twice' };
const uniqueCountsBoth = { 'unique(transaction_id)': bothRows, 'unique(chargeback_id)': bothRows };
const missingToo = { times: 2, since: 'counts missing values too' };

const expectations = (engine: 'pandas' | 'spark'): Tool => ({
  command: (raw) => ({
    command: [validators.python, peer('great_expectations_suites.py'), engine, SUITES, raw, DAY],
    env: { ...sparkEnvironment(validators, { settings: WAREHOUSE }), GX_ANALYTICS_ENABLED: 'false' },
  }),
  verdicts: fromLastLine,
  countsOtherwise: uniqueCountsBoth,
});

const deequJars = await jars('deequ');

/** By name. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  'this project, lakehouse validate': {
    command: (raw) => ({
      command: [...LAKEHOUSE, 'validate', '--raw', raw, '--date', DAY, ...ONLY, '--format', 'json', '--quiet'],
    }),
    verdicts: verdictsOfDay,
  },
  'this project, lakehouse run': {
    command: (raw) => ({
      command: [...LAKEHOUSE, 'run', '--raw', raw, '--lake', LAKE, '--as-of', DAY, ...ONLY, '--quiet'],
    }),
    verdicts: verdictsOfRun,
  },
  'Great Expectations, pandas': expectations('pandas'),
  'Great Expectations, Spark': expectations('spark'),
  'Soda, DuckDB': {
    command: (raw) => ({
      command: [soda.python, peer('soda_contracts.py'), raw, DAY],
      env: { SODA_CORE_TELEMETRY_ENABLED: 'false' },
    }),
    verdicts: fromLastLine,
  },
  PyDeequ: {
    command: (raw) => ({
      command: [deequ.python, peer('deequ_checks.py'), raw, DAY],
      env: { ...sparkEnvironment(deequ, { jars: deequJars }), SPARK_VERSION: '3.5' },
    }),
    verdicts: fromLastLine,
    countsOtherwise: { ...uniqueCountsBoth, 'rule(merchant_country is 2 capital letters)': missingToo },
  },
};

/** Writes the suites that Great Expectations judges by, as the contract exports them. */
export function exportSuites(): void {
  const [node, program] = LAKEHOUSE;
  const options = ['--to', 'great-expectations', '--out', SUITES, '--quiet'];
  execFileSync(node, [program, 'contract', 'export', ...TABLES, ...options]);
}
