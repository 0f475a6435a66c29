import { type App, CfnOutput, Duration } from 'aws-cdk-lib';
import { LakeBucket } from '../constructs/lake-bucket.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';

/** What cannot be made again from anything else: what came in, and what was given out. */
export const REPLICATED = ['raw', 'archive'] as const;

/**
 * The second region's copies of raw and of the archive, with a key of that region. All other zones are made anew from raw.
 * Deployed before Storage, which fills it.
 */
export class ReplicaStack extends LakeStack {
  constructor(app: App, deployment: Deployment, region: string) {
    super(app, 'Replica', deployment, 'Copies of raw and of the archive in a second region. Stateful.', region);
    const { retention } = deployment.environment;
    const key = new LakeKey(this, 'DataKey', 'data');
    const accessLogs = new LakeBucket(this, 'AccessLogs', {
      zone: 'logs',
      key: null,
      accessLogs: null,
      lifecycle: [{ id: 'expire', expiration: Duration.days(retention.accessLogDays) }],
    });
    for (const zone of REPLICATED) {
      const copy = new LakeBucket(this, zone === 'raw' ? 'Raw' : 'Archive', {
        zone,
        key,
        accessLogs,
        lifecycle: [],
        // A locked object is copied with its lock, to a bucket that can hold one.
        lockDays: zone === 'raw' ? retention.rawLockDays : 0,
      });
      new CfnOutput(this, `${copy.node.id}Bucket`, { value: copy.bucketName, description: `the copy of zone ${zone}` });
    }
  }
}
