/** What may stand in a pipeline's definition: JSON, with references that SageMaker fills in. */
export type Argument = string | number | boolean | readonly Argument[] | { readonly [name: string]: Argument };

/** A step of a pipeline. */
export type Step = Readonly<Record<'Name' | 'Type', string>> & { readonly [name: string]: Argument };

/** A file that was uploaded: where, and what it is called there. */
export interface Uploaded {
  readonly uri: string;
  readonly file: string;
}

/** What every job is made with. */
export interface JobPlace {
  readonly image: string;
  readonly jobRoleArn: string;
  readonly keyArn: string;
}

/** What the jobs of a pipeline run on. The training job is the one with something to do. */
export const INSTANCES = { processing: 'ml.m5.large', training: 'ml.m5.xlarge' } as const;

/** A script and what goes in and out of it. */
interface Script {
  readonly script: Uploaded;
  /** Folders of S3, by the name of the folder that they are put in. */
  readonly inputs: Readonly<Record<string, Argument>>;
  /** Folders of S3 that take what the script left in the folder of that name. */
  readonly outputs: Readonly<Record<string, Argument>>;
  /** Options of its command line. */
  readonly says: Readonly<Record<string, Argument>>;
  /** Whether it calls AWS; all others run without a network. */
  readonly reachesAws?: boolean;
}

/** A reference to a parameter, to the execution, or to what a step before made. */
export const get = (path: string): Argument => ({ Get: path });

/** A parameter of the pipeline. */
export const parameter = (name: string): Argument => get(`Parameters.${name}`);

/** Where an output of a processing step stands. */
export const outputOf = (step: string, output: string): Argument =>
  get(`Steps.${step}.ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri`);

/** A value of a JSON file that a step made. */
export const json = (step: string, file: string, path: string): Argument => ({
  'Std:JsonGet': { PropertyFile: get(`Steps.${step}.PropertyFiles.${file}`), Path: path },
});

/** A path of several parts. */
export const joined = (...parts: readonly Argument[]): Argument => ({ 'Std:Join': { On: '/', Values: parts } });

/** What is tried again: the service's own troubles. A script that fails fails again. */
export const RETRIED = [
  { ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], IntervalSeconds: 30, BackoffRate: 2, MaxAttempts: 4 },
  {
    ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
    IntervalSeconds: 120,
    BackoffRate: 2,
    MaxAttempts: 3,
  },
] as const;

const ROOT = '/opt/ml/processing';
const CODE = `${ROOT}/code`;

/** The folder in which a script finds an input. */
export const inputFrom = (name: string): string => `${ROOT}/input/${name}`;

/** A job that runs one script in the container. */
export function processing(
  name: string,
  { image, jobRoleArn, keyArn }: JobPlace,
  { script, inputs, outputs, says, reachesAws = false }: Script,
): Step {
  const input = (InputName: string, S3Uri: Argument, LocalPath: string) => ({
    InputName,
    S3Input: { S3Uri, LocalPath, S3DataType: 'S3Prefix', S3InputMode: 'File' },
  });
  return {
    Name: name,
    Type: 'Processing',
    RetryPolicies: RETRIED,
    Arguments: {
      AppSpecification: {
        ImageUri: image,
        ContainerEntrypoint: ['python3', `${CODE}/${script.file}`],
        ContainerArguments: Object.entries(says).flatMap(([option, value]) => [`--${option}`, value]),
      },
      ProcessingInputs: [
        input('code', script.uri, CODE),
        ...Object.entries(inputs).map(([each, uri]) => input(each, uri, inputFrom(each))),
      ],
      ProcessingOutputConfig: {
        KmsKeyId: keyArn,
        Outputs: Object.entries(outputs).map(([OutputName, S3Uri]) => ({
          OutputName,
          S3Output: { S3Uri, LocalPath: `${ROOT}/output/${OutputName}`, S3UploadMode: 'EndOfJob' },
        })),
      },
      ProcessingResources: {
        ClusterConfig: {
          InstanceCount: 1,
          InstanceType: INSTANCES.processing,
          VolumeSizeInGB: 30,
          VolumeKmsKeyId: keyArn,
        },
      },
      NetworkConfig: { EnableNetworkIsolation: !reachesAws },
      StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      RoleArn: jobRoleArn,
    },
  };
}
