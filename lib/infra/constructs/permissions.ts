import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

type Conditions = NonNullable<PolicyStatementProps['conditions']>;

/** A statement that allows these actions on these resources. */
export const allow = (actions: readonly string[], resources: readonly string[], conditions: Conditions = {}) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });

/** A service of AWS at work for this account; called by another one's resources, it gets nothing. */
export const ownService = (scope: Construct, service: string) =>
  new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } });

const below = (bucket: IBucket, prefixes: readonly string[]) =>
  prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));

/** Lists what stands below these prefixes of a bucket, and nothing else of it. */
export const listObjects = (bucket: IBucket, ...prefixes: readonly string[]) =>
  allow(['s3:ListBucket'], [bucket.bucketArn], { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } });

/** Reads the objects below these prefixes (`''`: all of them). */
export const readObjects = (bucket: IBucket, ...prefixes: readonly string[]) =>
  allow(['s3:GetObject'], below(bucket, prefixes));

/** Writes objects below these prefixes. */
export const writeObjects = (bucket: IBucket, ...prefixes: readonly string[]) =>
  allow(['s3:PutObject', 's3:AbortMultipartUpload'], below(bucket, prefixes));

/** Deletes objects below these prefixes; versions stay for the days that the bucket keeps them. */
export const deleteObjects = (bucket: IBucket, ...prefixes: readonly string[]) =>
  allow(['s3:DeleteObject'], below(bucket, prefixes));

/** Decrypts what a key protects: for readers. */
export const decryptWith = (key: IKey) => allow(['kms:Decrypt'], [key.keyArn]);

/** Encrypts and decrypts: for writers. S3 wants both for an upload in parts. */
export const encryptWith = (key: IKey) => allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
