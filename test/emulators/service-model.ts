import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { runProgram } from '../../lib/tools/run-program.ts';

/** A shape of AWS's own description of a service. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly member?: Member;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly union?: boolean;
  readonly error?: { readonly httpStatusCode?: number };
}

/** A shape by its name, and where of a request over REST it stands. */
interface Member {
  readonly shape: string;
  readonly location?: string;
}

/** An operation: how it is asked, and what it takes and gives. */
export interface OperationModel {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: Member;
  readonly output?: Member;
}

/** A service as AWS describes it to its clients. Nobody here wrote it: what a stand-in takes and gives is held to it. */
export interface ServiceModel {
  readonly metadata: { readonly protocol: string; readonly targetPrefix?: string };
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The newest description of a service that botocore, AWS's client for Python, has. */
export async function serviceModel(service: string): Promise<ServiceModel> {
  const { python } = await pythonEnvironment('emulators');
  const { stdout } = await runProgram(python, ['-c', 'import botocore; print(botocore.__path__[0])']);
  const folder = join(stdout.trim(), 'data', service);
  const newest = readdirSync(folder).sort().at(-1) ?? '';
  return JSON.parse(gunzipSync(readFileSync(join(folder, newest, 'service-2.json.gz'))).toString('utf8'));
}

/** What in a value breaks a shape of the model, each with its place. */
export function faultsOf(model: ServiceModel, name: string, value: unknown, place = name): string[] {
  const shape = model.shapes[name];
  if (shape === undefined) return [`${place}: the model has no shape ${name}`];
  const found = JSON.stringify(value)?.slice(0, 100);
  const size = sizeOf(shape, value);
  if (size === null) return [`${place}: ${found} is no ${shape.type}`];
  const faults = [
    ...(size < (shape.min ?? -Infinity) ? [`${place}: ${found} is below ${shape.min}`] : []),
    ...(size > (shape.max ?? Infinity) ? [`${place}: ${found} is above ${shape.max}`] : []),
    ...(shape.enum && !shape.enum.includes(String(value)) ? [`${place}: ${found} is none of ${shape.enum}`] : []),
    ...(shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, 's').test(String(value))
      ? [`${place}: ${found} is not ${shape.pattern}`]
      : []),
  ];
  const { member } = shape;
  if (member)
    for (const [at, each] of (value as []).entries())
      faults.push(...faultsOf(model, member.shape, each, `${place}[${at}]`));
  return shape.members ? [...faults, ...faultsOfMembers(model, shape, value as object, place)] : faults;
}

/** How large a value is, in what its shape bounds; null when it is of another type. */
function sizeOf({ type }: Shape, value: unknown): number | null {
  if (type === 'string' || type === 'blob') return typeof value === 'string' ? value.length : null;
  if (type === 'integer' || type === 'long') return Number.isInteger(value) ? Number(value) : null;
  if (type === 'double' || type === 'float' || type === 'timestamp') return typeof value === 'number' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? 0 : null;
  if (type === 'list') return Array.isArray(value) ? value.length : null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).length : null;
}

function faultsOfMembers(model: ServiceModel, shape: Shape, value: object, place: string): string[] {
  const { members = {}, required = [], union = false } = shape;
  const present = Object.entries(value).filter(([, each]) => each !== undefined);
  const missing = required.filter((name) => !present.some(([each]) => each === name));
  return [
    ...missing.map((name) => `${place}.${name} is missing`),
    ...(union && present.length !== 1 ? [`${place}: a union has one member, not ${present.length}`] : []),
    ...present.flatMap(([name, each]) => {
      const member = members[name];
      return member === undefined
        ? [`${place}.${name} is unknown`]
        : faultsOf(model, member.shape, each, `${place}.${name}`);
    }),
  ];
}
