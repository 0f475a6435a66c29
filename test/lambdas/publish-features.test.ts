import { readFileSync } from 'node:fs';
import {
  AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { SageMakerClient, StartPipelineExecutionCommand } from '@aws-sdk/client-sagemaker';
import { PutRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  featureTables,
  isTrainedOn,
  type Publishing,
  publishFeatures,
  recordOf,
} from '../../lambdas/publish-features/publish-features.ts';
import type { Athena } from '../../lib/engines/athena.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { context, start } from './bundle.ts';

const { plan } = JSON.parse(readFileSync(new URL('../../dist/plan.json', import.meta.url), 'utf8')) as { plan: Plan };
const tables = featureTables(plan);

describe('a row as a record of the feature store', () => {
  it.each([
    ['2026-06-30 12:00:00.123456', '2026-06-30T12:00:00.123Z'],
    ['2026-06-30 12:00:00.000', '2026-06-30T12:00:00.000Z'],
    ['2026-06-30 12:00:00', '2026-06-30T12:00:00.000Z'],
  ])('spells the point in time %s as the store wants it', (text, iso) => {
    expect(recordOf({ eventTime: 't' }, { id: 'a', t: text })).toContainEqual({ name: 't', text: iso });
  });

  it('leaves out what is missing', () => {
    expect(recordOf({ eventTime: 't' }, { id: 'a', share: null }).map((value) => value.name)).toEqual(['id']);
  });
});

describe('the day of a training', () => {
  const days = fc.integer({ min: 0, max: 20_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

  it('comes once in seven days, or once a month on the day before a first', () => {
    fc.assert(
      fc.property(days, (date) => {
        const later = (count: number) => new Date(Date.parse(date) + count * 86_400_000);
        const week = [0, 1, 2, 3, 4, 5, 6].map((count) => later(count).toISOString().slice(0, 10));
        expect(week.filter((day) => isTrainedOn({ trained: 'weekly' }, day))).toHaveLength(1);
        expect(isTrainedOn({ trained: 'monthly' }, date)).toBe(later(1).toISOString().slice(8, 10) === '01');
      }),
    );
  });
});

describe('publishing features, however it is interrupted and repeated', () => {
  it('puts every row of every table, and no other', async () => {
    const pages = fc.array(fc.array(fc.nat({ max: 99 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const contents = fc.tuple(...tables.map(() => pages));
    await fc.assert(
      fc.asyncProperty(
        contents,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (answers, patience, times) => {
          const athena: Athena = {
            start: async (sql) =>
              String(tables.findIndex((table) => sql.includes(`"${table.name.slice('feature.'.length)}"`))),
            states: async (ids) => new Map(ids.map((id) => [id, { state: 'done', bytes: 0, reason: '' }])),
            page: async (id, from) => {
              const at = Number(from ?? 0);
              const found = answers[Number(id)] ?? [];
              const next = at + 1 < found.length ? String(at + 1) : null;
              return { rows: (found[at] ?? []).map((value) => ({ value: String(value) })), next };
            },
          };
          const put = new Map<string, Set<string>>();
          const store = {
            put: async (group: string, [value]: readonly { readonly text: string }[]) => {
              put.set(group, (put.get(group) ?? new Set()).add(value?.text ?? ''));
            },
          };
          let state: Publishing & { done: boolean } = {
            run: 'r',
            queries: [],
            table: 0,
            page: null,
            rows: 0,
            done: false,
          };
          for (let call = 0; !state.done && call < 100; call += 1) {
            const before = state;
            for (let time = 0; time < times; time += 1) {
              let left = patience;
              state = await publishFeatures(plan, 'dev', before, { athena, store }, () => left-- > 0);
            }
          }
          expect(state.done).toBe(true);
          expect(state.rows).toBe(answers.flat(2).length);
          const expected = tables.map((table, index) => [
            `dev-${table.name.slice('feature.'.length).replaceAll('_', '-')}`,
            new Set((answers[index] ?? []).flat().map(String)),
          ]);
          expect(new Map(put)).toEqual(
            new Map(expected.filter(([, values]) => (values as Set<string>).size > 0) as [string, Set<string>][]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the Lambda that publishes features', async () => {
  const athena = mockClient(AthenaClient);
  const runtime = mockClient(SageMakerFeatureStoreRuntimeClient);
  const sagemaker = mockClient(SageMakerClient);
  const publish = await start<'publish-features', { readonly done: boolean }>('publish-features', {
    NAME_PREFIX: 'lakehouse-dev',
    ATHENA_WORKGROUP: 'features',
  });

  beforeEach(() => {
    for (const client of [athena, runtime, sagemaker]) client.reset();
    athena
      .on(StartQueryExecutionCommand)
      .callsFake(({ QueryString }) => ({ QueryExecutionId: /"(\w+)" where/.exec(QueryString)?.[1] }));
    athena.on(BatchGetQueryExecutionCommand).callsFake(({ QueryExecutionIds }) => ({
      QueryExecutions: QueryExecutionIds.map((QueryExecutionId: string) => ({
        QueryExecutionId,
        Status: { State: 'SUCCEEDED' },
      })),
    }));
    athena.on(GetQueryResultsCommand).callsFake(({ QueryExecutionId }) => {
      const feature = tables.find((table) => table.name === `feature.${QueryExecutionId}`)?.feature;
      const names = feature?.definitions.map((definition) => definition.name) ?? [];
      const value = (name: string) => (name === feature?.eventTime ? '2026-06-30 23:59:59.999' : '1');
      const cells = (texts: string[]) => ({ Data: texts.map((VarCharValue) => ({ VarCharValue })) });
      return {
        ResultSet: {
          ResultSetMetadata: { ColumnInfo: names.map((Name) => ({ Name, Type: 'varchar' })) },
          Rows: [cells(names), cells(names.map(value))],
        },
      };
    });
    runtime.on(PutRecordCommand).resolves({});
    sagemaker.on(StartPipelineExecutionCommand).resolves({});
  });

  const event = { date: '2026-06-30', run: 'run-1' };

  async function published(date: string) {
    const first = await publish({ ...event, date });
    expect(await publish(first)).toMatchObject({ done: true, rows: tables.length });
    await publish(first);
    return sagemaker.commandCalls(StartPipelineExecutionCommand).map((call) => call.args[0].input);
  }

  it('puts a record with every feature under its group', async () => {
    await published('2026-06-30');
    const [table] = tables;
    const { input } = runtime.commandCalls(PutRecordCommand)[0]?.args[0] ?? {};
    expect(input?.FeatureGroupName).toBe(`lakehouse-dev-${table?.name.slice('feature.'.length).replaceAll('_', '-')}`);
    expect(input?.Record).toEqual(
      table?.feature.definitions.map(({ name }) => ({
        FeatureName: name,
        ValueAsString: name === table.feature.eventTime ? '2026-06-30T23:59:59.999Z' : '1',
      })),
    );
  });

  it.each([
    ['2026-06-30', 'the last of a month, a Tuesday', ['home-loan-pricing']],
    ['2026-06-28', 'a Sunday', ['card-fraud']],
    ['2026-05-31', 'both', ['card-fraud', 'home-loan-pricing']],
    ['2026-06-29', 'neither', []],
  ])('then trains, as of %s (%s), %j, once for the run however often it is called', async (date, _, models) => {
    const starts = await published(date);
    const started = new Map(starts.map((each) => [each.ClientRequestToken, each]));
    expect([...started.values()].map(({ PipelineName }) => PipelineName)).toEqual(
      models.map((model) => `lakehouse-dev-train-${model}`),
    );
    for (const { PipelineParameters } of starts) expect(PipelineParameters).toEqual([{ Name: 'AsOf', Value: date }]);
  });

  it('begins no page and no training when its time is up', async () => {
    const asked = await publish(event);
    expect(await publish(asked, context(10_000))).toMatchObject({ done: false, rows: 0 });
    expect(sagemaker.commandCalls(StartPipelineExecutionCommand)).toHaveLength(0);
  });
});
