import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BY_TRAFFIC, CHARGES } from '../../lib/infra/cost/charges.ts';
import { type Estimate, estimate } from '../../lib/infra/cost/estimate.ts';
import { FREE } from '../../lib/infra/cost/free.ts';
import { PRICE_LIST, PRICES } from '../../lib/infra/cost/prices.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName, environmentNamed } from '../../lib/infra/environments.ts';
import type { TemplateValue } from '../../lib/infra/readable.ts';
import { synthesised } from './synthesised.ts';

const templatesOf = (name: EnvironmentName) => {
  const { names, json } = synthesised(name);
  return Object.fromEntries(names.map((stack) => [stack, json(stack)]));
};

const of = (Type: string, Properties: { readonly [key: string]: TemplateValue } = {}): Estimate =>
  estimate({ Only: { Resources: { Thing1A2B3C4D: { Type, Properties } } } }, { gigabytes: 1 });

/** A pipeline of two processing jobs and a training. */
const trained = (often: string, machine = 'ml.m5.xlarge') => {
  const processing = { Arguments: { ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large' } } } };
  const training = { Arguments: { ResourceConfig: { InstanceType: machine } } };
  const definition = JSON.stringify({
    Steps: [processing, training, { Type: 'Condition', Arguments: {} }, processing],
  });
  return {
    PipelineDefinition: { PipelineDefinitionBody: { 'Fn::Join': ['', [definition]] } },
    Tags: [{ Key: 'trained', Value: often }],
  };
};

describe.each(ENVIRONMENT_NAMES)('the cost of %s', (name) => {
  const templates = templatesOf(name);
  const { lines, free, byTraffic, unknown } = estimate(templates, { gigabytes: 1 });

  it('is known of every type of resource: price a new one in lib/infra/cost', () => {
    expect(unknown).toEqual([]);
  });

  it('leaves no resource out', () => {
    const resources = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources));
    const counted = [...free, ...byTraffic, ...unknown].reduce((sum, { count }) => sum + count, lines.length);
    expect(counted).toBe(resources.length);
  });

  it('is told by the prices of the region that it is in', () => {
    expect(environmentNamed(name).region).toBe(PRICE_LIST.region);
  });
});

describe('dev while nobody uses it', () => {
  const { lines, idle } = estimate(templatesOf('dev'), { gigabytes: 0 });

  it('costs less than 10 dollars a month', () => {
    expect(idle).toBeGreaterThan(0);
    expect(idle).toBeLessThan(10);
  });

  it('costs what its keys, alarms and secrets do, and nothing by the hour', () => {
    const paid = lines.filter((line) => line.idle > 0).map(({ type }) => type);
    const byTheMonth = ['KMS::Key', 'CloudWatch::Alarm', 'CloudWatch::CompositeAlarm', 'CloudWatch::Dashboard'];
    const secrets = ['SecretsManager::Secret', 'RedshiftServerless::Namespace'];
    expect([...byTheMonth, ...secrets].map((type) => `AWS::${type}`)).toEqual(expect.arrayContaining(paid));
  });
});

