import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ColumnType } from '../../lib/contract/index.ts';
import type { ParityTable } from '../../lib/parity/engine.ts';
import type { Question } from '../../lib/parity/questions.ts';
import type { Load, Plan, TablePlan } from '../../lib/plan/index.ts';
import { tempFolder } from '../support/run-lake.ts';
import { type DrawnTable, drawnRows, tablesOfRows } from './drawn-tables.ts';
import { nasty, nastyText } from './nasty-values.ts';
import type { Rows } from './same-on-rows.ts';

const text: ColumnType = { kind: 'text' };
const integer: ColumnType = { kind: 'integer' };

const loaded = (plan: Plan) =>
  plan.tables.flatMap((table) => (table.making.kind === 'load' ? [{ ...table, making: table.making }] : []));
type Loaded = TablePlan & { readonly making: Load };

const bare = (name: string): string => name.replace('.', '_');
const recordsOf = ({ name }: Loaded): string => `records.${bare(name)}`;
const claimsOf = ({ name }: Loaded): string => `claims.${bare(name)}`;

type Dialect = 'duckdb' | 'spark';

/** What both engines that load ask of records: how text becomes typed rows with faults, and who wins a key. */
export const loadQuestions = (plan: Plan): Question[] =>
  loaded(plan).flatMap((table) => {
    const { conform, claims } = table.making;
    const asked = (what: string, make: (dialect: Dialect) => string, key: readonly string[] = []): Question => ({
      name: `${table.name} ${what}`,
      sql: { duckdb: make('duckdb'), spark: make('spark') },
      key,
      ordered: false,
    });
    const conforms = asked(
      'conform',
      (dialect) => conform[dialect].replace('{{records}}', `{{${recordsOf(table)}}}`).replace('{{file}}', '_raw_file'),
      ['_at'],
    );
    if (claims === null) return [conforms];
    const rank = (dialect: Dialect) => claims[dialect].rank.replace('{{claims}}', `{{${claimsOf(table)}}}`);
    return [
      conforms,
      asked('claims rank', rank),
      ...(['tally', 'discarded'] as const).map((of) =>
        asked(`claims ${of}`, (dialect) => claims[dialect][of].replace('{{ranked}}', () => `(${rank(dialect)})`)),
      ),
    ];
  });

/** Records as text for every table that is loaded, and typed claims on few keys. */
const drawn = (plan: Plan): DrawnTable[] =>
  loaded(plan).flatMap((table): DrawnTable[] => [
    records(table),
    ...(table.making.claims === null ? [] : [claims(table)]),
  ]);

/** Rows for all of them. */
export const nastyLoads = (plan: Plan): fc.Arbitrary<Rows> => drawnRows(drawn(plan));

/** The tables that such rows make, of those that are wanted. */
export const loadTables = (plan: Plan, rows: Rows, wanted: (name: string) => boolean): Promise<ParityTable[]> =>
  tablesOfRows(drawn(plan), rows, mkdtempSync(join(tempFolder(), 'loads-')), wanted);

/** Records as the splitter hands them on; a place among them is their number. */
function records(table: Loaded): DrawnTable {
  const { columns, making } = table;
  const told = columns.map(({ name }) => `${name}:type`);
  return {
    name: recordsOf(table),
    columns: [
      ...columns.map(({ name, type }) => {
        const listed = making.rules.flatMap((rule) =>
          rule.kind === 'one_of' && rule.column === name ? rule.values : [],
        );
        const written = nastyText(type);
        const value = listed.length === 0 ? written : fc.oneof(fc.constantFrom(...listed), written);
        return { name: `raw_${name}`, type: text, values: fc.option(value, { freq: 6 }) };
      }),
      {
        name: '_fault',
        type: text,
        values: fc.option(fc.constantFrom(...told, `${told[0]},${told.at(-1)}`), { freq: 2 }),
      },
      { name: '_raw_file', type: integer, values: fc.constantFrom('0', '1') },
      { name: '_at', type: integer, values: fc.nat(99_999).map(String) },
    ],
    unique: ['_at'],
  };
}

function claims(table: Loaded): DrawnTable {
  const few = table.columns.map((column) =>
    table.grain.includes(column.name) ? fc.sample(nasty(column.type), { numRuns: 4, seed: 1 }) : [],
  );
  return {
    name: claimsOf(table),
    columns: [
      ...table.columns.map(({ name, type, nullable }, at) => {
        const value = few[at]?.length ? fc.constantFrom(...(few[at] ?? [])) : nasty(type);
        return { name, type, values: nullable ? fc.option(value, { freq: 4 }) : value };
      }),
      {
        name: '_raw_file',
        type: text,
        values: fc.constantFrom('a.csv', 'd/default-a.csv', 'default-/b.csv', '\u{ff21}.csv', '\u{1f600}.csv'),
      },
      { name: '_record', type: integer, values: fc.integer({ min: 1, max: 9 }).map(String) },
      { name: '_known_from', type: { kind: 'instant' }, values: nasty({ kind: 'instant' }) },
      { name: '_stored', type: { kind: 'boolean' }, values: nasty({ kind: 'boolean' }) },
    ],
    unique: ['_raw_file', '_record'],
  };
}
