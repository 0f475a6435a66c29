import { type App, Duration } from 'aws-cdk-lib';
import { RAW_ROOT } from '../../aws/index.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { listObjects } from '../constructs/permissions.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/** What runs the lakehouse each day. */
export class OrchestrationStack extends LakeStack {
  constructor(app: App, deployment: Deployment, { raw, operationsKey }: StorageStack, { topic }: AlertsStack) {
    super(app, 'Orchestration', deployment, 'The daily run: waits for sources, then makes and checks the tables.');
    const sensing = new LakeFunction(this, 'SenseSources', {
      lambda: 'sense-sources',
      description: 'Says which raw datasets of a day have come.',
      settings: { RAW_BUCKET: raw.bucketName },
      may: [listObjects(raw, RAW_ROOT)],
      key: operationsKey,
      timeout: Duration.minutes(1),
    });
    new FailureAlarm(this, 'SensingFails', {
      metric: sensing.metricErrors({ period: Duration.minutes(15) }),
      says: 'The daily run cannot see which sources have come.',
      runbook: 'sensing-fails',
      topic,
    });
  }
}
