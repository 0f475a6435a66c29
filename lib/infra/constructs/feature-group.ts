import { RemovalPolicy } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnFeatureGroup } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { FEATURE_STORE, featureGroupName } from '../../aws/index.ts';
import type { FeaturePlan, TablePlan } from '../../plan/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** Where features are stored, and by whom. */
interface FeatureGroupProps {
  readonly table: TablePlan;
  readonly feature: FeaturePlan;
  readonly bucket: IBucket;
  readonly key: IKey;
  /** Writes the offline store. */
  readonly role: IRole;
  /** Whether a model asks for them while somebody waits. */
  readonly online: boolean;
}

/** The longest description that a feature group takes. */
const LONGEST = 128;

/**
 * A feature table in Feature Store: its columns and types are those of the contract. All of its history is an Iceberg table in
 * the processed zone; the newest record of each entity is at hand where a model answers online.
 */
export class FeatureGroup extends CfnFeatureGroup {
  constructor(scope: Construct, id: string, { table, feature, bucket, key, role, online }: FeatureGroupProps) {
    const { environment } = deploymentOf(scope);
    super(scope, id, {
      featureGroupName: featureGroupName(environment.prefix, table.name),
      description: table.description.slice(0, LONGEST),
      recordIdentifierFeatureName: feature.recordIdentifier,
      eventTimeFeatureName: feature.eventTime,
      featureDefinitions: feature.definitions.map(({ name, type }) => ({ featureName: name, featureType: type })),
      roleArn: role.roleArn,
      offlineStoreConfig: {
        S3StorageConfig: { S3Uri: `s3://${bucket.bucketName}/${FEATURE_STORE}`, KmsKeyId: key.keyArn },
        TableFormat: 'Iceberg',
      },
      ...(online ? { onlineStoreConfig: { EnableOnlineStore: true, SecurityConfig: { KmsKeyId: key.keyArn } } } : {}),
    });
    // Known to CloudFormation by its contract's name alone: one that is made anew has lost what was online.
    this.overrideLogicalId(id);
    this.applyRemovalPolicy(environment.deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  }
}
