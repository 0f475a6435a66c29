import { randomUUID } from 'node:crypto';
import { fillMarkers, type TablePlan } from '../plan/index.ts';
import { inputsOf, judgedDataset, type LineageContext, outputOf } from './lineage-datasets.ts';
import { type Facets, facet, type LineageDataset, type LineageEvent, lineageEvent } from './open-lineage.ts';
import type { RunResult, TableResult } from './result.ts';

const NAMESPACE = 'commerce-lakehouse';

/** When something was at work. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** What is told of a run as such. */
type RunFacts = Pick<RunResult, 'run_id' | 'as_of'>;

const jobOf = (name: string, jobType: string, facets: Facets = {}) => ({
  namespace: NAMESPACE,
  name,
  facets: {
    jobType: facet('JobTypeJobFacet', { processingType: 'BATCH', integration: 'COMMERCE_LAKEHOUSE', jobType }),
    ...facets,
  },
});

const whole = ({ run_id, as_of }: RunFacts, facets: Facets = {}) => ({
  run: {
    runId: run_id,
    facets: { nominalTime: facet('NominalTimeRunFacet', { nominalStartTime: `${as_of}T00:00:00Z` }), ...facets },
  },
  job: jobOf('run', 'PIPELINE'),
  inputs: [],
  outputs: [],
});

/** The start of a run. */
export const startEvent = (run: RunFacts, eventTime: string): LineageEvent =>
  lineageEvent({ eventTime, eventType: 'START', ...whole(run) });

/** The end of a run. */
export function endEvent(result: RunResult, eventTime: string): LineageEvent {
  if (result.status !== 'failed') return lineageEvent({ eventTime, eventType: 'COMPLETE', ...whole(result) });
  const message = { message: result.error ?? 'the run failed', programmingLanguage: 'TypeScript' };
  const facets = { errorMessage: facet('ErrorMessageRunFacet', message) };
  return lineageEvent({ eventTime, eventType: 'FAIL', ...whole(result, facets) });
}

/**
 * What a published run did: for each table that it loaded or built a job of the table's name, and for each table whose
 * checks were measured a job that judges it; all of them parts of the run. A held table's job failed.
 */
export function tableEvents(
  context: LineageContext,
  result: RunResult,
  spans: ReadonlyMap<string, Span>,
): LineageEvent[] {
  return context.plan.tables.flatMap((table) => {
    const done = result.tables.find(({ name }) => name === table.name);
    const span = spans.get(table.name);
    if (!done || !span) return [];
    return [...made(context, result, table, done, span), ...judged(context, result, table, span)];
  });
}

function made(context: LineageContext, result: RunResult, table: TablePlan, done: TableResult, span: Span) {
  const select = table.making.kind === 'select' ? authorsText(table.making.select.athena) : null;
  const sql = select === null ? {} : { sql: facet('SQLJobFacet', { query: select, dialect: 'trino' }) };
  const because = result.held?.find(({ table: name }) => name === table.name)?.because;
  return part(result, jobOf(table.name, select === null ? 'LOAD' : 'QUERY', sql), span, {
    inputs: inputsOf(context, table, result),
    outputs: because === undefined ? [outputOf(context, table, done)] : [],
    because,
  });
}

function judged(context: LineageContext, result: RunResult, table: TablePlan, span: Span): LineageEvent[] {
  const checks = result.checks.filter((check) => check.table === table.name);
  if (checks.length === 0) return [];
  const inputs = [judgedDataset(context, table, checks)];
  return part(result, jobOf(`${table.name} checks`, 'TEST'), span, { inputs, outputs: [], because: undefined });
}

interface Part {
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
  readonly because: string | undefined;
}

/** Start and end of a part of a run. */
function part(
  result: RunResult,
  job: LineageEvent['job'],
  span: Span,
  { inputs, outputs, because }: Part,
): LineageEvent[] {
  const runId = randomUUID();
  const parent = facet('ParentRunFacet', {
    run: { runId: result.run_id },
    job: { namespace: NAMESPACE, name: 'run' },
  });
  const message = { message: because, programmingLanguage: 'SQL' };
  const error = because === undefined ? {} : { errorMessage: facet('ErrorMessageRunFacet', message) };
  return [
    lineageEvent({
      eventTime: span.from,
      eventType: 'START',
      run: { runId, facets: { parent } },
      job,
      inputs,
      outputs,
    }),
    lineageEvent({
      eventTime: span.to,
      eventType: because === undefined ? 'COMPLETE' : 'FAIL',
      run: { runId, facets: { parent, ...error } },
      ...{ job, inputs, outputs },
    }),
  ];
}

/** A select with its tables and its parameter by name again. */
export const authorsText = (template: string): string =>
  fillMarkers(template, (name) => (name === 'as_of' ? ':as_of' : name));
