import { describe, expect, it } from 'vitest';
import { flowsOf } from '../../lib/infra/flows.ts';
import type { TemplateValue } from '../../lib/infra/readable.ts';

const role = (policy: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: { ManagedPolicyArns: [{ Ref: policy }] },
});
const policy = (...rights: readonly (readonly [string, TemplateValue, string?])[]) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    PolicyDocument: {
      Statement: rights.map(([Action, Resource, Effect = 'Allow']) => ({ Effect, Action, Resource })),
    },
  },
});
const raw = { 'Fn::ImportValue': 'lakehouse-dev-storage:ExportsOutputFnGetAttRaw12345678Arn9ABCDEF0' };

describe('the flows of a template', () => {
  const flows = flowsOf({
    Storage: { Resources: { Raw12345678: { Type: 'AWS::S3::Bucket' } } },
    Work: {
      Resources: {
        Topic12345678: { Type: 'AWS::SNS::Topic' },
        Job: { Type: 'AWS::Glue::Job', Properties: { Name: 'lakehouse-dev-run-plan' } },
        SendRole12345678: role('SendPolicy'),
        SendPolicy: policy(
          ['s3:GetObject', { 'Fn::Join': ['', [raw, '/raw/*']] }],
          ['s3:PutObject', raw, 'Deny'],
          ['s3:PutObject', 'arn:aws:s3:::somewhere-else'],
          ['kms:Decrypt', raw],
        ),
        Send12345678: {
          Type: 'AWS::Lambda::Function',
          Properties: { FunctionName: 'lakehouse-dev-send-alert', Role: { 'Fn::GetAtt': ['SendRole12345678', 'Arn'] } },
        },
        LakeReaderRole12345678: role('ReaderPolicy'),
        ReaderPolicy: policy(
          ['sns:Publish', { Ref: 'Topic12345678' }],
          ['glue:StartJobRun', 'arn:aws:glue:eu-west-1:111122223333:job/lakehouse-dev-run-plan'],
        ),
      },
    },
    Query: {
      Resources: {
        Analysts: { Type: 'AWS::Athena::WorkGroup', Properties: { Name: 'lakehouse-dev-analysts' } },
        Questions: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            Roles: [{ 'Fn::ImportValue': 'lakehouse-dev-work:ExportsOutputRefLakeReaderRole12345678EE5B0637' }],
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'athena:StartQueryExecution',
                  Resource: 'arn:aws:athena:eu-west-1:111122223333:workgroup/lakehouse-dev-analysts',
                },
              ],
            },
          },
        },
      },
    },
  });

  it('are the rights that move data or control, by who takes the role, to what is in the templates', () => {
    expect(flows.map(({ actor, verb, object }) => `${actor.label} ${verb} ${object.stack}/${object.label}`)).toEqual([
      'send-alert reads Storage/raw',
      'lake reader tells Work/alerts topic',
      'lake reader starts Work/Glue job',
      // By a policy of another stack that names the role.
      'lake reader asks Query/Athena workgroup',
    ]);
  });
});
