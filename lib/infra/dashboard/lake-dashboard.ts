import { type LambdaName, METRICS, type MetricName } from '../../aws/index.ts';
import type { Plan } from '../../plan/index.ts';
import { asked, counted, ofLambdas, ofRuns, type Watched } from './lines.ts';
import type { Row, Widget } from './widgets.ts';

const FATES = ['read', 'accepted', 'duplicate', 'superseded', 'quarantined'];

/** What each source feeds and how old it may be, from the contracts. */
function promises({ sources, tables }: Plan): string {
  const ownerOf = (name: string) => tables.find((table) => table.name === name)?.owner ?? '';
  const rows = sources.flatMap(({ name, feeds, fresh }) => {
    if (fresh === null) return [];
    const age = fresh.days === 1 ? 'a day' : `${fresh.days} days`;
    return [`${name} | ${age} | ${[...new Set(feeds.map(ownerOf))].join(', ')} | ${feeds.join(', ')}`];
  });
  return ['raw | may be old | owner | feeds', '---|---|---|---', ...rows].join('\n');
}

/** Numbers that Lambdas count themselves, side by side. */
const counts = (
  watched: Watched,
  title: string,
  lines: readonly (readonly [lambda: LambdaName, metric: MetricName, label: string])[],
): Widget => ({ kind: 'metrics', title, lines: lines.map((line) => counted(watched, ...line)) });

const runs = (plan: Plan, watched: Watched): Row => ({
  heading: 'Runs and freshness',
  widgets: [
    {
      kind: 'metrics',
      title: 'Daily runs',
      lines: [
        ofRuns(watched, 'ExecutionsSucceeded', 'succeeded'),
        ofRuns(watched, 'ExecutionsFailed', 'failed'),
        ofRuns(watched, 'ExecutionsTimedOut', 'timed out'),
        ofRuns(watched, 'ExecutionsAborted', 'stopped'),
      ],
    },
    {
      kind: 'metrics',
      title: 'How long a run takes, waiting included',
      unit: 'ms',
      lines: [{ ...ofRuns(watched, 'ExecutionTime', 'longest'), stat: 'Maximum' }],
    },
    counts(watched, 'Sources that were missing when looked for', [
      ['sense-sources', METRICS.missingSources, 'missing'],
    ]),
    { kind: 'text', markdown: promises(plan) },
  ],
});

const rows = (watched: Watched): Row => ({
  heading: 'Rows by fate, quarantine',
  widgets: [
    counts(watched, 'Records of a day', [
      ['validate-daily', METRICS.recordsRead, 'read'],
      ['validate-daily', METRICS.recordsQuarantined, 'quarantined'],
      ['validate-daily', METRICS.filesRefused, 'files refused'],
    ]),
    ...asked(
      watched,
      'validate-daily',
      'By day, table and fate, as the newest validation saw it',
      [
        'filter ispresent(fates.read)',
        `stats ${FATES.map((fate) => `latest(fates.${fate}) as ${fate}`).join(', ')} by date, table`,
        'sort date desc, quarantined desc',
      ].join(' | '),
    ),
  ],
});

const checks = (watched: Watched): Row => ({
  heading: 'Checks',
  widgets: [
    counts(watched, 'Broken checks', [
      ['run-checks', METRICS.checksFailed, 'failed on tables'],
      ['run-checks', METRICS.checksWarned, 'warned on tables'],
      ['validate-daily', METRICS.checksFailed, 'failed on source data'],
    ]),
    ...asked(
      watched,
      'run-checks',
      'Which ones of tables, newest first',
      'filter ispresent(broken.check) | display date, broken.verdict, broken.table, broken.check, broken.failed, broken.total | sort @timestamp desc | limit 50',
    ),
  ],
});

const waysIn = (watched: Watched): Row => ({
  heading: 'Ways in, and Lambdas',
  widgets: [
    counts(watched, 'HTTP API', [
      ['receive-records', METRICS.rowsAccepted, 'rows accepted'],
      ['receive-records', METRICS.requestsRejected, 'requests rejected'],
      ['receive-records', METRICS.deliveriesFailed, 'not delivered'],
    ]),
    {
      kind: 'metrics',
      title: 'How long records wait in Firehose',
      unit: 's',
      lines: watched.deliveries.map((DeliveryStreamName) => ({
        namespace: 'AWS/Firehose',
        metric: 'DeliveryToS3.DataFreshness',
        dimensions: { DeliveryStreamName },
        label: DeliveryStreamName,
        stat: 'Maximum',
      })),
    },
    { kind: 'metrics', title: 'Lambdas that broke', lines: ofLambdas(watched, 'Errors', 'Sum') },
    { kind: 'metrics', title: 'How long Lambdas take', unit: 'ms', lines: ofLambdas(watched, 'Duration', 'Maximum') },
  ],
});

const cost = (watched: Watched): Row => ({
  heading: 'Cost',
  widgets: [
    {
      kind: 'metrics',
      title: 'What Athena scanned',
      unit: 'bytes',
      lines: [
        ...Object.entries(watched.workgroups).map(([label, WorkGroup]) => ({
          namespace: 'AWS/Athena',
          metric: 'ProcessedBytes',
          dimensions: { WorkGroup },
          label,
        })),
        counted(watched, 'run-checks', METRICS.bytesScanned, 'checks'),
      ],
    },
    {
      kind: 'metrics',
      title: 'What the warehouse computed',
      unit: 'RPU seconds',
      lines: [
        {
          namespace: 'AWS/Redshift-Serverless',
          metric: 'ComputeSeconds',
          dimensions: { Workgroup: watched.warehouse },
          label: 'RPU seconds',
        },
      ],
    },
    {
      kind: 'text',
      markdown:
        'What stands idle costs by the line: `docs/cost.md`, `lakehouse cost`. A budget tells of what was spent and of what the month will come to.',
    },
  ],
});

/** The dashboard of an environment: is it well, do runs end, what became of the rows, what broke, what does it cost. */
export const lakeDashboard = (plan: Plan, watched: Watched): Row[] => [
  {
    heading: `${watched.environment}: is it well? What to do stands in [the runbook](${watched.runbookUrl})`,
    widgets: [{ kind: 'alarms', title: 'Alarms', arns: watched.alarmArns }],
  },
  runs(plan, watched),
  rows(watched),
  checks(watched),
  waysIn(watched),
  cost(watched),
];
