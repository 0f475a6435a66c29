import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../lib/aws/index.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName, environmentNamed } from '../../lib/infra/environments.ts';
import { at, listOf, readable, type TemplateResource, type TemplateValue } from '../../lib/infra/readable.ts';
import { synthesised } from './synthesised.ts';

interface Found extends TemplateResource {
  readonly stack: string;
  readonly id: string;
  readonly of: { readonly [key: string]: TemplateValue };
}

/** The resources of a type in all stacks of an environment. */
const all = (environment: EnvironmentName, type: string): Found[] => {
  const { names, json } = synthesised(environment);
  return names.flatMap((stack) =>
    Object.entries(json(stack).Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ ...resource, stack, id, of: resource.Properties ?? {} })),
  );
};

/** What an alarm reads: each metric's name and dimensions, as text. */
const readBy = ({ of }: Found): string[] => {
  const metrics = listOf(of.Metrics).flatMap((each) => listOf(at(each, 'MetricStat.Metric')));
  const single = of.MetricName === undefined ? [] : [of];
  return [...metrics, ...single].map(
    (each) =>
      `${at(each, 'MetricName')} ${listOf(at(each, 'Dimensions'))
        .map((dimension) => readable(at(dimension, 'Value') ?? ''))
        .join(' ')}`,
  );
};

const headings = [
  ...readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8').matchAll(/^#+ (.+)$/gm),
].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-'),
);

describe.each(ENVIRONMENT_NAMES)('in %s', (environment) => {
  const alarms = all(environment, 'AWS::CloudWatch::Alarm');
  const watched = alarms.flatMap(readBy);

  it.each(alarms.map((alarm) => [String(alarm.of.AlarmName), alarm] as const))(
    '%s tells the topic when it begins and when it is over, and has its place in the runbook',
    (name, { of }) => {
      for (const actions of [of.AlarmActions, of.OKActions])
        expect(listOf(actions).map(readable)).toEqual([expect.stringMatching(/Topic$/)]);
      const [, anchor = ''] = /docs\/runbook[.]md#([a-z-]+)$/.exec(String(of.AlarmDescription)) ?? [];
      expect(headings).toContain(anchor);
      expect(name).toContain(`lakehouse-${environment}-${anchor}`);
    },
  );

  it('no two alarms have one name', () => {
    const names = alarms.map(({ of }) => of.AlarmName);
    expect(new Set(names).size).toBe(names.length);
  });

  it('every event and step that is told names a place in the runbook', () => {
    const { names, json } = synthesised(environment);
    const told = names.flatMap((stack) => [
      ...JSON.stringify(json(stack).Resources).matchAll(/\\"kind\\":\\"notice\\".*?\\"runbook\\":\\"([a-z-]+)\\"/g),
    ]);
    expect(told.length).toBeGreaterThan(6);
    for (const [, anchor] of told) expect(headings).toContain(anchor);
  });

  it('errors and throttles of every Lambda of this project ring', () => {
    const functions = all(environment, 'AWS::Lambda::Function')
      .map(({ of }) => String(of.FunctionName))
      .filter((name) => !name.endsWith('-provider'));
    expect(functions.length).toBeGreaterThan(5);
    for (const name of functions) {
      expect(watched).toContain(`Errors ${name}`);
      expect(watched).toContain(`Throttles ${name}`);
    }
  });

  it('every queue of dead letters rings', () => {
    const letters = all(environment, 'AWS::SQS::Queue').filter(({ of }) => of.RedrivePolicy === undefined);
    expect(letters.length).toBeGreaterThan(3);
    const depths = watched.filter((metric) => metric.startsWith('ApproximateNumberOfMessagesVisible '));
    expect(depths).toHaveLength(letters.length);
  });

  it('every delivery stream rings when it is late', () => {
    for (const { of } of all(environment, 'AWS::KinesisFirehose::DeliveryStream'))
      expect(watched).toContain(`DeliveryToS3.DataFreshness ${of.DeliveryStreamName}`);
  });

  it.each([
    'ExecutionsFailed',
    'ExecutionsTimedOut',
    'ExecutionsAborted',
    'ExecutionsSucceeded',
    `RecordsQuarantined ${environment} validate-daily`,
    '5xx',
    'ProcessedBytes',
    'ComputeSeconds',
  ])('%s is watched', (metric) => {
    expect(watched.filter((each) => each.startsWith(metric))).not.toEqual([]);
  });

  it('silence is alarming only where something must happen each day', () => {
    const breaching = alarms.filter(({ of }) => of.TreatMissingData !== 'notBreaching');
    expect(breaching.map(({ of }) => of.AlarmName)).toEqual([`lakehouse-${environment}-no-run-succeeds`]);
    // CloudWatch looks back for a week at most.
    for (const { of } of breaching) expect(Number(of.EvaluationPeriods) * Number(of.Period)).toBeLessThan(7 * 86_400);
  });

  it('an alarm reads ten metrics at most', () => {
    for (const alarm of alarms) expect(readBy(alarm).length).toBeLessThanOrEqual(10);
  });

  it('no alarm is silent because one of the metrics that it adds is', () => {
    const added = alarms.flatMap(({ of }) => listOf(of.Metrics).map((each) => String(at(each, 'Expression') ?? '')));
    expect(added.filter((expression) => expression === 'SUM(METRICS())').length).toBeGreaterThan(2);
    expect(added.filter((expression) => expression.includes('+'))).toEqual([]);
  });

  it('every log group forgets, and is encrypted', () => {
    const groups = all(environment, 'AWS::Logs::LogGroup');
    const { logDays } = environmentNamed(environment).retention;
    for (const { of } of groups) expect([of.RetentionInDays, of.KmsKeyId !== undefined]).toEqual([logDays, true]);
  });

  it('every Lambda writes to a log group of its own, and is traced', () => {
    const groups = all(environment, 'AWS::Logs::LogGroup').map(({ stack, id }) => `${stack}/${id}`);
    const written = all(environment, 'AWS::Lambda::Function').map(({ stack, of }) => {
      expect(at(of, 'TracingConfig.Mode')).toBe('Active');
      return `${stack}/${at(of, 'LoggingConfig.LogGroup.Ref')}`;
    });
    expect(new Set(written).size).toBe(written.length);
    expect(groups).toEqual(expect.arrayContaining(written));
  });

  it('what services would log into groups of their own making has groups that forget', () => {
    const groups = all(environment, 'AWS::Logs::LogGroup').map(({ of }) => readable(of.LogGroupName ?? ''));
    const prefix = `lakehouse-${environment}`;
    for (const log of ['userlog', 'connectionlog', 'useractivitylog'])
      expect(groups).toContain(`/aws/redshift/${prefix}/${log}`);
    expect(groups).toContain(`/aws-glue/crawlers-role/RolesCrawler-${prefix}-crawlers`);
    // Glue developer guide, Logging for AWS Glue jobs: <prefix>/<security configuration>-role/<role>/{output,error} from 5.0 on.
    const [job] = all(environment, 'AWS::Glue::Job');
    const [role, below] = [job?.of.Role, at(job?.of, 'DefaultArguments.--custom-logGroup-prefix')].map((each) =>
      readable(each ?? ''),
    );
    for (const stream of ['output', 'error'])
      expect(groups).toContain(`${below}/${prefix}-jobs-role/${role}/${stream}`);
    expect(job?.of.DefaultArguments).not.toHaveProperty('--continuous-log-logGroup');
  });

  it('the budget is that of the environment, and tells of what was spent and what will be', () => {
    const [budget, ...others] = all(environment, 'AWS::Budgets::Budget');
    expect(others).toEqual([]);
    expect(budget?.of.Budget).toMatchObject({
      BudgetLimit: { Amount: environmentNamed(environment).budget.monthlyDollars, Unit: 'USD' },
      TimeUnit: 'MONTHLY',
    });
    const told = listOf(budget?.of.NotificationsWithSubscribers).map(
      (each) => `${at(each, 'Notification.NotificationType')} ${at(each, 'Notification.Threshold')}`,
    );
    expect(told).toEqual(['ACTUAL 80', 'FORECASTED 100', 'ACTUAL 100']);
  });
});

