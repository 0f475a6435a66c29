import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { clausesOf, isOfRows } from '../../lib/quality/clause.ts';
import { findJava, jars } from '../../lib/tools/index.ts';
import { ourPlan } from '../support/run-lake.ts';
import { asked } from './asked.ts';
import { BrokenLake, type Expected } from './broken-lake.ts';

const broken = new BrokenLake();
const at = (...path: readonly string[]) => join(broken.folder, ...path);
const { tables } = ourPlan();
let ours: Map<string, Expected>;

const clauses = tables.flatMap((table) =>
  clausesOf(table).map((clause) => ({ ...clause, table: table.name, id: `${table.name}: ${clause.name}` })),
);

beforeAll(async () => {
  await broken.make();
  ours = await broken.expected();
  for (const to of ['odcs', 'great-expectations', 'dqdl'])
    await broken.cli('contract', 'export', '--to', to, '--out', at(to), '--lake', broken.lake);
}, 600_000);

it('the lake breaks clauses of every kind, and keeps others', () => {
  const kinds = new Set(clauses.filter(({ id }) => ours.get(id)?.broken).map(({ statement }) => statement.kind));
  expect([...kinds].sort()).toEqual(
    [
      'between',
      'capitals',
      'email',
      'fresh_within',
      'identity',
      'one_of',
      'refers_to',
      'row_count',
      'unique',
      'unless',
    ].sort(),
  );
  expect([...ours.values()].filter((each) => !each.broken).length).toBeGreaterThan(200);
});

describe('Great Expectations', () => {
  type Verdicts = Record<string, Record<string, { success: boolean; found: string; raised: string[] }>>;
  let verdicts: Verdicts;

  beforeAll(async () => {
    await broken.cli(
      'export',
      ...tables.map(({ name }) => name),
      '--out',
      at('tables'),
      '--partition',
      'none',
      '--lake',
      broken.lake,
    );
    verdicts = await asked<Verdicts>(
      broken.folder,
      'expectations.py',
      at('great-expectations'),
      at('tables'),
      broken.today,
    );
  }, 600_000);

  const judged = clauses.filter(
    ({ statement }) =>
      statement.kind !== 'of_the_load' && !(statement.kind === 'fresh_within' && statement.column === null),
  );

  it('raises nothing, and judges every clause but how files and keys arrived', () => {
    const found = Object.entries(verdicts).flatMap(([table, each]) =>
      Object.keys(each).map((name) => `${table}: ${name}`),
    );
    expect(found.sort()).toEqual(judged.map(({ id }) => id).sort());
    expect(Object.values(verdicts).flatMap((each) => Object.values(each).flatMap(({ raised }) => raised))).toEqual([]);
  });

  it('says of each clause what we say', () => {
    const theirs = judged.map(({ id, table, name }) => [id, verdicts[table]?.[name]?.success === false]);
    expect(theirs).toEqual(judged.map(({ id }) => [id, ours.get(id)?.broken]));
  });

  it('counts the rows at fault that we count', () => {
    const ofRows = judged.filter(({ statement }) => isOfRows(statement));
    const theirs = ofRows.map(({ id, table, name }) => [id, Number(verdicts[table]?.[name]?.found)]);
    expect(theirs).toEqual(ofRows.map(({ id }) => [id, ours.get(id)?.failed]));
  });
});

describe('datacontract-cli', () => {
  interface Check {
    readonly type: string;
    readonly field: string | null;
    readonly name: string;
    readonly result: string;
    readonly found: number | null;
  }
  let contracts: Record<string, { lint: string; checks: Check[] }>;

  beforeAll(async () => {
    contracts = await asked(broken.folder, 'open_data_contracts.py', at('odcs'));
  }, 600_000);

  /** The check that a clause became. */
  const checkOf = ({ table, name, says, statement }: (typeof clauses)[number]): Check | undefined =>
    contracts[table]?.checks.find((check) => {
      if (statement.kind === 'present') return check.type.endsWith('_required') && check.field === statement.column;
      if (statement.kind === 'fresh_within')
        return check.type === 'servicelevel_freshness' && check.field === statement.column;
      if (statement.kind === 'row_count') return check.type === 'row_count';
      if (name === `unique(${tables.find((each) => each.name === table)?.grain.join(', ')})`)
        return check.type.endsWith('primary_key_unique');
      return check.type === 'model_quality_sql' && check.name === says;
    });

  const judged = clauses.filter(
    ({ statement }) =>
      statement.kind !== 'of_the_load' && !(statement.kind === 'fresh_within' && statement.column === null),
  );

  it('finds every contract to be an Open Data Contract', () => {
    expect(Object.fromEntries(tables.map(({ name }) => [name, contracts[name]?.lint]))).toEqual(
      Object.fromEntries(tables.map(({ name }) => [name, 'passed'])),
    );
  });

  it('finds every column there, of its type', () => {
    const types = /^field_(is_present|type|physical_type)$/;
    const checks = Object.values(contracts).flatMap(({ checks }) => checks.filter(({ type }) => types.test(type)));
    expect(checks.length).toBe(2 * tables.flatMap(({ columns }) => columns).length);
    expect(checks.filter(({ result }) => result !== 'passed')).toEqual([]);
  });

  it('says of each clause what we say, as gravely', () => {
    const word = (expected: Expected | undefined, kind: string) => {
      if (!expected?.broken) return 'passed';
      // A service level has no severity in the standard.
      return expected.warns && kind !== 'fresh_within' ? 'warning' : 'failed';
    };
    const theirs = judged.map((clause) => [clause.id, checkOf(clause)?.result]);
    expect(theirs).toEqual(judged.map(({ id, statement }) => [id, word(ours.get(id), statement.kind)]));
  });

  it('counts the rows at fault that we count', () => {
    const counted = judged.filter(({ statement }) => isOfRows(statement) || statement.kind === 'unique');
    const theirs = counted.map((clause) => [clause.id, checkOf(clause)?.found]);
    expect(theirs).toEqual(counted.map(({ id }) => [id, ours.get(id)?.failed]));
  });
});

describe('the parser of Glue Data Quality', () => {
  type Parsed = Record<string, { rules?: string[]; refused?: string }>;
  const parse = async (folder: string): Promise<Parsed> =>
    asked<Parsed>(broken.folder, 'rulesets.py', folder, await findJava(), (await jars('dqdl')).join(':'));

  it('reads a rule per clause in every ruleset', async () => {
    const parsed = await parse(at('dqdl'));
    const rules = Object.fromEntries(
      Object.entries(parsed).map(([table, each]) => [table, each.rules?.length ?? each]),
    );
    const stated = ({ name }: { name: string }) =>
      clauses.filter(
        ({ table, statement }) =>
          table === name &&
          statement.kind !== 'of_the_load' &&
          !(statement.kind === 'fresh_within' && statement.column === null),
      ).length;
    expect(rules).toEqual(Object.fromEntries(tables.map((table) => [table.name, stated(table)])));
    expect(parsed['base.void']?.rules?.slice(0, 4)).toEqual([
      'IsComplete id',
      'IsComplete timestamp',
      'IsComplete amount',
      'IsPrimaryKey id',
    ]);
  });

  it('refuses what is no ruleset', async () => {
    mkdirSync(at('wrong'), { recursive: true });
    const right = readFileSync(at('dqdl', 'base.void.dqdl'), 'utf8');
    writeFileSync(at('wrong', 'base.void.dqdl'), right.replace('IsComplete "id",', 'IsComplete "id'));
    expect((await parse(at('wrong')))['base.void']?.refused).toMatch(/Parsing Error/);
  });
});
