import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES } from '../../lib/infra/environments.ts';
import { synthesised } from './synthesised.ts';

const ZONES = ['raw', 'processed', 'quarantine', 'archive', 'results'] as const;

describe.each(ENVIRONMENT_NAMES)('storage of %s', (name) => {
  const storage = synthesised(name).template('Storage');
  const buckets = Object.values(storage.findResources('AWS::S3::Bucket'));

  it('has a bucket for each zone and one for access logs, private, versioned, owned by the account', () => {
    expect(buckets).toHaveLength(6);
    storage.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it.each(ZONES)('encrypts %s with the data key, once per bucket and not per object, and logs who reads it', (zone) => {
    storage.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.stringLikeRegexp(`^lakehouse-${name}-${zone}-[0-9]{12}-eu-west-1$`),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DataKey'), 'Arn'] },
            },
          },
        ],
      },
      LoggingConfiguration: { LogFilePrefix: `${zone}/` },
    });
  });

  it('refuses every request without TLS', () => {
    const policies = Object.values(storage.findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(6);
    for (const policy of policies) {
      expect(policy.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });

  it('rotates its two keys, and keeps them whatever happens to the stack', () => {
    storage.resourceCountIs('AWS::KMS::Key', 2);
    storage.allResources('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('keeps data when the stack goes, unless the environment gives a reason', () => {
    const policy = name === 'dev' ? 'Delete' : 'Retain';
    storage.allResources('AWS::S3::Bucket', { DeletionPolicy: policy, UpdateReplacePolicy: policy });
  });

  it.each([
    ['raw', { Id: 'cool' }],
    ['quarantine', { Id: 'expire', ExpirationInDays: 180 }],
    ['results', { Id: 'expire', ExpirationInDays: 7 }],
    ['archive', { Id: 'cool' }],
  ])('has a lifecycle for %s, and for old versions', (zone, rule) => {
    storage.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.stringLikeRegexp(`-${zone}-`),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Id: 'tidy', NoncurrentVersionExpiration: { NoncurrentDays: Match.anyValue() } }),
          Match.objectLike(rule),
        ]),
      },
    });
  });
});

describe('the lock on raw', () => {
  it('holds for 30 days in prod, in governance mode, on raw alone', () => {
    const locked = synthesised('prod')
      .template('Storage')
      .findResources('AWS::S3::Bucket', { Properties: { ObjectLockEnabled: true } });
    expect(Object.values(locked).map((each) => each.Properties.ObjectLockConfiguration)).toEqual([
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 30, Mode: 'GOVERNANCE' } } },
    ]);
  });

  it.each(['dev', 'uat'] as const)('is not there in %s', (name) => {
    expect(
      synthesised(name)
        .template('Storage')
        .findResources('AWS::S3::Bucket', { Properties: { ObjectLockEnabled: true } }),
    ).toEqual({});
  });
});

describe('the second region', () => {
  const { names, template } = synthesised('prod', { replicaRegion: 'eu-central-1' });

  it('gets a copy of raw and of the archive, encrypted with its own key, which no deletion reaches', () => {
    const rules = Object.values(template('Storage').findResources('AWS::S3::Bucket')).flatMap(({ Properties }) =>
      (Properties.ReplicationConfiguration?.Rules ?? []).map((rule: object) => [Properties.BucketName, rule]),
    );
    const copied = (zone: string) => [
      `lakehouse-prod-${zone}-777788889999-eu-west-1`,
      expect.objectContaining({
        Status: 'Enabled',
        DeleteMarkerReplication: { Status: 'Disabled' },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        Destination: expect.objectContaining({
          Bucket: `arn:aws:s3:::lakehouse-prod-${zone}-777788889999-eu-central-1`,
          EncryptionConfiguration: {
            ReplicaKmsKeyID: 'arn:aws:kms:eu-central-1:777788889999:alias/lakehouse-prod-data',
          },
        }),
      }),
    ];
    expect(rules).toEqual([copied('raw'), copied('archive')]);
  });

  it('has the buckets that the copies go to, versioned and locked as here', () => {
    const bucket = (zone: string, more: object) =>
      template('Replica').hasResource('AWS::S3::Bucket', {
        Properties: {
          BucketName: `lakehouse-prod-${zone}-777788889999-eu-central-1`,
          VersioningConfiguration: { Status: 'Enabled' },
          ...more,
        },
        DeletionPolicy: 'Retain',
      });
    bucket('raw', { ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 30, Mode: 'GOVERNANCE' } } } });
    bucket('archive', { ObjectLockEnabled: Match.absent() });
    template('Replica').hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/lakehouse-prod-data' });
  });

  it('stands in no template of an environment that names none', () => {
    for (const name of ENVIRONMENT_NAMES) {
      expect(synthesised(name).names).not.toContain('Replica');
      synthesised(name).template('Storage').allResourcesProperties('AWS::S3::Bucket', {
        ReplicationConfiguration: Match.absent(),
      });
    }
    expect(names).toContain('Replica');
  });
});
