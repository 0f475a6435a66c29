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

/** What a grammar makes of a statement. */
type Verdict = { readonly kind: string } | { readonly error: string };
/** Two grammars of Redshift, by hands that know nothing of each other. */
type Verdicts = Readonly<Record<'sqlglot' | 'sqlfluff', Verdict>>;

async function parsed(statements: readonly string[]): Promise<Verdicts[]> {
  const { python } = await pythonEnvironment('sql');
  const answer = execFileSync(python, [GRAMMAR], { input: JSON.stringify(statements), maxBuffer: 2 ** 26 });
  return JSON.parse(answer.toString()) as Verdicts[];
}

const bound = (sql: string): string =>
  bind(sql, { table: (name) => `lake_${name.replace('.', '."')}"`, asOf: '2026-05-31' });
const faults = (statements: readonly string[], verdicts: readonly Verdicts[]) =>
  verdicts.flatMap((verdict, at) =>
    Object.entries(verdict).flatMap(([grammar, each]) =>
      'error' in each ? [{ sql: statements[at], grammar, error: each.error }] : [],
    ),
  );
const kinds = (verdicts: readonly Verdicts[], grammar: keyof Verdicts) =>
  new Set(verdicts.map(({ [grammar]: verdict }) => ('kind' in verdict ? verdict.kind : verdict.error)));

it('reads every select, check, question and probe that is rendered for Redshift', async () => {
  const plan = ourPlan();
  const selects = [
    ...questionsOf(plan).map(({ sql }) => bound(sql.redshift)),
    ...PROBES.map(({ sql }) => bound(render(sql, 'redshift'))),
  ];
  const verdicts = await parsed(selects);
  expect(faults(selects, verdicts)).toEqual([]);
  expect(kinds(verdicts, 'sqlglot')).toEqual(new Set(['select', 'union', 'except', 'intersect']));
  expect(kinds(verdicts, 'sqlfluff')).toEqual(
    new Set(['select_statement', 'with_compound_statement', 'set_expression']),
  );
});

it('reads every statement of the warehouse; those on roles and on the catalog by one grammar alone', async () => {
  const steps = warehouseSteps(ourPlan(), {
    database: (layer) => `dev_${layer}`,
    lakeRole: 'arn:aws:iam::111111111111:role/spectrum',
    roles: ACCESS_ROLES,
  });
  const statements = steps.flatMap((step) => step.statements);
  const verdicts = await parsed(statements);
  expect(faults(statements, verdicts)).toEqual([]);
  // sqlglot takes what it does not know as a command, unread.
  const unread = verdicts.filter(({ sqlglot }) => 'kind' in sqlglot && sqlglot.kind === 'command');
  expect(kinds(unread, 'sqlfluff')).toEqual(new Set(['create_role_statement', 'create_external_schema_statement']));
});

it('refuses what is no SQL of Redshift', async () => {
  const wrong = ['select from where', 'select a b c from t', 'select (a from t'];
  const verdicts = await parsed(wrong);
  expect(faults(wrong, verdicts)).toHaveLength(wrong.length * 2);
});
