import { type App, Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { jobName, machineName, RAW_ROOT, workgroupName } from '../../aws/index.ts';
import { athenaReader } from '../constructs/athena-reader.ts';
import { together } from '../constructs/counted-together.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LakeLogGroup } from '../constructs/lake-log-group.ts';
import { LakeQueue } from '../constructs/lake-queue.ts';
import { allow, encryptWith, listObjects, ownService, writeObjects } from '../constructs/permissions.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import { dailyRun } from '../machine/daily-run.ts';
import type { PolledStep } from '../machine/states.ts';
import type { AlertsStack } from './alerts.ts';
import type { QualityStack } from './quality.ts';
import type { StorageStack } from './storage.ts';

/** Stacks that the daily run stands on, and steps that others bring to it, after the checks. */
interface OrchestrationProps {
  readonly storage: StorageStack;
  readonly alerts: AlertsStack;
  readonly quality: QualityStack;
  readonly steps: readonly PolledStep[];
  /** The data sets that dashboards show; none where QuickSight is off. */
  readonly dataSetIds: readonly string[];
}

/** What runs the lakehouse: the state machine of the daily run, and the schedules that start it. */
export class OrchestrationStack extends LakeStack {
  readonly machine: StateMachine;

  constructor(app: App, deployment: Deployment, { storage, alerts, quality, steps, dataSetIds }: OrchestrationProps) {
    super(app, 'Orchestration', deployment, 'The daily run: waits for sources, then makes and checks the tables.');
    const { environment } = deployment;
    const { prefix, sensing, glue } = environment;
    const { raw, results, archive, operationsKey } = storage;
    const { topic } = alerts;
    const sense = new LakeFunction(this, 'SenseSources', {
      lambda: 'sense-sources',
      description: 'Says which raw datasets of a day have come.',
      settings: { RAW_BUCKET: raw.bucketName },
      may: [listObjects(raw, RAW_ROOT)],
      key: operationsKey,
      timeout: Duration.minutes(1),
    });
    const exports = new LakeFunction(this, 'ExportAnswers', {
      lambda: 'export-answers',
      description: 'Archives the tables that the plan exports as files, a step per call.',
      settings: { NAME_PREFIX: prefix, ATHENA_WORKGROUP: workgroupName(prefix), ARCHIVE_BUCKET: archive.bucketName },
      may: [
        ...athenaReader(this, storage),
        allow(['s3:GetBucketLocation'], [archive.bucketArn]),
        listObjects(archive, 'exports/'),
        writeObjects(archive, 'exports/'),
      ],
      key: operationsKey,
      timeout: Duration.minutes(5),
      concurrency: 2,
    });
    const following: PolledStep[] = [
      { name: 'Checks', functionArn: quality.checks.functionArn },
      ...steps,
      { name: 'Exports', functionArn: exports.functionArn },
    ];
    const job = `arn:${this.partition}:glue:${this.region}:${this.account}:job/${jobName(prefix)}`;
    const called = [sense.functionArn, quality.validate.functionArn, ...following.map((step) => step.functionArn)];
    const role = new ServiceRole(this, 'MachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'The daily run: calls its steps and tells how it went.',
      may: [
        allow(['lambda:InvokeFunction'], called),
        allow(['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'], [job]),
        allow(['sns:Publish'], [topic.topicArn]),
        encryptWith(operationsKey),
        ...this.refreshRights(dataSetIds),
      ],
    });
    const definition = dailyRun({
      environment: environment.name,
      topicArn: topic.topicArn,
      senseArn: sense.functionArn,
      validateArn: quality.validate.functionArn,
      resultsBucket: results.bucketName,
      jobName: jobName(prefix),
      sensing,
      jobTimeoutMinutes: glue.timeoutMinutes,
      steps: following,
      dashboards: dataSetIds.length === 0 ? null : { accountId: this.account, dataSetIds },
      reports: { name: 'Reports', functionArn: exports.functionArn, event: { kind: 'report' } },
    });
    this.machine = new StateMachine(this, 'DailyRun', {
      stateMachineName: machineName(prefix),
      definitionBody: DefinitionBody.fromString(this.toJsonString(definition)),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LakeLogGroup(
          this,
          'MachineLog',
          `/aws/vendedlogs/states/${machineName(prefix)}`,
          operationsKey,
        ),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    const day = Duration.days(1);
    new FailureAlarm(this, 'RunFails', {
      metric: new MathExpression({
        expression: together('SUM'),
        label: 'runs that did not end well',
        period: day,
        usingMetrics: {
          failed: this.machine.metricFailed({ period: day }),
          timedOut: this.machine.metricTimedOut({ period: day }),
          aborted: this.machine.metricAborted({ period: day }),
        },
      }),
      says: 'A run failed, timed out or was stopped: tables keep their last good version.',
      runbook: 'run-fails',
      topic,
    });
    new FailureAlarm(this, 'NoRunSucceeds', {
      metric: this.machine.metricSucceeded({ period: Duration.hours(1), statistic: 'Sum' }),
      below: 1,
      // A day, as long as a run may wait for sources, and two hours of work.
      periods: 26 + Math.ceil(sensing.deadlineMinutes / 60),
      says: 'No run succeeded for more than a day: the tables are stale.',
      runbook: 'no-run-succeeds',
      topic,
    });
    this.schedule(alerts, storage);
    this.give('machine', this.machine.stateMachineArn);
  }

  /** A refresh is named when it begins, so none can be named before. */
  private refreshRights(dataSetIds: readonly string[]): PolicyStatement[] {
    const dataSet = `arn:${this.partition}:quicksight:${this.region}:${this.account}:dataset`;
    if (dataSetIds.length === 0) return [];
    return [
      allow(
        ['quicksight:CreateIngestion', 'quicksight:DescribeIngestion'],
        dataSetIds.map((id) => `${dataSet}/${id}/ingestion/*`),
      ),
    ];
  }

  /** Starts the machine each day for the day before. An execution is named after the schedule's own run, so none is started twice. */
  private schedule({ topic }: AlertsStack, { operationsKey }: StorageStack): void {
    const { schedules } = this.deployment.environment;
    const machine = this.machine.stateMachineArn;
    const unstarted = new LakeQueue(this, 'Unstarted', { key: operationsKey });
    const role = new ServiceRole(this, 'ScheduleRole', {
      assumedBy: ownService(this, 'scheduler.amazonaws.com'),
      description: 'Starts the daily run.',
      may: [
        allow(['states:StartExecution'], [machine]),
        allow(['sqs:SendMessage'], [unstarted.queueArn]),
        encryptWith(operationsKey),
      ],
    });
    const schedule = (id: string, description: string, scheduleExpression: string, input: object) =>
      new CfnSchedule(this, id, {
        description,
        scheduleExpression,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: `arn:${this.partition}:scheduler:::aws-sdk:sfn:startExecution`,
          roleArn: role.roleArn,
          input: this.toJsonString({
            StateMachineArn: machine,
            Name: `${id.toLowerCase()}-<aws.scheduler.execution-id>`,
            Input: JSON.stringify({ scheduled: '<aws.scheduler.scheduled-time>', ...input }),
          }),
          deadLetterConfig: { arn: unstarted.queueArn },
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        },
      });
    schedule('Daily', 'The run of the day before.', schedules.run, {});
    schedule('Monthly', 'The run that closes a month with its reports.', schedules.monthlyReport, { monthly: true });
    new FailureAlarm(this, 'RunUnstarted', {
      metric: unstarted.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(15),
        statistic: 'Maximum',
      }),
      says: 'The daily run did not start.',
      runbook: 'run-unstarted',
      topic,
    });
  }
}