describe('a resource', () => {
  it.each([
    ['AWS::KMS::Key', {}, 1],
    ['AWS::CloudWatch::Alarm', { MetricName: 'Errors' }, 0.1],
    ['AWS::CloudWatch::Alarm', { Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] }, 0.2],
    ['AWS::RedshiftServerless::Namespace', { ManageAdminPassword: true }, 0.4],
    ['AWS::RedshiftServerless::Namespace', {}, 0],
    ['AWS::RedshiftServerless::Workgroup', { BaseCapacity: 8 }, 0],
    ['AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b', 'c'] }, 730 * 3 * 0.011],
    ['AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 0],
    ['AWS::Kinesis::Stream', { ShardCount: 2 }, 730 * 2 * 0.017],
    ['AWS::Kinesis::Stream', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }, 730 * 0.044],
    ['AWS::Transfer::Server', { Protocols: ['SFTP'] }, 219],
  ])('%s with %j costs %d dollars a month idle', (type, properties, dollars) => {
    expect(of(type, properties).idle).toBeCloseTo(dollars, 9);
  });

  it.each([
    [
      'AWS::Lambda::Function',
      { FunctionName: 'lakehouse-dev-sense-sources', MemorySize: 512 },
      4 * 2 * 0.5 * 0.0000133334 + 4 * 2e-7,
    ],
    ['AWS::Lambda::Function', { MemorySize: 512 }, 0],
    ['AWS::RedshiftServerless::Workgroup', { BaseCapacity: 8 }, (8 * 4 * PRICES.redshiftCompute.dollars) / 60],
    ['AWS::Glue::Crawler', { Schedule: { ScheduleExpression: 'cron(0 1 * * ? *)' } }, (2 * 10 * 0.44) / 60],
    ['AWS::Glue::Crawler', {}, 0],
    ['AWS::Athena::WorkGroup', {}, 0.3 * 30 * 0.005],
    ['AWS::SageMaker::Pipeline', trained('weekly'), (2 * 5 * 0.128 + 5 * 0.257) / 60 / 7],
    ['AWS::SageMaker::Pipeline', trained('monthly'), ((2 * 5 * 0.128 + 5 * 0.257) / 60) * (12 / 365)],
    ['AWS::SageMaker::FeatureGroup', { OnlineStoreConfig: { EnableOnlineStore: true } }, 1.4],
    ['AWS::SageMaker::FeatureGroup', { OfflineStoreConfig: {} }, 0],
  ])('%s with %j costs %d dollars for a run over a gigabyte', (type, properties, dollars) => {
    expect(of(type, properties).run).toBeCloseTo(dollars, 9);
  });

  it('of a type that nobody has priced is listed, and counts as nothing but unknown', () => {
    const { unknown, lines, free, idle } = of('AWS::Neptune::DBCluster');
    expect(unknown).toMatchObject([{ type: 'AWS::Neptune::DBCluster', count: 1 }]);
    expect([lines, free, idle]).toEqual([[], [], 0]);
  });

  it('that runs on a machine which nobody has priced is an error that says so', () => {
    expect(() => of('AWS::SageMaker::Pipeline', trained('weekly', 'ml.p5.48xlarge'))).toThrow(
      'ml.p5.48xlarge: nobody has priced it; see lib/infra/cost/prices.ts',
    );
  });

  it('says how its cost came about', () => {
    expect(of('AWS::KMS::Key').lines).toMatchObject([
      { stack: 'Only', resource: 'Thing', basis: 'idle: 1 × $1 per key, month; run: 0.2 × $0.03 per 10,000 requests' },
    ]);
  });
});

describe('an estimate', () => {
  const prod = templatesOf('prod');
  const gigabytes = fc.double({ min: 0, max: 1e5, noNaN: true });

  it('idles for the same whatever a run works on, and a run over more never costs less', () => {
    fc.assert(
      fc.property(gigabytes, gigabytes, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((each) => estimate(prod, { gigabytes: each }));
        expect(less?.idle).toBe(more?.idle);
        expect(less?.run).toBeLessThanOrEqual(more?.run ?? 0);
      }),
      { numRuns: 30 },
    );
  });

  it('is the sum of its lines', () => {
    const { idle, run, lines } = estimate(prod, { gigabytes: 7 });
    expect(lines.reduce((sum, line) => sum + line.idle, 0)).toBeCloseTo(idle, 9);
    expect(lines.reduce((sum, line) => sum + line.run, 0)).toBeCloseTo(run, 9);
  });
});

describe('the tables', () => {
  it('put a type in one place only', () => {
    const types = [CHARGES, BY_TRAFFIC, FREE].flatMap(Object.keys);
    expect(types).toHaveLength(new Set(types).size);
  });

  it('name for every price what it is for and where it is listed', () => {
    for (const { dollars, per, page } of Object.values(PRICES)) {
      expect(dollars).toBeGreaterThan(0);
      expect(per).not.toBe('');
      expect(page).toMatch(/^[a-z0-9/-]+pricing[a-z/-]*$/);
    }
    expect(PRICE_LIST.asOf).toMatch(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
  });
});
