import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { runProgram } from '../../lib/tools/run-program.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Fields = Readonly<Record<string, Json>>;

interface Step {
  readonly Name: string;
  readonly Type: string;
  readonly Arguments: Fields;
  readonly PropertyFiles?: readonly {
    readonly PropertyFileName: string;
    readonly OutputName: string;
    readonly FilePath: string;
  }[];
}

interface Folder {
  readonly S3Uri: string;
  readonly LocalPath: string;
}

/** What the interpreter reads of a job's arguments, once references are resolved. */
interface ProcessingArguments {
  readonly AppSpecification: { readonly ContainerEntrypoint: string[]; readonly ContainerArguments: string[] };
  readonly ProcessingInputs: readonly { readonly S3Input: Folder }[];
  readonly ProcessingOutputConfig: {
    readonly Outputs: readonly { readonly OutputName: string; readonly S3Output: Folder }[];
  };
}
interface TrainingArguments {
  readonly HyperParameters: Fields;
  readonly InputDataConfig: readonly {
    readonly ChannelName: string;
    readonly DataSource: { readonly S3DataSource: { readonly S3Uri: string } };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
}
interface ConditionArguments {
  readonly Conditions: readonly Json[];
  readonly IfSteps: readonly Step[];
  readonly ElseSteps: readonly Step[];
}
interface Condition {
  readonly Type: string;
  readonly LeftValue: Json;
  readonly RightValue: Json;
}

/** What stands for AWS. */
export interface World {
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  /** Python with what the container has. */
  readonly python: string;
  /** Its environment: where AWS's endpoints are. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How an execution went: the steps that ran, and every report that a step wrote for others to read. */
export interface Executed {
  readonly steps: readonly string[];
  readonly reports: Readonly<Record<string, Json>>;
}

const CONTAINER = '/opt/ml/processing';
const TRAINER = new URL('train_as_container.py', import.meta.url).pathname;

/**
 * Executes a pipeline's definition on this machine: scripts in processes of their own, with the folders that SageMaker would
 * give them; S3 and the model registry by their APIs. A reference to something that no step before made is an error.
 */
export async function executePipeline(
  definition: Json,
  parameters: Readonly<Record<string, string>>,
  world: World,
): Promise<Executed> {
  const execution = `execution-${Math.floor(Number(process.hrtime.bigint() % 1_000_000_007n))}`;
  const known = new Map<string, Json>([
    ['Execution.PipelineExecutionId', execution],
    ...Object.entries(parameters).map(([name, value]) => [`Parameters.${name}`, value] as const),
  ]);
  const steps: string[] = [];
  const reports: Record<string, Json> = {};

  function resolved(argument: Json): Json {
    if (Array.isArray(argument)) return argument.map(resolved);
    if (argument === null || typeof argument !== 'object') return argument;
    const fields = argument as Fields;
    if ('Get' in fields) return made(String(fields.Get));
    const join = fields['Std:Join'] as { On: string; Values: Json[] } | undefined;
    if (join) return join.Values.map(resolved).join(join.On);
    const read = fields['Std:JsonGet'] as { PropertyFile: Json; Path: string } | undefined;
    if (read) return (resolved(read.PropertyFile) as Readonly<Record<string, Json>>)[read.Path] ?? null;
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, resolved(value)]));
  }

  function made(path: string): Json {
    const value = known.get(path);
    if (value === undefined) throw new Error(`${path}: nothing has made it; known are ${[...known.keys()].join(', ')}`);
    return value;
  }

  async function process_(step: Step): Promise<void> {
    const root = mkdtempSync(join(tmpdir(), 'lakehouse-job-'));
    const here = (path: string) => path.replace(CONTAINER, root);
    const job = resolved(step.Arguments) as unknown as ProcessingArguments;
    for (const { S3Input } of job.ProcessingInputs) await download(world.s3, S3Input.S3Uri, here(S3Input.LocalPath));
    const { ContainerEntrypoint, ContainerArguments } = job.AppSpecification;
    const [python, ...rest] = [...ContainerEntrypoint, ...ContainerArguments].map(here);
    if (python !== 'python3') throw new Error(`${step.Name} runs ${python}`);
    const outputs = job.ProcessingOutputConfig.Outputs;
    for (const { S3Output } of outputs) mkdirSync(here(S3Output.LocalPath), { recursive: true });
    await run(step.Name, rest);
    for (const { OutputName, S3Output } of outputs) {
      await upload(world.s3, here(S3Output.LocalPath), S3Output.S3Uri);
      known.set(`Steps.${step.Name}.ProcessingOutputConfig.Outputs['${OutputName}'].S3Output.S3Uri`, S3Output.S3Uri);
    }
    for (const file of step.PropertyFiles ?? []) {
      const folder = outputs.find(({ OutputName }) => OutputName === file.OutputName)?.S3Output.LocalPath ?? '';
      const report = JSON.parse(readFileSync(join(here(folder), file.FilePath), 'utf8')) as Json;
      known.set(`Steps.${step.Name}.PropertyFiles.${file.PropertyFileName}`, report);
      reports[file.PropertyFileName] = report;
    }
  }

  async function train(step: Step): Promise<void> {
    const root = mkdtempSync(join(tmpdir(), 'lakehouse-job-'));
    const job = resolved(step.Arguments) as unknown as TrainingArguments;
    for (const { ChannelName, DataSource } of job.InputDataConfig)
      await download(world.s3, DataSource.S3DataSource.S3Uri, join(root, 'channels', ChannelName));
    writeFileSync(join(root, 'hyperparameters.json'), JSON.stringify(job.HyperParameters));
    await run(step.Name, [TRAINER, ...['hyperparameters.json', 'channels', 'model'].map((name) => join(root, name))]);
    const artifact = `${job.OutputDataConfig.S3OutputPath}/job/output/model.tar.gz`;
    await uploadFile(world.s3, join(root, 'model', 'model.tar.gz'), artifact);
    known.set(`Steps.${step.Name}.ModelArtifacts.S3ModelArtifacts`, artifact);
  }

  async function run(name: string, args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await runProgram(world.python, args, { ...process.env, ...world.variables });
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${stdout}${stderr}`);
  }

  async function all(some: readonly Step[]): Promise<void> {
    for (const step of some) {
      steps.push(step.Name);
      if (step.Type === 'Processing') await process_(step);
      else if (step.Type === 'Training') await train(step);
      else if (step.Type === 'RegisterModel')
        await world.sagemaker.send(
          new CreateModelPackageCommand(resolved(step.Arguments) as unknown as CreateModelPackageCommandInput),
        );
      else if (step.Type === 'Condition') {
        const { Conditions, IfSteps, ElseSteps } = step.Arguments as unknown as ConditionArguments;
        const isMet = Conditions.every((each) => meets(resolved(each) as unknown as Condition));
        await all(isMet ? IfSteps : ElseSteps);
      } else throw new Error(`${step.Name}: type ${step.Type} is not known to this interpreter`);
    }
  }

  await all((definition as unknown as { readonly Steps: readonly Step[] }).Steps);
  return { steps, reports };
}

function meets({ Type, LeftValue, RightValue }: Condition): boolean {
  const [left, right] = [Number(LeftValue), Number(RightValue)];
  if (Type === 'GreaterThan') return left > right;
  if (Type === 'GreaterThanOrEqualTo') return left >= right;
  throw new Error(`condition ${Type} is not known to this interpreter`);
}

const placeOf = (uri: string) => {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { Bucket, Key };
};

/** As S3Prefix does: every object whose key begins so; one that is named whole gets its own name. */
async function download(s3: S3Client, uri: string, folder: string): Promise<void> {
  const { Bucket, Key } = placeOf(uri);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
  if (Contents.length === 0) throw new Error(`no S3 objects found under ${uri}`);
  for (const { Key: found = '' } of Contents) {
    const path = join(folder, relative(Key, found) || basename(found));
    mkdirSync(join(path, '..'), { recursive: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: found }));
    writeFileSync(path, (await Body?.transformToByteArray()) ?? '');
  }
}

async function upload(s3: S3Client, folder: string, uri: string): Promise<void> {
  for (const name of readdirSync(folder)) await uploadFile(s3, join(folder, name), `${uri}/${name}`);
}

/** Puts a file to S3. */
export const uploadFile = (s3: S3Client, path: string, uri: string) =>
  s3.send(new PutObjectCommand({ ...placeOf(uri), Body: readFileSync(path) }));
