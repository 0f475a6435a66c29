import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { at, listOf } from '../../lib/infra/readable.ts';
import { synthesised } from './synthesised.ts';

const processing = synthesised('prod').template('Processing');

describe('the Glue job', () => {
  it('runs Glue 5.1 with auto scaling, one at a time, bounded in time and workers', () => {
    processing.hasResourceProperties('AWS::Glue::Job', {
      Name: 'lakehouse-prod-run-plan',
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 10,
      Timeout: 240,
      MaxRetries: 0,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      DefaultArguments: Match.objectLike({
        '--enable-auto-scaling': 'true',
        '--enable-metrics': 'true',
        '--enable-continuous-cloudwatch-log': 'true',
        '--job-bookmark-option': 'job-bookmark-disable',
        '--datalake-formats': 'iceberg',
      }),
    });
  });

  it('reads plan and script by the digest of their content, so that a run has those deployed together', () => {
    const [job] = Object.values(processing.findResources('AWS::Glue::Job'));
    const { Command, DefaultArguments } = job?.Properties ?? {};
    for (const [location, ending] of [
      [Command.ScriptLocation, 'py'],
      [DefaultArguments['--extra-py-files'], 'zip'],
      [DefaultArguments['--plan'], 'json'],
    ])
      expect(JSON.stringify(location)).toMatch(new RegExp(`/[0-9a-f]{64}[.]${ending}"`));
  });

  it('keeps old snapshots of the ledger as long as the catalog keeps those of other tables', () => {
    const DefaultArguments = { '--snapshot_days': String(environmentNamed('prod').retention.snapshotDays) };
    processing.hasResourceProperties('AWS::Glue::Job', { DefaultArguments });
  });

  it('may leave what it finds of a day where the validation Lambda reads it, and touch no other result', () => {
    const of = (stack: string, action: string): string[] =>
      Object.values(synthesised('prod').json(stack).Resources)
        .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
        .flatMap(({ Properties }) => listOf(at(Properties ?? {}, 'PolicyDocument.Statement')))
        .filter((statement) => listOf(at(statement, 'Action')).includes(action))
        .flatMap((statement) => listOf(at(statement, 'Resource')).map((each) => JSON.stringify(each)))
        .filter((resource) => /Results.*\/[a-z-]+\/\*/.test(resource))
        .map((resource) => /[a-z-]+\/\*/.exec(resource)?.[0] ?? resource);
    expect(of('Processing', 's3:PutObject')).toEqual(['job-validation/*']);
    expect([...of('Processing', 's3:GetObject'), ...of('Processing', 's3:DeleteObject')]).toEqual([]);
    expect(of('Quality', 's3:GetObject')).toContain('job-validation/*');
    expect(of('Quality', 's3:PutObject')).not.toContain('job-validation/*');
  });

  it('encrypts its logs, and keeps timestamps in UTC', () => {
    processing.hasResourceProperties('AWS::Glue::Job', {
      SecurityConfiguration: Match.anyValue(),
      DefaultArguments: { '--conf': Match.anyValue() },
    });
    expect(JSON.stringify(processing.findResources('AWS::Glue::Job'))).toContain('spark.sql.session.timeZone=UTC');
  });
});
