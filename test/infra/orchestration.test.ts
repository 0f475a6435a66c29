import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { synthesised } from './synthesised.ts';

const orchestration = synthesised('prod').template('Orchestration');

describe.each(ENVIRONMENT_NAMES)('the schedule of %s', (name) => {
  it.each([
    ['each day', 'run', 'daily'],
    ['each month, with its reports', 'monthlyReport', 'monthly'],
  ] as const)('starts the machine %s, under a name of its own, for the day before', (_, kind, prefix) => {
    const { schedules } = environmentNamed(name);
    const [schedule] = Object.values(
      synthesised(name)
        .template('Orchestration')
        .findResources('AWS::Scheduler::Schedule', { Properties: { ScheduleExpression: schedules[kind] } }),
    );
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
    const input = JSON.stringify(schedule?.Properties.Target.Input);
    expect(input).toContain(`${prefix}-<aws.scheduler.execution-id>`);
    expect(input).toContain('<aws.scheduler.scheduled-time>');
    expect(input.includes('\\\\"monthly')).toBe(prefix === 'monthly');
    expect(schedule?.Properties.Target.DeadLetterConfig.Arn).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Unstarted/), 'Arn'],
    });
  });
});

describe('the machine', () => {
  it('logs every event, is traced, and ends in time', () => {
    orchestration.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'lakehouse-prod-run',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
      TracingConfiguration: { Enabled: true },
    });
    const [machine] = Object.values(orchestration.findResources('AWS::StepFunctions::StateMachine'));
    const [, parts] = machine?.Properties.DefinitionString['Fn::Join'] ?? [];
    const definition = parts.map((part: unknown) => (typeof part === 'string' ? part : 'reference')).join('');
    const { sensing, glue } = environmentNamed('prod');
    const { TimeoutSeconds } = JSON.parse(definition);
    expect(TimeoutSeconds).toBeGreaterThan(60 * (sensing.deadlineMinutes + glue.timeoutMinutes));
    expect(TimeoutSeconds).toBeLessThan(86_400);
  });

  it('calls nothing that its role may not, and may call nothing else', () => {
    const [machine] = Object.values(orchestration.findResources('AWS::StepFunctions::StateMachine'));
    const definition = JSON.stringify(machine?.Properties.DefinitionString);
    const steps = ['SenseSources', 'ExportAnswers', 'ValidateDaily', 'RunChecks', 'LoadWarehouse', 'PublishFeatures'];
    for (const name of steps) expect(definition).toContain(name);
    orchestration.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'lambda:InvokeFunction', Resource: steps.map(() => Match.anyValue()) }),
        ]),
      },
    });
  });
});

describe('a run that does not end well', () => {
  it.each([
    ['fails, times out or is stopped', 'run-fails'],
    ['does not start', 'run-unstarted'],
  ])('rings when it %s, and names what to do', (_, runbook) => {
    orchestration.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `lakehouse-prod-${runbook}`,
      AlarmDescription: Match.stringLikeRegexp(`docs/runbook.md#${runbook}$`),
      AlarmActions: [Match.anyValue()],
      OKActions: [Match.anyValue()],
      TreatMissingData: 'notBreaching',
    });
  });
});
