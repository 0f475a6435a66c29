import type { Plan } from '../plan/index.ts';
import { CROSS_RULES, type Environment, environmentSchema } from './environment-schema.ts';

export type { Environment } from './environment-schema.ts';

/** The name of an environment. */
export type EnvironmentName = Environment['name'];

const SHARED = {
  region: 'eu-west-1',
  availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  ownsAccountSettings: true,
  schedules: {
    run: 'cron(0 2 * * ? *)',
    crawl: 'cron(30 0 * * ? *)',
    monthlyReport: 'cron(0 6 1 * ? *)',
  },
  sensing: { deadlineMinutes: 240, everyMinutes: 15 },
  replicaRegion: null,
  api: { datasets: ['purchase', 'refund', 'void'], requestsPerSecond: 50 },
  streams: ['inventory_event', 'site_event'],
  sftpUsers: [],
} satisfies Partial<Environment>;

const RETENTION = { accessLogDays: 365, quarantineDays: 180, queryResultDays: 7, noncurrentDays: 30, snapshotDays: 7 };
const NOBODY = { sources: [], loaders: [] };
const NO_DASHBOARDS = { principals: [], warehouseSecretArn: null };
const group = (account: string, name: string) => `arn:aws:quicksight:eu-west-1:${account}:group/default/${name}`;
const RUNBOOK = { runbookUrl: 'https://git.example.com/commerce-lakehouse/docs/runbook.md' };
const ALL_BUT_SFTP = { streaming: true, crawlerSchedules: true, sageMaker: true, quickSight: true, sftp: false };

/** The environments of this lakehouse. The accounts are AWS's examples: put your own. */
const ENVIRONMENTS: Readonly<Record<EnvironmentName, Environment>> = {
  dev: {
    ...SHARED,
    ...NOBODY,
    quickSight: NO_DASHBOARDS,
    name: 'dev',
    account: '111122223333',
    prefix: 'lakehouse-dev',
    retention: { ...RETENTION, logDays: 14, accessLogDays: 30, noncurrentDays: 7, rawLockDays: 0 },
    glue: { workers: 2, timeoutMinutes: 60 },
    redshift: { baseCapacity: 4, maxCapacity: 8, rpuHoursPerDay: 8, snapshotDays: 1 },
    athena: { scanLimitBytes: 10_000_000_000 },
    budget: { monthlyDollars: 100 },
    alerts: { ...RUNBOOK, slackSecret: null, pagerDutySecret: null },
    deletion: { policy: 'delete', reason: 'dev holds generated sample data only, made anew by lakehouse sample' },
    switches: { streaming: false, crawlerSchedules: false, sageMaker: false, quickSight: false, sftp: false },
  },
  uat: {
    ...SHARED,
    ...NOBODY,
    quickSight: {
      principals: [{ arn: group('444455556666', 'stewards'), may: 'own', role: 'lakehouse_steward' }],
      warehouseSecretArn: null,
    },
    name: 'uat',
    account: '444455556666',
    prefix: 'lakehouse-uat',
    retention: { ...RETENTION, logDays: 90, rawLockDays: 0 },
    glue: { workers: 10, timeoutMinutes: 240 },
    redshift: { baseCapacity: 8, maxCapacity: 32, rpuHoursPerDay: 64, snapshotDays: 7 },
    athena: { scanLimitBytes: 1_000_000_000_000 },
    budget: { monthlyDollars: 1000 },
    alerts: { ...RUNBOOK, slackSecret: 'lakehouse-uat/slack-webhook', pagerDutySecret: null },
    deletion: { policy: 'retain' },
    switches: ALL_BUT_SFTP,
  },
  prod: {
    ...SHARED,
    name: 'prod',
    account: '777788889999',
    prefix: 'lakehouse-prod',
    retention: { ...RETENTION, logDays: 365, rawLockDays: 30 },
    glue: { workers: 10, timeoutMinutes: 240 },
    redshift: { baseCapacity: 8, maxCapacity: 64, rpuHoursPerDay: 128, snapshotDays: 30 },
    athena: { scanLimitBytes: 1_000_000_000_000 },
    budget: { monthlyDollars: 3000 },
    alerts: {
      ...RUNBOOK,
      slackSecret: 'lakehouse-prod/slack-webhook',
      pagerDutySecret: 'lakehouse-prod/pagerduty-routing-key',
    },
    quickSight: {
      principals: [
        { arn: group('777788889999', 'stewards'), may: 'own', role: 'lakehouse_steward' },
        { arn: group('777788889999', 'analysts'), may: 'view', role: 'lakehouse_analyst' },
      ],
      warehouseSecretArn: 'arn:aws:secretsmanager:eu-west-1:777788889999:secret:lakehouse-prod/dashboards-a1B2c3',
    },
    sources: [{ name: 'payments-platform', account: '222233334444', datasets: ['purchase', 'refund', 'void'] }],
    loaders: [
      { name: 'fivetran', account: '834469178297', externalId: 'example_external_id', datasets: ['orders', 'reviews'] },
    ],
    deletion: { policy: 'retain' },
    switches: ALL_BUT_SFTP,
  },
};

