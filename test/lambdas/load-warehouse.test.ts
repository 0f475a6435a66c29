import { readFileSync } from 'node:fs';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadWarehouse } from '../../lambdas/load-warehouse/load-warehouse.ts';
import type { Redshift } from '../../lib/engines/redshift.ts';
import type { Plan } from '../../lib/plan/index.ts';
import type { WarehouseStep } from '../../lib/plan/warehouse.ts';
import { start } from './bundle.ts';

const { plan } = JSON.parse(readFileSync(new URL('../../dist/plan.json', import.meta.url), 'utf8')) as { plan: Plan };

const client = mockClient(RedshiftDataClient);
const started: string[][] = [];
const tokens = new Set<string>();
let failing = (_statement: string): string | null => null;

interface Answer {
  readonly done: boolean;
  readonly step: number;
}
const load = await start<'load-warehouse', Answer>('load-warehouse', {
  NAME_PREFIX: 'lakehouse-dev',
  REDSHIFT_WORKGROUP: 'warehouse',
  REDSHIFT_DATABASE: 'lakehouse',
  REDSHIFT_SECRET: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:admin',
  SPECTRUM_ROLE_ARN: 'arn:aws:iam::111111111111:role/spectrum',
});

beforeEach(() => {
  started.length = 0;
  tokens.clear();
  failing = () => null;
  client.reset();
  const take = (statements: string[], token: string) => {
    if (!tokens.has(token)) started.push(statements);
    tokens.add(token);
    return { Id: String(started.length - 1) };
  };
  client.on(ExecuteStatementCommand).callsFake(({ Sql, ClientToken }) => take([Sql], ClientToken));
  client.on(BatchExecuteStatementCommand).callsFake(({ Sqls, ClientToken }) => take(Sqls, ClientToken));
  client.on(DescribeStatementCommand).callsFake(({ Id }) => {
    const statements = started[Number(Id)] ?? [];
    const broken = statements.find((each) => failing(each) !== null);
    if (broken === undefined) return { Status: 'FINISHED' };
    const SubStatements = statements.map((QueryString) =>
      QueryString === broken
        ? { QueryString, Status: 'FAILED', Error: failing(broken) }
        : { QueryString, Status: 'ABORTED' },
    );
    const QueryString = statements.join(';');
    return {
      Status: 'FAILED',
      Error: 'a sub-statement failed',
      QueryString,
      ...(statements.length > 1 ? { SubStatements } : { Error: failing(broken) }),
    };
  });
});

const follow = async (): Promise<number> => {
  let answer = await load({ date: '2026-06-30', run: 'run-1' });
  let calls = 1;
  for (; !answer.done && calls < 100; calls += 1) answer = await load(answer);
  expect(answer.done).toBe(true);
  return calls;
};
const all = () => started.flat();
const of = (table: string) =>
  started.find((statements) => statements.some((each) => each.includes(`"${table}__next"`)));

describe('loading the warehouse', () => {
  it('makes each table anew beside the old one and puts it in its place, with its rights, in one transaction', async () => {
    await follow();
    expect(of('refunds_by_customer')).toEqual([
      'drop table if exists "mart"."refunds_by_customer__next"',
      'create table "mart"."refunds_by_customer__next" (\n  "customer_id" varchar(65535) not null,\n  "total_refund" decimal(38, 2) not null\n)',
      'insert into "mart"."refunds_by_customer__next" ("customer_id", "total_refund") select "customer_id", "total_refund" from lake_mart."refunds_by_customer"',
      'drop table if exists "mart"."refunds_by_customer"',
      'alter table "mart"."refunds_by_customer__next" rename to "refunds_by_customer"',
      'grant select ("total_refund") on "mart"."refunds_by_customer" to role "lakehouse_analyst"',
      'grant select on "mart"."refunds_by_customer" to role "lakehouse_scientist"',
      'grant select on "mart"."refunds_by_customer" to role "lakehouse_steward"',
    ]);
  });

  it('keeps marts and features, and nothing else', async () => {
    await follow();
    const kept = all().flatMap((each) => /^create table ("\w+"[.]"\w+)__next"/.exec(each)?.[1] ?? []);
    const wanted = plan.tables.filter(({ layer }) => layer === 'mart' || layer === 'feature').map(({ name }) => name);
    expect(kept.map((name) => name.replaceAll('"', ''))).toEqual(wanted);
  });

  it('opens a window on every layer of the lake, and base tables to stewards alone', async () => {
    await follow();
    expect(all()).toContain(
      "create external schema if not exists lake_base from data catalog database 'lakehouse_dev_base' iam_role 'arn:aws:iam::111111111111:role/spectrum'",
    );
    expect(all().filter((each) => each.startsWith('grant usage on schema lake_base'))).toEqual([
      'grant usage on schema lake_base to role "lakehouse_steward"',
    ]);
  });

  it('may be repeated: a role that is there is no failure', async () => {
    failing = (statement) => (statement.startsWith('create role') ? 'ERROR: role "x" already exists' : null);
    await follow();
    expect(of('refunds_by_customer')).toBeDefined();
  });

  it('names the statement that failed, not those given up because of it', async () => {
    failing = (statement) =>
      statement.startsWith('insert into "mart"."agg_shipments__next"') ? 'column x is missing' : null;
    await expect(follow()).rejects.toThrow(
      /the warehouse refused mart.agg_shipments: column x is missing; the statement: insert into "mart"."agg_shipments__next"/,
    );
  });

  it('takes no other "already exists" for success', async () => {
    failing = (statement) => (statement.startsWith('alter table') ? 'relation already exists' : null);
    await expect(follow()).rejects.toThrow(/already exists/);
  });

  it('starts every step once and in order, however often calls are repeated and however long statements take', async () => {
    const lookCounts = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        lookCounts,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (slow, looks, times) => {
          const steps = slow.map(
            (_, index): WarehouseStep => ({ name: `s${index}`, statements: [`s${index}`], mayExist: false }),
          );
          const begun: string[] = [];
          const ids = new Map<string, number>();
          const left = [...slow];
          const redshift: Redshift = {
            start: async ([statement = ''], token) => {
              if (!ids.has(token)) {
                ids.set(token, begun.length);
                begun.push(statement);
              }
              return String(ids.get(token));
            },
            state: async (id) => {
              const more = (left[Number(id)] ?? 0) - 1;
              left[Number(id)] = more;
              return { state: more >= 0 ? 'running' : 'done' };
            },
          };
          let loading = { run: 'r', step: 0, id: null as string | null, done: false };
          for (let call = 0; !loading.done && call < 200; call += 1) {
            const before = loading;
            for (let time = 0; time < times; time += 1) {
              loading = await loadWarehouse(steps, before, redshift, { looks, pause: async () => {} });
            }
          }
          expect(loading.done).toBe(true);
          expect(begun).toEqual(steps.map((each) => each.name));
        },
      ),
    );
  });
});
