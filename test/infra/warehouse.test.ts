import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { synthesised } from './synthesised.ts';

const prod = synthesised('prod').template('Warehouse');
const types = Object.values(synthesised('prod').json('Warehouse').Resources).map(({ Type }) => Type);

describe.each(ENVIRONMENT_NAMES)('the warehouse of %s', (name) => {
  const warehouse = synthesised(name).template('Warehouse');
  const { redshift, deletion } = environmentNamed(name);

  it('keeps its data encrypted, and its administrator’s password in a secret that AWS rotates', () => {
    warehouse.hasResource('AWS::RedshiftServerless::Namespace', {
      DeletionPolicy: deletion.policy === 'retain' ? 'Retain' : 'Delete',
      Properties: {
        NamespaceName: `lakehouse-${name}`,
        DbName: 'lakehouse',
        ManageAdminPassword: true,
        AdminUserPassword: Match.absent(),
        KmsKeyId: Match.objectLike({ 'Fn::ImportValue': Match.stringLikeRegexp('DataKey') }),
        LogExports: ['userlog', 'connectionlog', 'useractivitylog'],
        FinalSnapshotName: deletion.policy === 'retain' ? `lakehouse-${name}-final` : Match.absent(),
      },
    });
  });

  it('grows no further than the environment says, speaks TLS only, and reads the lake by AWS’s own way', () => {
    warehouse.hasResourceProperties('AWS::RedshiftServerless::Workgroup', {
      BaseCapacity: redshift.baseCapacity,
      MaxCapacity: redshift.maxCapacity,
      PubliclyAccessible: false,
      EnhancedVpcRouting: false,
      ConfigParameters: Match.arrayWith([{ ParameterKey: 'require_ssl', ParameterValue: 'true' }]),
    });
  });

  it('computes no more in a day than the environment says: then queries end', () => {
    warehouse.hasResourceProperties('Custom::RedshiftUsageLimit', {
      workgroupArn: { 'Fn::GetAtt': ['Workgroup', 'Workgroup.WorkgroupArn'] },
      usageType: 'serverless-compute',
      amount: redshift.rpuHoursPerDay,
      period: 'daily',
      breachAction: 'deactivate',
    });
    warehouse.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ComputeSeconds',
      Threshold: redshift.rpuHoursPerDay * 2880,
    });
  });

  it('is kept as it was each day, for as long as the environment says', () => {
    const [schedule] = Object.values(warehouse.findResources('AWS::Scheduler::Schedule'));
    expect(schedule?.Properties.Target.Arn).toMatch(/:scheduler:::aws-sdk:redshiftserverless:createSnapshot$/);
    expect(JSON.parse(schedule?.Properties.Target.Input)).toEqual({
      NamespaceName: `lakehouse-${name}`,
      SnapshotName: `lakehouse-${name}-<aws.scheduler.execution-id>`,
      RetentionPeriod: redshift.snapshotDays,
    });
    expect(schedule?.Properties.Target.DeadLetterConfig).toBeDefined();
  });
});

describe('its network', () => {
  it('has a subnet in each of the three zones that the environment names', () => {
    const subnets = Object.values(prod.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(environmentNamed('prod').availabilityZones);
    expect(new Set(subnets.map(({ CidrBlock }) => CidrBlock)).size).toBe(3);
    for (const { MapPublicIpOnLaunch } of subnets) expect(MapPublicIpOnLaunch).toBe(false);
  });

  it.each(['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::Route', 'AWS::EC2::SecurityGroupIngress'])(
    'has no %s',
    (type) => {
      expect(types).not.toContain(type);
    },
  );

  it('reaches S3 and nothing else, by a gateway that costs nothing', () => {
    const endpoints = Object.values(prod.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);
    expect(endpoints).toEqual([
      expect.objectContaining({ VpcEndpointType: 'Gateway', ServiceName: 'com.amazonaws.eu-west-1.s3' }),
    ]);
  });

  it('lets nothing in and nothing out', () => {
    const [group, ...others] = Object.values(prod.findResources('AWS::EC2::SecurityGroup'));
    expect(others).toEqual([]);
    expect(group?.Properties.SecurityGroupIngress).toBeUndefined();
    expect(group?.Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
  });

  it('writes who talked to whom', () => {
    prod.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL' });
  });
});

describe('the load', () => {
  it('runs in the daily run after the checks, and before what is exported', () => {
    const machine = JSON.stringify(synthesised('prod').json('Orchestration').Resources);
    const at = ['BeginChecks', 'BeginWarehouse', 'BeginExports'].map((state) => machine.indexOf(state));
    expect(at.every((place) => place > 0)).toBe(true);
    expect(machine).toContain('LoadWarehouse');
  });

  it('knows the warehouse, its secret and the role that reads the lake', () => {
    prod.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'lakehouse-prod-load-warehouse',
      Environment: {
        Variables: {
          REDSHIFT_WORKGROUP: 'lakehouse-prod',
          REDSHIFT_DATABASE: 'lakehouse',
          REDSHIFT_SECRET: 'redshift!lakehouse-prod-lakehouse_admin',
          SPECTRUM_ROLE_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LakeReader'), 'Arn'] },
        },
      },
    });
  });

  it('may read that secret alone, and ask only after statements of its own', () => {
    const statements = Object.values(prod.findResources('AWS::IAM::ManagedPolicy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
    expect(of('secretsmanager:GetSecretValue').map(({ Resource }) => JSON.stringify(Resource))).toEqual([
      expect.stringMatching(/secret:redshift!lakehouse-prod-lakehouse_admin-\?{6}"/),
    ]);
    expect(of('redshift-data:DescribeStatement')).toEqual([
      expect.objectContaining({
        Condition: { StringEquals: { 'redshift-data:statement-owner-iam-userid': `\${aws:userid}` } },
      }),
    ]);
  });

  // Redshift management guide: a role for Serverless trusts both names (Granting permissions to Amazon Redshift Serverless),
  // and is told who asks in sts:ExternalId, the ARN of a database user (Restricting access to IAM roles).
  it('reads the lake with a role that Redshift takes under both of its names, for users of this account', () => {
    const [role] = Object.entries(prod.findResources('AWS::IAM::Role')).flatMap(([id, { Properties }]) =>
      id.startsWith('LakeReader') ? [Properties.AssumeRolePolicyDocument.Statement] : [],
    );
    expect(role).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: ['redshift-serverless.amazonaws.com', 'redshift.amazonaws.com'] },
        Condition: { StringLike: { 'sts:ExternalId': 'arn:aws:redshift:eu-west-1:777788889999:dbuser:*/*' } },
      },
    ]);
  });

  it('reads the tables of the lake, and writes none', () => {
    const reader = Object.entries(prod.findResources('AWS::IAM::ManagedPolicy')).find(([id]) =>
      id.startsWith('LakeReader'),
    );
    const actions = reader?.[1].Properties.PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string[] }) => Action,
    );
    expect(actions).toContain('s3:GetObject');
    expect(actions.filter((action: string) => /Put|Create|Update|Delete/.test(action))).toEqual([]);
  });
});
