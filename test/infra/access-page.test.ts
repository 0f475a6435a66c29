import { describe, expect, it } from 'vitest';
import { accessPage } from '../../lib/infra/access-page.ts';
import type { TemplateValue } from '../../lib/infra/readable.ts';

const policy = (action: string, more: { readonly [key: string]: TemplateValue } = {}) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }, ...more },
});

describe('the access page', () => {
  it('tells of a role what its own policies allow, and those of any stack that name it', () => {
    const page = accessPage('prod', {
      Governance: {
        Resources: {
          Analyst5C91540F: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Own' }] } },
          Own: policy('glue:GetTable'),
          Beside: policy('s3:ListBucket', { Roles: [{ Ref: 'Analyst5C91540F' }] }),
        },
      },
      Query: {
        Resources: {
          Queries: policy('athena:StartQueryExecution', {
            Roles: [{ 'Fn::ImportValue': 'lakehouse-prod-governance:ExportsOutputRefAnalyst5C91540FEE5B0637' }],
          }),
          Elsewhere: policy('iam:PassRole', {
            Roles: [{ 'Fn::ImportValue': 'lakehouse-prod-alerts:ExportsOutputRefAnalyst5C91540FEE5B0637' }],
          }),
        },
      },
    });
    expect([...page.matchAll(/^[|] ([a-z0-9]+:\w+)/gm)].map(([, action]) => action)).toEqual([
      'glue:GetTable',
      's3:ListBucket',
      'athena:StartQueryExecution',
    ]);
  });
});
