import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ACCESS_ROLES } from '../../lib/aws/access-roles.ts';
import { PROBES } from '../../lib/parity/probes/index.ts';
import { questionsOf } from '../../lib/parity/questions.ts';
import { bind } from '../../lib/plan/index.ts';
import { render } from '../../lib/plan/sql/index.ts';
import { warehouseSteps } from '../../lib/plan/warehouse.ts';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { ourPlan } from '../support/run-lake.ts';

const GRAMMAR = fileURLToPath(new URL('redshift_grammar.py', import.meta.url));

type Verdict = { readonly kind: string } | { readonly error: string };

/** What sqlglot's grammar of Redshift makes of statements. */
async function parsed(statements: readonly string[]): Promise<Verdict[]> {
  const { python } = await pythonEnvironment('sql');
  const answer = execFileSync(python, [GRAMMAR], { input: JSON.stringify(statements), maxBuffer: 2 ** 26 });
  return JSON.parse(answer.toString()) as Verdict[];
}

const bound = (sql: string): string =>
  bind(sql, { table: (name) => `lake_${name.replace('.', '."')}"`, asOf: '2026-05-31' });
const faults = (statements: readonly string[], verdicts: readonly Verdict[]) =>
  verdicts.flatMap((verdict, at) => ('error' in verdict ? [{ sql: statements[at], error: verdict.error }] : []));

it('reads every select, check, question and probe that is rendered for Redshift', async () => {
  const plan = ourPlan();
  const selects = [
    ...questionsOf(plan).map(({ sql }) => bound(sql.redshift)),
    ...PROBES.map(({ sql }) => bound(render(sql, 'redshift'))),
  ];
  const verdicts = await parsed(selects);
  expect(faults(selects, verdicts)).toEqual([]);
  expect(new Set(verdicts.map((verdict) => 'kind' in verdict && verdict.kind))).toEqual(
    new Set(['select', 'union', 'except', 'intersect']),
  );
});

it('reads every statement of the warehouse, but for those on roles and on the catalog that it does not know', async () => {
  const steps = warehouseSteps(ourPlan(), {
    database: (layer) => `dev_${layer}`,
    lakeRole: 'arn:aws:iam::111111111111:role/spectrum',
    roles: ACCESS_ROLES,
  });
  const statements = steps.flatMap((step) => step.statements);
  const verdicts = await parsed(statements);
  expect(faults(statements, verdicts)).toEqual([]);
  const unknown = statements.filter((_, at) => (verdicts[at] as { kind: string }).kind === 'command');
  expect(unknown.filter((sql) => !/^create (role|external schema)\b/.test(sql))).toEqual([]);
  expect(unknown.length).toBeGreaterThan(0);
});

it('refuses what is no SQL of Redshift', async () => {
  const wrong = ['select from where', 'select a b c from t', 'select (a from t'];
  expect(faults(wrong, await parsed(wrong))).toHaveLength(wrong.length);
});
