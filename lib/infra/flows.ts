import { at, listOf, readable, type TemplateResource, withoutHash } from './readable.ts';
import { rightsOf, type Templates } from './rights.ts';

/** A box of the picture: something that acts, by its role, or something that is acted on. */
export interface Party {
  readonly stack: string;
  readonly label: string;
  readonly kind: 'actor' | 'bucket' | 'other';
}

/** Somebody may do something to something: as far as a role's rights say. */
export interface Flow {
  readonly actor: Party;
  readonly verb: Verb;
  readonly object: Party;
}

/** Rights that say where data or control goes, in a word. All others (keys, logs, catalog) say how. */
const VERBS = {
  's3:GetObject': 'reads',
  's3:PutObject': 'writes',
  'kinesis:GetRecords': 'reads',
  'kinesis:PutRecords': 'writes',
  'firehose:PutRecordBatch': 'writes',
  'redshift-data:BatchExecuteStatement': 'loads',
  'athena:StartQueryExecution': 'asks',
  'execute-api:Invoke': 'calls',
  'lambda:InvokeFunction': 'calls',
  'glue:StartJobRun': 'starts',
  'states:StartExecution': 'starts',
  'sagemaker:StartPipelineExecution': 'starts',
  'sns:Publish': 'tells',
} as const;

/** What a right comes to. */
export type Verb = (typeof VERBS)[keyof typeof VERBS];

/** Resources that stand for many of their kind in one box, and those whose own name says most. */
const BOXES: Readonly<Record<string, string>> = {
  'AWS::Kinesis::Stream': 'streams',
  'AWS::KinesisFirehose::DeliveryStream': 'deliveries',
  'AWS::ApiGatewayV2::Api': 'HTTP API',
  'AWS::Athena::WorkGroup': 'Athena workgroup',
  'AWS::RedshiftServerless::Workgroup': 'Redshift',
  'AWS::Glue::Job': 'Glue job',
  'AWS::StepFunctions::StateMachine': 'state machine',
  'AWS::SNS::Topic': 'alerts topic',
  'AWS::SageMaker::Pipeline': 'training pipeline',
};

const words = (id: string): string =>
  id
    .replace(/^Roles/, '')
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase();

/** A Lambda by its folder: `lakehouse-prod-send-alert` is `send-alert`. */
const folderOf = ({ Properties }: TemplateResource): string =>
  readable(Properties?.FunctionName ?? '').replace(/^lakehouse-[a-z]+-/, '');

/** The box of a resource that is acted on; none for what the picture leaves out. */
function boxOf(stack: string, id: string, resource: TemplateResource): Party | null {
  if (resource.Type === 'AWS::S3::Bucket') return { stack, label: words(withoutHash(id)), kind: 'bucket' };
  if (resource.Type === 'AWS::Lambda::Function') return { stack, label: folderOf(resource), kind: 'actor' };
  const label = BOXES[resource.Type];
  return label === undefined ? null : { stack, label, kind: 'other' };
}

const kebab = (stack: string): string => stack.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

/** Finds the box that a permission's resource means: `lakehouse-prod-storage:Raw/raw/*`, `Topic`, `arn:…:job/lakehouse-prod-run-plan`. */
function finder(templates: Templates): (stack: string, resource: string) => Party | null {
  const byName = new Map<string, Party>();
  for (const [stack, { Resources }] of Object.entries(templates))
    for (const [id, resource] of Object.entries(Resources)) {
      const box = boxOf(stack, id, resource);
      if (box === null) continue;
      byName.set(`${kebab(stack)}:${withoutHash(id)}`, box);
      const { Properties = {} } = resource;
      for (const name of [Properties.Name, Properties.DeliveryStreamName, Properties.StateMachineName])
        if (typeof name === 'string') byName.set(name, box);
    }
  return (stack, resource) => {
    const [, name = ''] = /^arn:.*[:/]([\w-]+)$/.exec(resource) ?? [];
    if (resource.startsWith('arn:')) {
      const api = /:execute-api:[^:]*:[^:]*:(\w+)/.exec(resource)?.[1];
      return byName.get(api === undefined ? name : `${kebab(stack)}:${api}`) ?? null;
    }
    const [owner, id = owner] = (resource.split('/')[0] ?? '').split(':');
    const home = id === owner ? kebab(stack) : (owner ?? '').replace(/^lakehouse-[a-z]+-/, '');
    return byName.get(`${home}:${id}`) ?? null;
  };
}

/** Who acts by a role: what takes it (a Lambda, the job, the state machine), or else what the role is called. */
function actorOf(stack: string, id: string, templates: Templates): Party {
  const takesIt = ({ Properties }: TemplateResource) =>
    [at(Properties, 'Role.Fn::GetAtt.0'), at(Properties, 'RoleArn.Fn::GetAtt.0')].includes(id);
  const takers = Object.entries(templates[stack]?.Resources ?? {}).filter(([, resource]) => takesIt(resource));
  const [box] = takers.flatMap(([name, resource]) => boxOf(stack, name, resource) ?? []);
  return box ?? { stack, label: words(withoutHash(id)).replace(/ role$/, ''), kind: 'actor' };
}

const isVerb = (action: string): action is keyof typeof VERBS => Object.hasOwn(VERBS, action);

/** What every role of an environment may do with data and with others, each once, in the order of the templates. */
export function flowsOf(templates: Templates): Flow[] {
  const find = finder(templates);
  const flows = new Map<string, Flow>();
  for (const [stack, { Resources }] of Object.entries(templates))
    for (const [id, role] of Object.entries(Resources)) {
      if (role.Type !== 'AWS::IAM::Role') continue;
      const actor = actorOf(stack, id, templates);
      const { rights } = rightsOf(stack, id, templates);
      for (const { home, statement } of rights.filter((each) => at(each.statement, 'Effect') === 'Allow'))
        for (const action of listOf(at(statement, 'Action')).map(readable).filter(isVerb))
          for (const resource of listOf(at(statement, 'Resource')).map(readable)) {
            const object = find(home, resource);
            if (object === null) continue;
            const flow = { actor, verb: VERBS[action], object };
            flows.set(JSON.stringify(flow), flow);
          }
    }
  return [...flows.values()];
}
