import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LineageEvent } from '../../lib/run/open-lineage.ts';
import { runCli } from '../support/cli.ts';
import { Workshop } from '../support/run-lake.ts';

const workshop = new Workshop();
const file = join(workshop.folder, 'deep', 'lineage.ndjson');
const call = (...more: readonly string[]) =>
  runCli([
    'run',
    '--raw',
    workshop.raw,
    '--lake',
    workshop.lake,
    '--as-of',
    '2026-03-01',
    '--only',
    'payments',
    ...more,
  ]);
const eventsOf = (path: string): LineageEvent[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const told = (events: readonly LineageEvent[]) => events.map(({ eventType, job }) => `${eventType} ${job.name}`);

let first: LineageEvent[];
const ended = (name: string) => {
  const event = first.find(({ job, eventType }) => job.name === name && eventType !== 'START');
  if (!event) throw new Error(`no end of ${name} in ${told(first).join(', ')}`);
  return event;
};
// biome-ignore lint/suspicious/noExplicitAny: events are JSON as other programs read it
const says = (facets: object | undefined, name: string): any => Reflect.get(facets ?? {}, name);

beforeAll(async () => {
  workshop.put(
    'purchase/a.csv',
    'id,timestamp,customer_id,merchant_id,amount\np1,2026-01-05T10:00:00Z,c1,m1,10.00\np2,2026-01-31T10:00:00Z,c2,m1,-1.00\n',
  );
  workshop.put('refund/a.csv', 'id,timestamp,parent_id,amount\nr1,2026-02-05T10:00:00Z,p1,4.00\n');
  await call('--lineage', file);
  first = eventsOf(file);
});

describe('run --lineage', () => {
  it('tells a run from its start to its end, with a part for each table made and for each table judged', () => {
    const parts = ['base.purchase', 'base.refund', 'mart.refunds_by_customer'];
    expect(told(first)).toEqual([
      'START run',
      ...parts.flatMap((part) => [part, `${part} checks`].flatMap((name) => [`START ${name}`, `COMPLETE ${name}`])),
      'COMPLETE run',
    ]);
  });

  it('says of each part which run it belongs to', () => {
    const [start, ...others] = first;
    const runs = others.slice(0, -1).map(({ run }) => says(run.facets, 'parent').run.runId);
    expect(new Set(runs)).toEqual(new Set([start?.run.runId]));
    expect(others.at(-1)?.run.runId).toBe(start?.run.runId);
    expect(says(start?.run.facets, 'nominalTime').nominalStartTime).toBe('2026-03-01T00:00:00Z');
  });

  it('says what a base table was loaded of: folder, records, files, and the field of each column', () => {
    const { inputs, outputs } = ended('base.purchase');
    const folder = join(workshop.raw, 'purchase');
    expect(inputs.map(({ namespace, name }) => [namespace, name])).toEqual([['file', folder]]);
    expect(says(inputs[0]?.inputFacets, 'inputStatistics')).toMatchObject({ rowCount: 2, fileCount: 1 });
    expect(says(outputs[0]?.outputFacets, 'outputStatistics').rowCount).toBe(2);
    expect(says(outputs[0]?.facets, 'columnLineage').fields.amount.inputFields).toEqual([
      { namespace: 'file', name: folder, field: 'amount', transformations: [{ type: 'DIRECT' }] },
    ]);
  });

  it('says what a mart was made of, column by column, and by which SQL', () => {
    const { inputs, outputs, job } = ended('mart.refunds_by_customer');
    const lake = `file://${workshop.lake}`;
    expect(inputs).toEqual(['purchase', 'refund', 'void'].map((name) => ({ namespace: lake, name: `base.${name}` })));
    const fields = says(outputs[0]?.facets, 'columnLineage').fields as Record<
      string,
      { inputFields: { name: string; field: string }[] }
    >;
    const sources = Object.entries(fields).map(([column, { inputFields }]) => [
      column,
      inputFields.map(({ name, field }) => `${name}.${field}`),
    ]);
    expect(sources).toEqual([
      ['customer_id', ['base.purchase.customer_id']],
      ['total_refund', ['base.refund.amount']],
    ]);
    expect(says(job.facets, 'sql').query).toMatch(/from base\.refund\b/);
    expect(says(outputs[0]?.facets, 'schema').fields.map(({ name }: { name: string }) => name)).toEqual(
      Object.keys(fields),
    );
  });

  it('says what checks found', () => {
    const { assertions } = says(ended('base.purchase checks').inputs[0]?.inputFacets, 'dataQualityAssertions');
    expect(assertions.find(({ name }: { name: string }) => name === 'at_least(amount)')).toEqual({
      ...{ assertion: 'between', name: 'at_least(amount)', description: 'amount is at least 0', column: 'amount' },
      ...{ success: false, severity: 'warn', actual: '1 of 2' },
    });
  });

  it('adds a run to the file; with nothing new it has no parts', async () => {
    await call('--lineage', file);
    expect(told(eventsOf(file).slice(first.length))).toEqual(['START run', 'COMPLETE run']);
  });

  it('tells of a run that failed, and why', async () => {
    const failed = join(workshop.folder, 'failed.ndjson');
    const { code } = await call('--rebuild', 'base.none', '--lineage', failed);
    expect(code).not.toBe(0);
    const events = eventsOf(failed);
    expect(told(events)).toEqual(['START run', 'FAIL run']);
    expect(says(events[1]?.run.facets, 'errorMessage').message).toContain('base.none');
    expect(events[1]?.run.runId).toBe(events[0]?.run.runId);
  });

  it('is of a run on this machine', async () => {
    const other = join(workshop.folder, 'other.ndjson');
    const { code, stderr } = await runCli(['run', '--env', 'dev', '--lineage', other]);
    expect([code, existsSync(other)]).toEqual([2, false]);
    expect(stderr).toMatch(/--env.*cannot be used with.*--lineage/);
  });
});
