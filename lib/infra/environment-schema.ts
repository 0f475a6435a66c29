import { z } from 'zod';
import { ACCESS_ROLES } from '../aws/index.ts';
import { CronError, judgeCron } from './cron.ts';

const ROLES = ACCESS_ROLES.map((role) => role.name);

const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern, `expected ${expected}`);
const whole = (from: number, to: number, unit: string) =>
  z
    .int(`expected a whole number of ${unit}`)
    .min(from, `expected ${from} ${unit} or more`)
    .max(to, `expected ${to} ${unit} or less`);

const account = matching(/^[0-9]{12}$/, 'an account, 12 digits');
const region = matching(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'a region such as eu-west-1');
const zone = matching(/^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$/, 'an availability zone such as eu-west-1a');
const secret = matching(
  /^[A-Za-z0-9/_+=.@-]{3,100}$/,
  'the name of a secret in Secrets Manager, never its value',
).nullable();
const name = matching(/^[a-z][a-z0-9-]{1,30}$/, 'a name of lower-case letters, digits and hyphens');

const schedule = z.string().superRefine((expression, context) => {
  try {
    judgeCron(expression);
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    context.addIssue({ code: 'custom', message: `expected a schedule that fires: ${error.message}` });
  }
});

/** An alarm waits a day for a run that succeeds, and each validates the day before: a day left out would ring, and be judged by nobody. */
const daily = schedule.refine((expression) => /^cron\(\S+ \S+ (\* \* \?|\? \* \*) \*\)$/.test(expression), {
  error: 'expected a schedule of every day: cron(minute hour * * ? *)',
});