describe.each(ENVIRONMENT_NAMES)('the dashboard of %s', (environment) => {
  const [dashboard] = all(environment, 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(String(dashboard?.of.DashboardBody)) as {
    widgets: {
      type: string;
      x: number;
      y: number;
      width: number;
      height: number;
      properties: { readonly [key: string]: TemplateValue };
    }[];
  };

  it('has no two widgets in one place, and none beyond its edge', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)} ${y + Math.floor(index / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });

  it('lists every alarm', () => {
    const shown = widgets.flatMap(({ type, properties }) => (type === 'alarm' ? listOf(properties.alarms) : []));
    const names = all(environment, 'AWS::CloudWatch::Alarm').map(({ of }) => String(of.AlarmName));
    expect(shown.map((arn) => String(arn).split(':alarm:')[1]).sort()).toEqual(names.sort());
  });

  it('shows metrics that Lambdas count, by the names they count them', () => {
    const own = widgets
      .flatMap(({ properties }) => listOf(properties.metrics))
      .map((line) => listOf(line))
      .filter(([namespace]) => namespace === 'Lakehouse');
    expect(own.length).toBeGreaterThan(8);
    for (const [, name, , lambda, , of] of own) {
      expect(Object.values(METRICS)).toContain(name);
      expect(of).toBe(environment);
      expect(readFileSync(new URL(`../../lambdas/${lambda}/handler.ts`, import.meta.url), 'utf8')).toContain(
        `METRICS.${Object.entries(METRICS).find(([, value]) => value === name)?.[0]}`,
      );
    }
  });

  it('asks logs that are there, for fields that Lambdas write', () => {
    const groups = all(environment, 'AWS::Logs::LogGroup').map(({ of }) => of.LogGroupName);
    const queries = widgets.filter(({ type }) => type === 'log').map(({ properties }) => String(properties.query));
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      const [, group = '', lambda = ''] = /^SOURCE '(\/aws\/lambda\/lakehouse-[a-z]+-([a-z-]+))'/.exec(query) ?? [];
      expect(groups).toContain(group);
      const handler = readFileSync(new URL(`../../lambdas/${lambda}/handler.ts`, import.meta.url), 'utf8');
      const [, field = ''] = /ispresent\((\w+)[.]/.exec(query) ?? [];
      expect(handler).toMatch(new RegExp(`date, .*${field}`));
    }
  });
});
