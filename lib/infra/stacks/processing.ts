import { join } from 'node:path';
import { type App, CfnOutput, IgnoreMode } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { type DatabaseLayer, databaseName, jobName, RAW_ROOT } from '../../aws/index.ts';
import { glueCatalog, READ_TABLES, WRITE_TABLES } from '../constructs/glue-catalog.ts';
import { GlueEncryption } from '../constructs/glue-encryption.ts';
import { LakeLogGroup } from '../constructs/lake-log-group.ts';
import { NoticeRule } from '../constructs/notice-rule.ts';
import {
  allow,
  deleteObjects,
  encryptWith,
  listObjects,
  ownService,
  readObjects,
  writeObjects,
} from '../constructs/permissions.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/** Iceberg tables of the Glue catalog as Spark's catalog `lake`; timestamps without zone are UTC. */
const sparkSettings = (warehouse: string): string =>
  [
    ['spark.sql.extensions', 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions'],
    ['spark.sql.catalog.lake', 'org.apache.iceberg.spark.SparkCatalog'],
    ['spark.sql.catalog.lake.catalog-impl', 'org.apache.iceberg.aws.glue.GlueCatalog'],
    ['spark.sql.catalog.lake.io-impl', 'org.apache.iceberg.aws.s3.S3FileIO'],
    ['spark.sql.catalog.lake.warehouse', warehouse],
    ['spark.sql.session.timeZone', 'UTC'],
  ]
    .map(([name, value]) => `${name}=${value}`)
    .join(' --conf ');

/** The layers of tables that the job writes, its ledger among them. */
const WRITTEN: readonly DatabaseLayer[] = ['raw', 'base', 'mart', 'feature', 'ops'];

/**
 * The Glue job that interprets the plan: one Spark session loads, builds and checks every table. Plan (with the SQL
 * rendered for Spark) and script are assets named by their content, so a run always has those that were deployed together.
 */
export class ProcessingStack extends LakeStack {
  readonly job: CfnJob;

  constructor(app: App, deployment: Deployment, storage: StorageStack, alerts: AlertsStack) {
    super(app, 'Processing', deployment, 'The Glue job that runs the plan.');
    const { environment, assets } = deployment;
    const { prefix, glue, retention } = environment;
    const { raw, processed, quarantine, results, dataKey, operationsKey } = storage;
    const script = new Asset(this, 'Script', { path: join(assets.glueScripts, 'run_plan.py') });
    // The package that the script is the door of: a zip with `lakehouse/` in it.
    const modules = new Asset(this, 'Modules', {
      path: assets.glueScripts,
      exclude: ['run_plan.py', '**/__pycache__', '**/*.pyc'],
      ignoreMode: IgnoreMode.GLOB,
    });
    const plan = new Asset(this, 'Plan', { path: assets.plan });
    const logs = `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:/aws-glue/jobs*`;
    const role = new ServiceRole(this, 'Role', {
      assumedBy: ownService(this, 'glue.amazonaws.com'),
      description:
        'The Glue job: reads raw, makes base, mart and feature tables, keeps the ledger, sets refused records aside, leaves what it finds of a day too large for the validation Lambda.',
      may: [
        allow(
          ['s3:GetObject'],
          [script, modules, plan].map((asset) => asset.bucket.arnForObjects(asset.s3ObjectKey)),
        ),
        listObjects(raw, RAW_ROOT),
        readObjects(raw, RAW_ROOT),
        listObjects(processed, ''),
        readObjects(processed, ''),
        writeObjects(processed, ''),
        deleteObjects(processed, ''),
        listObjects(quarantine, ''),
        readObjects(quarantine, ''),
        writeObjects(quarantine, ''),
        deleteObjects(quarantine, ''),
        writeObjects(results, 'job-validation/'),
        encryptWith(dataKey),
        encryptWith(operationsKey),
        allow([...READ_TABLES, ...WRITE_TABLES], glueCatalog(this, ...WRITTEN)),
        allow(['glue:GetSecurityConfiguration'], ['*']),
        allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'], [logs]),
        allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': 'Glue' } }),
      ],
    });
    const encryption = new GlueEncryption(this, 'Encryption', 'jobs', storage);
    const logPrefix = `/aws-glue/jobs/${jobName(prefix)}`;
    // So Glue 5 names the logs of a job that encrypts: below its prefix, after security configuration and role.
    const groups = `${logPrefix}/${encryption.name}-role/${role.roleName}`;
    const jobLogs = [
      new LakeLogGroup(this, 'OutputLog', `${groups}/output`, operationsKey),
      new LakeLogGroup(this, 'ErrorLog', `${groups}/error`, operationsKey),
    ];
    this.job = new CfnJob(this, 'RunPlan', {
      name: jobName(prefix),
      description: 'Interprets the plan: loads, builds, checks and publishes every table.',
      role: role.roleArn,
      glueVersion: '5.1',
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      workerType: 'G.1X',
      // With auto scaling, the most that there may be.
      numberOfWorkers: glue.workers,
      timeout: glue.timeoutMinutes,
      maxRetries: 0,
      executionProperty: { maxConcurrentRuns: 1 },
      securityConfiguration: encryption.ref,
      defaultArguments: {
        '--plan': plan.s3ObjectUrl,
        '--raw': `s3://${raw.bucketName}/${RAW_ROOT}`,
        '--databases': WRITTEN.map((layer) => `${layer}=${databaseName(prefix, layer)}`).join(','),
        '--quarantine': `s3://${quarantine.bucketName}/`,
        '--extra-py-files': modules.s3ObjectUrl,
        '--snapshot_days': String(retention.snapshotDays),
        '--mode': 'run',
        // A broken check is told by the Lambdas that follow, and which tables were held; the job fails when nothing was published or judged.
        '--exit_on': 'failure',
        '--datalake-formats': 'iceberg',
        '--conf': sparkSettings(`s3://${processed.bucketName}/`),
        '--enable-auto-scaling': 'true',
        '--enable-metrics': 'true',
        '--enable-observability-metrics': 'true',
        '--enable-continuous-cloudwatch-log': 'true',
        '--custom-logGroup-prefix': logPrefix,
        // The ledger knows what was read.
        '--job-bookmark-option': 'job-bookmark-disable',
      },
    });
    // A run that comes first would make them itself, and such keep everything.
    this.job.node.addDependency(...jobLogs);
    this.tell(alerts, jobName(prefix));
    new CfnOutput(this, 'Job', { value: jobName(prefix), description: 'the Glue job that runs the plan' });
  }
  /** Says when the job fails, whoever started it, and when it works again. */
  private tell(alerts: AlertsStack, job: string): void {
    const rule = (id: string, state: readonly string[], verdict: 'warn' | 'pass', says: string) =>
      new NoticeRule(this, id, {
        pattern: {
          source: ['aws.glue'],
          detailType: ['Glue Job State Change'],
          detail: { jobName: [job], state },
        },
        notice: { incident: 'job/<jobName>', verdict, subject: '<jobName>', says, runbook: 'job-fails' },
        fields: { jobName: '$.detail.jobName', state: '$.detail.state', message: '$.detail.message' },
        alerts,
      });
    rule('JobFails', ['FAILED', 'TIMEOUT', 'ERROR', 'STOPPED'], 'warn', 'The Glue job ended as <state>: <message>');
    rule('JobSucceeds', ['SUCCEEDED'], 'pass', 'The Glue job ended as <state>.');
  }
}