/** What an environment must say. Everything that differs between environments is here; what does not is in the stacks. */
export const environmentSchema = z.strictObject({
  name: z.enum(['dev', 'uat', 'prod']),
  account,
  region,
  /** Listed, so that synth looks nothing up. */
  availabilityZones: z.tuple([zone, zone, zone]),
  /** Begins the name of everything that has one; two environments may share an account, not a prefix. */
  prefix: matching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens')
    .min(3)
    .max(18),
  /** Whether this environment brings what exists once per account and region: Lake Formation's settings and tag keys. */
  ownsAccountSettings: z.boolean(),
  /** All in UTC. */
  schedules: z.strictObject({ run: daily, monthlyReport: schedule, crawl: schedule }),
  /** How long a run waits for raw datasets that have not come, and how often it looks. */
  sensing: z.strictObject({ deadlineMinutes: whole(0, 1200, 'minutes'), everyMinutes: whole(1, 60, 'minutes') }),
  retention: z.strictObject({
    logDays: z.union(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827].map((days) => z.literal(days)),
      'expected a number of days that CloudWatch knows, such as 30, 90 or 365',
    ),
    accessLogDays: whole(30, 3650, 'days'),
    quarantineDays: whole(7, 3650, 'days'),
    queryResultDays: whole(1, 90, 'days'),
    noncurrentDays: whole(1, 365, 'days'),
    snapshotDays: whole(1, 90, 'days'),
    /** Raw objects cannot be deleted for so long; 0 for no lock. At most 30, so that erasure stays possible. */
    rawLockDays: whole(0, 30, 'days'),
  }),
  /** A second region that raw and the archive are copied to (stack Replica); null for none. */
  replicaRegion: region.nullable(),
  glue: z.strictObject({ workers: whole(2, 50, 'workers'), timeoutMinutes: whole(5, 720, 'minutes') }),
  redshift: z.strictObject({
    baseCapacity: whole(4, 512, 'RPU'),
    maxCapacity: whole(4, 512, 'RPU'),
    rpuHoursPerDay: whole(1, 10_000, 'RPU hours'),
    snapshotDays: whole(1, 35, 'days'),
  }),
  athena: z.strictObject({ scanLimitBytes: whole(10_000_000, 100_000_000_000_000, 'bytes') }),
  budget: z.strictObject({ monthlyDollars: whole(1, 1_000_000, 'dollars') }),
  alerts: z.strictObject({
    slackSecret: secret,
    pagerDutySecret: secret,
    /** Where people read `docs/runbook.md`. */
    runbookUrl: z.url('expected the address of the runbook'),
  }),
  quickSight: z.strictObject({
    /** Users and groups that exist: who owns the dashboards, who looks at them, and as which role, which says what they see. */
    principals: z.array(
      z.strictObject({
        arn: matching(
          /^arn:aws[a-z-]*:quicksight:[a-z0-9-]+:[0-9]{12}:(user|group)[/].+$/,
          'the ARN of a QuickSight user or group',
        ),
        may: z.enum(['own', 'view'], 'expected own or view'),
        role: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`),
      }),
    ),
    /** The secret with the database user of the dashboards, who then read marts from the warehouse; null: all from the lake. */
    warehouseSecretArn: matching(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$/,
      'the ARN of a secret in Secrets Manager, with the six characters that it ends with',
    ).nullable(),
  }),
  /** Accounts that may push files of some datasets into raw. */
  sources: z.array(z.strictObject({ name, account, datasets: z.array(z.string()).min(1) })),
  /** Raw datasets, with keys, that the HTTP API takes; none for no API. */
  api: z.strictObject({ datasets: z.array(z.string()), requestsPerSecond: whole(1, 1000, 'requests a second') }),
  /** Raw datasets that come through Kinesis where the streaming switch is on. */
  streams: z.array(z.string()),
  /** Who may put files by SFTP, where its switch is on. */
  sftpUsers: z.array(
    z.strictObject({
      name,
      publicKey: matching(/^(ssh-(rsa|ed25519)|ecdsa-[a-z0-9-]+) [A-Za-z0-9+/=]+( .*)?$/, 'an SSH public key'),
      datasets: z.array(z.string()).min(1),
    }),
  ),
  /** Third-party loaders: the account that assumes the role, and the external id they gave. */
  loaders: z.array(
    z.strictObject({
      name,
      account,
      externalId: matching(
        /^[A-Za-z0-9+=,.@:/_-]{8,100}$/,
        'the external id that the loader gave, 8 characters or more',
      ),
      datasets: z.array(z.string()).min(1),
    }),
  ),
  /** What happens to data when its stack goes. Deleting takes a written reason. */
  deletion: z.discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('retain') }),
    z.strictObject({
      policy: z.literal('delete'),
      reason: z.string().min(20, 'expected a reason, 20 characters or more'),
    }),
  ]),
  switches: z.strictObject({
    streaming: z.boolean(),
    crawlerSchedules: z.boolean(),
    sageMaker: z.boolean(),
    quickSight: z.boolean(),
    sftp: z.boolean(),
  }),
});

/** One environment: dev, uat or prod. */
export type Environment = z.infer<typeof environmentSchema>;

/** What no single field can say. `fields`: a rule is judged when these are well formed; the first is named as at fault. */
interface CrossRule {
  readonly fields: readonly [keyof Environment, ...(keyof Environment)[]];
  readonly expected: string;
  readonly holds: (environment: Environment) => boolean;
}

const distinct = (values: readonly string[]) => new Set(values).size === values.length;

/** Rules between fields. */
export const CROSS_RULES: readonly CrossRule[] = [
  {
    fields: ['availabilityZones', 'region'],
    expected: 'three different zones of the region',
    holds: ({ availabilityZones: zones, region }) =>
      distinct(zones) && zones.every((each) => each.slice(0, -1) === region),
  },
  {
    fields: ['alerts', 'name'],
    expected: 'slackSecret and pagerDutySecret in prod: somebody must hear of a failure',
    holds: ({ alerts, name }) => name !== 'prod' || (alerts.slackSecret !== null && alerts.pagerDutySecret !== null),
  },
  {
    fields: ['deletion', 'name'],
    expected: 'retain in prod',
    holds: ({ deletion, name }) => name !== 'prod' || deletion.policy === 'retain',
  },
  {
    fields: ['redshift'],
    expected: 'maxCapacity of at least baseCapacity',
    holds: ({ redshift }) => redshift.maxCapacity >= redshift.baseCapacity,
  },
  {
    fields: ['replicaRegion', 'region'],
    expected: 'another region than the lake’s own',
    holds: ({ replicaRegion, region }) => replicaRegion !== region,
  },
  {
    fields: ['quickSight', 'switches'],
    expected: 'a principal who owns, since the QuickSight switch is on',
    holds: ({ quickSight, switches }) => !switches.quickSight || quickSight.principals.some(({ may }) => may === 'own'),
  },
  {
    fields: ['sftpUsers', 'switches'],
    expected: 'a user, since the SFTP switch is on',
    holds: ({ sftpUsers, switches }) => !switches.sftp || sftpUsers.length > 0,
  },
  {
    fields: ['sources'],
    expected: 'names that differ',
    holds: ({ sources }) => distinct(sources.map((each) => each.name)),
  },
  {
    fields: ['loaders', 'sources'],
    expected: 'names that differ, from those of sources too',
    holds: ({ loaders, sources }) =>
      distinct(loaders.map((each) => each.name)) &&
      loaders.every(({ name }) => sources.every((source) => source.name !== name)),
  },
  {
    fields: ['sftpUsers'],
    expected: 'names that differ',
    holds: ({ sftpUsers }) => distinct(sftpUsers.map((each) => each.name)),
  },
  {
    fields: ['api'],
    expected: 'datasets that differ',
    holds: ({ api }) => distinct(api.datasets),
  },
  {
    fields: ['streams'],
    expected: 'datasets that differ',
    holds: ({ streams }) => distinct(streams),
  },
];