/** The names of the environments, as `-c env=` takes them. */
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as readonly EnvironmentName[];

/** An environment is unknown, or its record is not one that can be deployed. Names every fault. */
export class EnvironmentError extends Error {
  readonly faults: readonly string[];

  constructor(what: string, faults: readonly string[], next: string) {
    super([what, ...faults.map((fault) => `  ${fault}`), next].join('\n'));
    this.name = 'EnvironmentError';
    this.faults = faults;
  }
}

const valueAt = (record: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], record);

const fault = (record: unknown, path: readonly PropertyKey[], expected: string): string =>
  `${path.map(String).join('.')}: found ${JSON.stringify(valueAt(record, path))}, ${expected}`;

/** What of a plan says which raw datasets there are. */
export type Datasets = Pick<Plan, 'sources' | 'tables'>;

/** The datasets that an environment names and that are not there, or cannot come that way; each with its field. */
function faultyDatasets(
  environment: Environment,
  malformed: ReadonlySet<string>,
  { sources, tables }: Datasets,
): string[] {
  const known = sources.map((source) => source.name);
  const formed = (field: keyof Environment) => !malformed.has(field);
  const api = formed('api') ? environment.api.datasets : [];
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['api.datasets', api],
    ['streams', formed('streams') ? environment.streams : []],
    ...(['sources', 'loaders', 'sftpUsers'] as const)
      .filter(formed)
      .flatMap((field) =>
        environment[field].map(({ datasets }, index) => [`${field}.${index}.datasets`, datasets] as const),
      ),
  ];
  const unknown = named.flatMap(([field, datasets]) =>
    datasets
      .filter((dataset) => !known.includes(dataset))
      .map((dataset) => `${field}: found ${JSON.stringify(dataset)}, expected one of ${known.join(', ')}`),
  );
  const keyless = api.flatMap((dataset) => {
    const table = tables.find(
      ({ making, grain }) => making.kind === 'load' && making.source === dataset && grain.length === 0,
    );
    return table ? [`api.datasets: found ${JSON.stringify(dataset)}, expected keys, which ${table.name} has not`] : [];
  });
  return [...unknown, ...keyless];
}

/**
 * Takes a record as an environment; beside a plan, the datasets that it names are judged too.
 * @throws EnvironmentError with every fault at once, each named by its field.
 */
export function parseEnvironment(record: unknown, datasets?: Datasets): Environment {
  const shape = environmentSchema.safeParse(record);
  const issues = shape.error?.issues ?? [];
  const malformed = new Set(issues.map((issue) => String(issue.path[0])));
  const judged = CROSS_RULES.filter((rule) => rule.fields.every((field) => !malformed.has(field)));
  const faults = [
    ...issues.map((issue) => fault(record, issue.path, issue.message)),
    ...judged
      .filter((rule) => !rule.holds(record as Environment))
      .map((rule) => fault(record, [rule.fields[0]], `expected ${rule.expected}`)),
    ...(datasets ? faultyDatasets(record as Environment, malformed, datasets) : []),
  ];
  if (shape.success && faults.length === 0) return shape.data;
  const name = String(valueAt(record, ['name']));
  throw new EnvironmentError(
    `environment ${name}: ${faults.length} faults`,
    faults,
    'mend them in lib/infra/environments.ts',
  );
}

/** The environment of a name, as `cdk -c env=NAME` gives it. @throws EnvironmentError listing the known ones. */
export function environmentNamed(name: unknown, datasets?: Datasets): Environment {
  const known = ENVIRONMENT_NAMES.find((each) => each === name);
  if (known) return parseEnvironment(ENVIRONMENTS[known], datasets);
  const problem = name === undefined ? 'no environment was named' : `unknown environment ${JSON.stringify(name)}`;
  throw new EnvironmentError(problem, [], `name one of ${ENVIRONMENT_NAMES.join(', ')}: npx cdk synth -c env=dev`);
}
