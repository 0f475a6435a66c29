import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, EntityNotFoundException, GlueClient, UpdateTableCommand } from '@aws-sdk/client-glue';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateActivityCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { RawZone } from '../../lambdas/shared/raw-zone.ts';
import { bucketName, type DatabaseLayer, databaseName } from '../../lib/aws/index.ts';
import { DuckDb } from '../../lib/engines/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { quote } from '../../lib/run/ledger.ts';
import { PROGRAM } from '../e2e/program.ts';

const environment = environmentNamed('uat');
const { prefix } = environment;
const sfn = new SFNClient({});
const s3 = new S3Client({});
const glue = new GlueClient({});

type Definition = { readonly States: Record<string, { Resource?: string; Next?: string }> };

/**
 * Changes the deployed machine where the emulator has no service behind it: the Glue job becomes a task for whoever asks for it, and a step
 * of `absent` says at once that it is done. @returns the task's ARN.
 */
export async function standInForGlue(machine: string, absent: readonly string[]): Promise<string> {
  const { activityArn = '' } = await sfn.send(new CreateActivityCommand({ name: `${prefix}-run-plan` }));
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: machine }));
  const parsed = JSON.parse(definition) as Definition;
  const changed = Object.entries(parsed.States).map(([name, state]) => {
    if (state.Resource?.includes('glue:startJobRun')) return [name, { ...state, Resource: activityArn }];
    if (!absent.includes(name)) return [name, state];
    return [name, { Type: 'Pass', Result: { answer: { done: true } }, ResultPath: '$.polled', Next: state.Next }];
  });
  const States = Object.fromEntries(changed);
  await sfn.send(
    new UpdateStateMachineCommand({ stateMachineArn: machine, definition: JSON.stringify({ ...parsed, States }) }),
  );
  return activityArn;
}

/** What the machine gives to the job. */
interface Task {
  readonly JobName: string;
  readonly Arguments: Readonly<Record<string, string>>;
}

/** Takes one task and does it: with the laptop's engine, since no emulator runs Spark. @returns what it was asked. */
export async function workOnce(activityArn: string, plan: Plan, lake: string): Promise<Task> {
  for (;;) {
    const { taskToken, input = '{}' } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
    if (!taskToken) continue;
    const task = JSON.parse(input) as Task;
    try {
      await runPlan(plan, task.Arguments['--as_of'] ?? '', lake);
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    } catch (error) {
      await sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Job', cause: String(error).slice(0, 1000) }));
    }
    return task;
  }
}

/** Loads the raw bucket into a lake, and puts each table where the catalog says it is, as Parquet. */
async function runPlan(plan: Plan, asOf: string, lake: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-job-'));
  try {
    const [raw, out] = [join(folder, 'raw'), join(folder, 'out')];
    const zone = new RawZone(s3, bucketName(environment, 'raw'));
    for (const { name } of plan.sources)
      for await (const { key, path } of zone.since(name, '0000-00-00')) await zone.fetch(key, join(raw, path));
    await lakehouse('run', '--raw', raw, '--lake', lake, '--as-of', asOf, '-q');
    const names = plan.tables.map((table) => table.name);
    await lakehouse(
      'export',
      ...names,
      '--lake',
      lake,
      '--raw',
      raw,
      '--out',
      out,
      '--partition',
      'none',
      '--provenance',
      '-q',
    );
    for (const name of names) await publish(name, readFileSync(join(out, name.replace('.', '/'), 'part-0.parquet')));
    await publish('ops.held', await heldTables(lake, join(folder, 'held.parquet')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of the ledger that Lambdas ask. */
async function heldTables(lake: string, file: string): Promise<Buffer> {
  const db = await DuckDb.open({ path: join(lake, 'lake.duckdb'), readOnly: true });
  try {
    await db.run(`copy (select table_name, because from ops.held) to ${quote(file)} (format parquet)`);
  } finally {
    db.close();
  }
  return readFileSync(file);
}

/** One table; that of the ledger is the job's to make. The emulator's Athena reads Parquet below a table's location, where Athena reads Iceberg. */
async function publish(table: string, Body: Buffer): Promise<void> {
  const [layer = '', Name = ''] = table.split('.');
  const Bucket = bucketName(environment, 'processed');
  await s3.send(new PutObjectCommand({ Bucket, Key: `${layer}/${Name}/part-0.parquet`, Body }));
  const TableInput = {
    Name,
    Parameters: { classification: 'parquet' },
    StorageDescriptor: { Location: `s3://${Bucket}/${layer}/${Name}/` },
  };
  const asked = { DatabaseName: databaseName(prefix, layer as DatabaseLayer), TableInput };
  await glue.send(new UpdateTableCommand(asked)).catch((error: unknown) => {
    if (!(error instanceof EntityNotFoundException)) throw error;
    return glue.send(new CreateTableCommand(asked));
  });
}

/** Calls the built program beside this one, which goes on answering; findings (exit 1) are no failure of the job. */
const lakehouse = (...argv: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...argv], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 || code === 1 ? resolve() : reject(new Error(`${argv[0]} ended with ${code}`)),
    );
  });
