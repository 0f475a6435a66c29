import { type App, Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { dimensionsOf, METRIC_NAMESPACE, METRICS, RAW_ROOT, workgroupName } from '../../aws/index.ts';
import { athenaReader } from '../constructs/athena-reader.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { glueCatalog, READ_TABLES } from '../constructs/glue-catalog.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { allow, decryptWith, encryptWith, listObjects, readObjects, writeObjects } from '../constructs/permissions.ts';
import { TableRuleset } from '../constructs/table-ruleset.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/** Of a day's records, so many may break their contract before somebody is called: more is a broken source, not a broken row. */
const PERCENT = 5;

/** Who judges data: the source data of a day before it is loaded, and the tables after. Both publish what they find. */
export class QualityStack extends LakeStack {
  readonly validate: LakeFunction<'validate-daily'>;
  readonly checks: LakeFunction<'run-checks'>;

  constructor(app: App, deployment: Deployment, storage: StorageStack, { topic }: AlertsStack) {
    super(app, 'Quality', deployment, 'Validation of source data, and checks of tables.');
    const { prefix, name } = deployment.environment;
    const { raw, results, dataKey, operationsKey } = storage;
    const publish = [allow(['sns:Publish'], [topic.topicArn]), encryptWith(operationsKey)];
    this.validate = new LakeFunction(this, 'ValidateDaily', {
      lambda: 'validate-daily',
      description: 'Judges the source data of a day with the engine that loads it on a laptop.',
      settings: { RAW_BUCKET: raw.bucketName, RESULTS_BUCKET: results.bucketName, FINDINGS_TOPIC_ARN: topic.topicArn },
      may: [
        listObjects(raw, RAW_ROOT),
        readObjects(raw, RAW_ROOT),
        readObjects(results, 'job-validation/'),
        writeObjects(results, 'validation/'),
        encryptWith(dataKey),
        ...publish,
      ],
      key: operationsKey,
      timeout: Duration.minutes(15),
      memoryMegabytes: 4096,
      storageMegabytes: 8192,
      packagedBy: 'npm run package:engine',
      concurrency: 2,
    });
    this.give('validation', this.validate.functionName);
    this.checks = new LakeFunction(this, 'RunChecks', {
      lambda: 'run-checks',
      description:
        'Measures the checks of every table on Athena, a step per call, and tells which tables the run held.',
      settings: {
        NAME_PREFIX: prefix,
        ATHENA_WORKGROUP: workgroupName(prefix),
        RESULTS_BUCKET: results.bucketName,
        FINDINGS_TOPIC_ARN: topic.topicArn,
      },
      may: [
        ...athenaReader(this, storage),
        allow(READ_TABLES, glueCatalog(this, 'ops')),
        writeObjects(results, 'checks/'),
        decryptWith(dataKey),
        ...publish,
      ],
      key: operationsKey,
      timeout: Duration.minutes(5),
      concurrency: 2,
    });
    const period = Duration.days(1);
    const validated = (metricName: string) =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensionsMap: dimensionsOf('validate-daily', name),
        statistic: 'Maximum',
        period,
      });
    new FailureAlarm(this, 'MuchIsQuarantined', {
      metric: new MathExpression({
        expression: '100 * quarantined / read',
        label: 'percent of records that break their contract',
        period,
        usingMetrics: { read: validated(METRICS.recordsRead), quarantined: validated(METRICS.recordsQuarantined) },
      }),
      above: PERCENT,
      says: `More than ${PERCENT} % of the records of a day break their contract.`,
      runbook: 'much-is-quarantined',
      topic,
    });
    for (const table of deployment.plan.tables) new TableRuleset(this, table);
  }
}
