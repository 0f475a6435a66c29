import { type DatabaseLayer, type DeployedEnvironment, databaseName, rawDataset } from '../aws/index.ts';
import { askingAws } from '../engines/aws-error.ts';
import { DayBucket } from '../engines/bucket.ts';
import { type Execution, Machine } from '../engines/executions.ts';
import { stackOutputs } from '../engines/stack-outputs.ts';
import { tableTimes } from '../engines/table-times.ts';
import type { Plan } from '../plan/index.ts';
import { isBroken, type Outcome } from '../quality/index.ts';
import { storedChecks, storedValidation } from './deployed-results.ts';
import { printDeployedStatus } from './deployed-status-summary.ts';
import { type Environment, loadPlan } from './environment.ts';
import { type CommonOptions, Output } from './output.ts';

/** A table of an environment. */
interface DeployedTable {
  readonly name: string;
  /** When it last got another snapshot; null for one that is not in the catalog. */
  readonly changed_at: string | null;
  /** The newest day on which files of its dataset arrived; null for tables that are made of others. */
  readonly newest_file: string | null;
  readonly broken_checks: number;
}

/** Whose results these are. */
interface Judged {
  readonly date: string;
  readonly status: 'pass' | 'fail';
}

/** How an environment stands. */
export interface DeployedStatus {
  readonly environment: string;
  readonly runs: readonly Execution[];
  readonly tables: readonly DeployedTable[];
  /** The newest checks of tables, and the newest validation of source data. */
  readonly checked: Judged | null;
  readonly validated: Judged | null;
  readonly broken: readonly Outcome[];
}

const RUNS = 10;

/** `lakehouse status --env`: last executions, freshness and broken checks, from what the runs left behind; asks no query, so costs nothing to speak of. */
export async function statusOnAws(
  environment: Environment,
  options: CommonOptions & { readonly env: string },
): Promise<void> {
  const where = await environment.deployment(options.env);
  const plan = await loadPlan(environment);
  printDeployedStatus(new Output(environment, options), await askingAws(where, () => deployedStatus(where, plan)));
}

async function deployedStatus(where: DeployedEnvironment, plan: Plan): Promise<DeployedStatus> {
  const outputs = await stackOutputs(where, ['machine', 'resultsBucket', 'rawBucket']);
  const results = new DayBucket(where, outputs.resultsBucket);
  const [runs, newest, changed, [checked, source]] = await Promise.all([
    lastRuns(new Machine(where, outputs.machine)),
    newestDays(new DayBucket(where, outputs.rawBucket), plan),
    changedAt(where, plan),
    newestResults(results),
  ]);
  const broken = [...(source?.checks ?? []), ...(checked?.checks ?? [])].filter(isBroken);
  return {
    environment: where.name,
    runs,
    tables: plan.tables.map(({ name, making }) => ({
      name,
      changed_at: changed.get(name) ?? null,
      newest_file: making.kind === 'load' ? (newest.get(making.source) ?? null) : null,
      broken_checks: broken.filter(({ table }) => table === name).length,
    })),
    checked: judged(checked),
    validated: judged(source),
    broken,
  };
}

const judged = (result: Judged | null): Judged | null => result && { date: result.date, status: result.status };

async function lastRuns(machine: Machine): Promise<Execution[]> {
  return await Promise.all((await machine.newest(RUNS)).map((name) => machine.execution(name)));
}

async function newestDays(raw: DayBucket, { sources }: Plan): Promise<Map<string, string | null>> {
  return new Map(
    await Promise.all(sources.map(async ({ name }) => [name, await raw.newestDay(rawDataset(name))] as const)),
  );
}

async function changedAt(where: DeployedEnvironment, { tables }: Plan): Promise<Map<string, string>> {
  const layers = [...new Set(tables.map(({ layer }) => layer))];
  const perLayer = layers.map(async (layer: DatabaseLayer) => {
    const times = await tableTimes(where, databaseName(where.prefix, layer));
    return [...times].map(([table, time]) => [`${layer}.${table}`, time] as const);
  });
  return new Map((await Promise.all(perLayer)).flat());
}

async function newestResults(results: DayBucket) {
  const [checks, validation] = await Promise.all(['checks/', 'validation/'].map((what) => results.newestDay(what)));
  return await Promise.all([
    checks ? storedChecks(results, checks) : null,
    validation ? storedValidation(results, validation) : null,
  ]);
}
