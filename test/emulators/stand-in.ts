import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { faultsOf, type ServiceModel, serviceModel } from './service-model.ts';

/** Operations of a service by their names; those that it does not have are refused by name. */
export type Operations = Readonly<Record<string, (input: never) => object | Promise<object>>>;

/** The service says no, by the name of an exception of its model. */
export class Refusal extends Error {
  readonly fields: Readonly<Record<string, string>>;

  constructor(name: string, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = name;
    this.fields = fields;
  }
}

/** A server on loopback that stands for services of AWS. */
export interface StandIns {
  readonly url: string;
  readonly stop: () => void;
}

interface Standing {
  readonly model: ServiceModel;
  readonly operations: Operations;
}

/** A call of an operation, as it came over HTTP. */
interface Call {
  readonly name: string;
  readonly standing: Standing;
  readonly input: object;
}

/**
 * Serves services by AWS's own JSON protocols. Each request and each answer is held to the service's model: a request that breaks it is refused
 * as invalid, an answer that does is a fault of the stand-in.
 */
export async function startStandIns(services: Readonly<Record<string, Operations>>): Promise<StandIns> {
  const standing = await Promise.all(
    Object.entries(services).map(async ([name, operations]) => ({ model: await serviceModel(name), operations })),
  );
  const server = createServer(async (request, response) => {
    try {
      const output = await answer(callOf(request, await text(request), standing));
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(output));
    } catch (error) {
      const { name, message, fields = {} } = error as Partial<Refusal> & Error;
      response.statusCode = error instanceof Refusal ? 400 : 500;
      response.setHeader('x-amzn-errortype', name).end(JSON.stringify({ __type: name, Message: message, ...fields }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

async function answer({ name, standing: { model, operations }, input }: Call): Promise<object> {
  const { input: takes, output: gives } = model.operations[name] ?? {};
  const faults = takes ? faultsOf(model, takes.shape, input) : [];
  if (faults.length > 0) throw new Refusal('ValidationException', faults.join('; '));
  const operation = operations[name];
  if (operation === undefined)
    throw new Error(`${name} has no stand-in; there are ${Object.keys(operations).join(', ')}`);
  const output = await operation(input as never);
  // What JavaScript calls undefined is not there on the way.
  const wrong = gives ? faultsOf(model, gives.shape, JSON.parse(JSON.stringify(output))) : [];
  if (wrong.length > 0) throw new Error(`the stand-in answers ${name} wrongly: ${wrong.join('; ')}`);
  return output;
}

/** A JSON service is asked by a header, a REST service by method and path, parts of which are members of the request. */
function callOf({ method, url = '', headers }: IncomingMessage, body: string, services: readonly Standing[]): Call {
  const [prefix, target = ''] = String(headers['x-amz-target'] ?? '').split('.');
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  for (const standing of services) {
    const { metadata, operations } = standing.model;
    if (prefix && metadata.targetPrefix === prefix) return { name: target, standing, input: JSON.parse(body) };
    if (prefix || metadata.protocol !== 'rest-json') continue;
    for (const [name, { http }] of Object.entries(operations)) {
      const pattern = http.requestUri.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const path = method === http.method ? new RegExp(`^${pattern}$`).exec(pathname) : null;
      if (path === null) continue;
      const inPath = Object.entries(path.groups ?? {}).map(([each, value]) => [each, decodeURIComponent(value)]);
      const input = { ...JSON.parse(body || '{}'), ...Object.fromEntries(searchParams), ...Object.fromEntries(inPath) };
      // How the SDK names the operation that it means, beside the path.
      delete input['x-id'];
      return { name, standing, input };
    }
  }
  throw new Error(`nothing stands for ${method} ${url} ${prefix}.${target}`);
}
