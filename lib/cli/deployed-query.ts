import { athenaTable, type DatabaseLayer, type DeployedEnvironment, databaseName } from '../aws/index.ts';
import { askAthena } from '../engines/athena-answer.ts';
import { askingAws } from '../engines/aws-error.ts';
import { stackOutputs } from '../engines/stack-outputs.ts';
import { scanDollars } from '../infra/cost/scan-price.ts';
import { bind, type Plan, type QueryPlan } from '../plan/index.ts';
import type { Environment } from './environment.ts';
import { type CommonOptions, Output } from './output.ts';

interface DeployedQuery extends CommonOptions {
  readonly env: string;
  readonly asOf: string;
}

/** `lakehouse query --env`: a saved question or SQL, answered by the workgroup of an environment, with what it scanned and costs. */
export async function queryOnAws(
  environment: Environment,
  options: DeployedQuery,
  plan: Plan,
  query: QueryPlan | string,
): Promise<void> {
  const where = await environment.deployment(options.env);
  const output = new Output(environment, options);
  const { sql, notes } = await athenaText(where, plan, query, options.asOf);
  const stop = new AbortController();
  environment.onInterrupt(() => stop.abort());
  await askingAws(where, async () => {
    const { workgroup } = await stackOutputs(where, ['workgroup']);
    const onWait = (bytes: number) => output.rewrite(`  … ${workgroup}  ${sizeInWords(bytes)} scanned`);
    const { columns, batches, bytes } = await askAthena(where, sql, { workgroup, onWait, stop: stop.signal });
    output.rewrite();
    await output.stream(
      columns.map((column) => column.name),
      batches,
    );
    output.note(output.colors.dim(`scanned ${sizeInWords(bytes)}: $${scanDollars(bytes).toFixed(5)}`));
    for (const note of notes) output.note(output.colors.dim(`note: ${note}`));
  });
}

async function athenaText(where: DeployedEnvironment, plan: Plan, query: QueryPlan | string, asOf: string) {
  const { prefix } = where;
  if (typeof query !== 'string')
    return { sql: bind(query.sql.athena, { table: (name) => athenaTable(prefix, name), asOf }), notes: [] };
  const { queryToAthena } = await import('../plan/sql/index.ts');
  const { sql, unportable } = queryToAthena(query, {
    tables: plan.tables.map((table) => table.name),
    asOf,
    database: (layer) => databaseName(prefix, layer as DatabaseLayer),
  });
  const [first] = unportable;
  const more = unportable.length > 1 ? `; ${unportable.length - 1} more` : '';
  return {
    sql,
    notes: first ? [`not in the portable core, so another engine may answer otherwise: ${first}${more}`] : [],
  };
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

function sizeInWords(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toFixed(1)} ${UNITS[unit]}`;
}
